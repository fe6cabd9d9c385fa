"""The files that keep an outcome: results.json, TREC's run and qrels files, report.html."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval import runs
from eval.beir import Scores
from eval.compare import Comparison
from eval.figures import as_json
from eval.outcome import Outcome
from eval.report.page import page


def write(folder: Path, outcome: Outcome) -> None:
    """Write all of them into `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(_outcome_json(outcome), ensure_ascii=False, indent=1)
    (folder / "results.json").write_text(content + "\n", encoding="utf-8")
    (folder / "report.html").write_text(page(outcome), encoding="utf-8")
    runs.write_trec(folder, [one.run for one in outcome.figures])


def write_collection(folder: Path, name: str, scores: Sequence[Scores]) -> Path:
    """Write the scores on a collection in BEIR's layout into `folder`, which is made; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"beir-{name}.json"
    content = {one.ranking: asdict(one) for one in scores}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "created": outcome.created,
        "measured": outcome.measured,
        "split": outcome.split,
        "questions": dict(outcome.questions),
        "systems": {one.name: as_json(one) for one in outcome.figures},
        "comparison": _comparison_json(outcome.comparison) if outcome.comparison else None,
    }


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "first": comparison.first,
        "second": comparison.second,
        "differences": {
            one.measure: {"first": one.first, "second": one.second, "p": one.p}
            for one in comparison.differences
        },
        "wins": {change.first.question.id: change.gain for change in comparison.wins},
        "losses": {change.first.question.id: change.gain for change in comparison.losses},
    }
