"""The outcome on a terminal."""

from collections.abc import Sequence

from rich import box
from rich.table import Table

from eval import answers, evidence
from eval.answers import AnswerFigures
from eval.beir import Scores
from eval.claims import ClaimFigures
from eval.compare import Change, Comparison, p_value
from eval.figures import Figures
from eval.measures import NAMES
from eval.outcome import Outcome
from eval.runs import Asked
from eval.sampling import Interval
from service.cli.console import stdout

_SHOWN = 3  # passages under a question
_LONGEST = 150  # characters of a passage
_MOST = 8  # questions of a comparison; the report has them all


def show(outcome: Outcome) -> None:
    """One row a system, then one row a type for the foremost system, then the comparison."""
    console = stdout()
    if outcome.answerable:
        console.print(_systems(outcome))
    console.print(_types(outcome.primary))
    if outcome.comparison:
        _show_comparison(outcome.comparison)


def show_collection(name: str, scores: Sequence[Scores]) -> None:
    """One row a ranking on a collection in BEIR's layout."""
    table = plain_table(name, "ranking", "nDCG@10", "R@100", "p50 ms")
    for one in scores:
        table.add_row(one.ranking, f"{one.ndcg_at_10:.3f}", f"{one.recall_at_100:.3f}", f"{one.p50:.1f}")
    stdout().print(table)


def show_claims(splits: Sequence[ClaimFigures]) -> None:
    """One row a kind of claim: the share judged rightly in each split, with its interval; AUROC last."""
    columns = [f"{figures.split}: {figures.counts.get('all', 0)} pairs" for figures in splits]
    table = plain_table("claims judged rightly", "kind", *columns)
    for kind in splits[0].accuracy:
        shares = (figures.accuracy.get(kind) for figures in splits)
        table.add_row(kind, *(f"{_percent(share)}  {_bounds(share)}" if share else "" for share in shares))
    table.add_section()
    aurocs = (figures.auroc for figures in splits)
    table.add_row("AUROC", *(f"{one.value:.3f}  {_bounds(one)}" if one else "" for one in aurocs))
    stdout().print(table)


def show_answers(figures: AnswerFigures, split: str) -> None:
    """One row a type of question: shares, and mean lengths."""
    table = plain_table(f"extractive answers, split {split}", "type", "questions", *answers.NAMES.values())
    for name, part in figures.parts.items():
        values = (_measured(key, part.get(key)) for key in answers.NAMES)
        table.add_row(name, str(figures.counts[name]), *values)
    stdout().print(table)


def _measured(name: str, interval: Interval | None) -> str:
    if interval and name in answers.LENGTHS:
        return f"{interval.value:.1f}"
    return _percent(interval)


def plain_table(title: str, *columns: str) -> Table:
    """A table without rows: the first column to the left, the others, which hold figures, to the right."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _systems(outcome: Outcome) -> Table:
    title = f"{outcome.answerable} answerable questions of {outcome.questions.total()}, split {outcome.split}"
    table = plain_table(title, "system", *NAMES.values(), "words", "AUROC", "p50 ms", "p95 ms")
    for one in outcome.figures:
        measured = one.parts["all"].measures
        auroc = one.abstention.auroc.get("all")
        table.add_row(
            one.name,
            *(f"{measured[name].value:.3f}" for name in NAMES),
            f"{one.words:.0f}",
            f"{auroc.value:.3f}" if auroc else "",
            f"{one.latency.p50:.1f}",
            f"{one.latency.p95:.1f}",
            style="bold" if one is outcome.primary else "",
        )
    return table


def _types(primary: Figures) -> Table:
    table = plain_table(
        f"{primary.name} by type", "type", "questions", *NAMES.values(), "R@5 95 %", "refused", "AUROC"
    )
    for name, part in primary.parts.items():
        values = [f"{part.measures[key].value:.3f}" for key in NAMES]
        refused = primary.abstention.refused.get("answerable") if name == "all" else None
        table.add_row(
            name, str(part.questions), *values, _bounds(part.measures["recall@5"]), _percent(refused), ""
        )
        if name == "test":
            table.add_section()
    table.add_section()
    for name, count in primary.unanswerable.items():
        auroc = primary.abstention.auroc.get(name)
        refused = primary.abstention.refused.get(name)
        blank = ("",) * (len(NAMES) + 1)
        table.add_row(name, str(count), *blank, _percent(refused), f"{auroc.value:.3f}" if auroc else "")
    return table


def _bounds(interval: Interval) -> str:
    return f"{interval.low:.2f}–{interval.high:.2f}"


def _percent(interval: Interval | None) -> str:
    return f"{interval.value:.1%}" if interval else ""


def _show_comparison(comparison: Comparison) -> None:
    table = plain_table(
        f"{comparison.second} against {comparison.first}",
        "measure",
        comparison.first,
        comparison.second,
        "difference",
        "p",
    )
    for one in comparison.differences:
        table.add_row(
            one.measure,
            f"{one.first:.3f}",
            f"{one.second:.3f}",
            f"{one.second - one.first:+.3f}",
            p_value(one.p),
        )
    stdout().print(table)
    for label, changes in (("wins", comparison.wins), ("losses", comparison.losses)):
        stdout().print(f"{label} of {comparison.second} in recall@5: {len(changes)}\n", style="bold")
        for change in changes[:_MOST]:
            _show_change(change, comparison)
        if len(changes) > _MOST:
            stdout().print(f"… and {len(changes) - _MOST} more in the report\n")


def _show_change(change: Change, comparison: Comparison) -> None:
    console = stdout()
    question = change.first.question
    console.print(f"{change.gain:+.2f}  {question.id}: {question.question}", style="cyan")
    for group in question.evidence:
        console.print(f"      evidence ({group[0].document}): {_short(group[0].quote)}", style="dim")
    for name, asked in ((comparison.first, change.first), (comparison.second, change.second)):
        ranks = ", ".join("–" if rank is None else str(rank) for rank in asked.ranks)
        console.print(f"   {name} (evidence at {ranks})")
        _show_passages(asked)
    console.print()


def _show_passages(asked: Asked) -> None:
    for rank, passage in enumerate(asked.answer.passages[:_SHOWN], start=1):
        mark = "+" if evidence.groups_in(asked.groups, passage) else " "
        stdout().print(f"    {mark}{rank}. {passage.document}: {_short(passage.text)}")


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _LONGEST else folded[:_LONGEST].rstrip() + " …"
