"""The figures of a run: what the tables, the report and `results.json` show."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from eval import measures, sampling
from eval.abstention import Abstention, abstention
from eval.measures import Float64
from eval.questions import ANSWERABLE, UNANSWERABLE
from eval.runs import Asked, Run
from eval.sampling import Interval

# The curve of recall by depth goes as far as anybody reads.
CURVE_DEPTH = 10
_WORDS_OF = 5


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the answerable questions: all, those of a split, or those of a type.

    measures: by name (`eval.measures.NAMES`).
    """

    questions: int
    measures: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a question."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known about a system.

    values: each measure's value for each of the n answerable questions, (n,) float64.
    parts: "all", "dev", "test", then the types; those without a question are left out.
    unanswerable: the number of questions by type.
    curve: recall at 1, 2, …, 10.
    words: in the top five passages, on average.
    """

    run: Run
    values: Mapping[str, Float64]
    parts: Mapping[str, Part]
    unanswerable: Mapping[str, int]
    curve: tuple[float, ...]
    words: float
    abstention: Abstention
    latency: Latency

    @property
    def name(self) -> str:
        """The system's."""
        return self.run.system

    def value(self, name: str) -> float:
        """A figure by its name in the file of floors: a measure over all questions, or "refused.TYPE".

        Raises KeyError if this run has no such figure.
        """
        kind, _, part = name.partition(".")
        if kind == "refused":
            return self.abstention.refused[part].value
        if kind == "auroc":
            return self.abstention.auroc[part].value
        return self.parts["all"].measures[name].value


def figures(run: Run) -> Figures:
    """Measure a run."""
    asked = run.answerable
    values = measures.per_question(asked)
    types = [one.question.type for one in run.asked]
    milliseconds = [one.milliseconds for one in run.asked]
    return Figures(
        run=run,
        values=values,
        parts=_parts(asked, values),
        unanswerable={name: types.count(name) for name in UNANSWERABLE if name in types},
        curve=tuple(
            float(np.mean([measures.recall(one.ranks, k) for one in asked] or [0]))
            for k in range(1, CURVE_DEPTH + 1)
        ),
        words=measures.words_in(asked, _WORDS_OF),
        abstention=abstention(run.asked),
        latency=Latency(*(float(np.percentile(milliseconds, share)) for share in (50, 95))),
    )


def _parts(asked: Sequence[Asked], values: Mapping[str, Float64]) -> dict[str, Part]:
    chosen = {
        "all": [True for _ in asked],
        **{split: [one.question.split == split for one in asked] for split in ("dev", "test")},
        **{name: [one.question.type == name for one in asked] for name in ANSWERABLE},
    }
    return {
        name: Part(sum(mask), {key: sampling.mean_interval(column[mask]) for key, column in values.items()})
        for name, mask in chosen.items()
        if any(mask)
    }


def as_json(one: Figures) -> dict[str, Any]:
    """What `results.json` says of a system, down to each question."""
    return {
        "about": one.run.about,
        "parts": {name: _part_json(part) for name, part in one.parts.items()},
        "recall_at_1_to_10": [round(value, 4) for value in one.curve],
        "words_in_top_5": round(one.words, 1),
        "auroc": {name: _interval_json(interval) for name, interval in one.abstention.auroc.items()},
        "refused": {name: _interval_json(interval) for name, interval in one.abstention.refused.items()},
        "area_under_risk_coverage": round(one.abstention.risk_coverage.area, 4),
        "latency_ms": {name: round(value, 2) for name, value in asdict(one.latency).items()},
        "questions": {asked.question.id: _asked_json(asked) for asked in one.run.asked},
    }


def _part_json(part: Part) -> dict[str, Any]:
    found = {name: _interval_json(interval) for name, interval in part.measures.items()}
    return {"questions": part.questions, "measures": found}


def _interval_json(interval: Interval) -> list[float]:
    """[value, low, high]"""
    return [round(bound, 4) for bound in (interval.value, interval.low, interval.high)]


def _asked_json(asked: Asked) -> dict[str, Any]:
    return {
        "ranks": asked.ranks,
        "confidence": round(asked.answer.confidence, 4),
        "refused": asked.answer.refused,
        "milliseconds": round(asked.milliseconds, 2),
        "passages": [passage.id for passage in asked.answer.passages[:CURVE_DEPTH]],
    }
