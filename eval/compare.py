"""Two systems question by question: is the difference real, and where is it won and lost?"""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.figures import Figures
from eval.measures import Float64
from eval.runs import Asked
from eval.sampling import randomisation_test

MEASURES = ("recall@5", "ndcg@10")


@dataclass(frozen=True, slots=True)
class Difference:
    """Of a measure's means, second less first; p is that of the paired randomisation test, two-sided."""

    measure: str
    first: float
    second: float
    p: float


@dataclass(frozen=True, slots=True)
class Change:
    """A question on which the two differ in recall@5; gain is second less first."""

    first: Asked
    second: Asked
    gain: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second system against the first.

    wins, losses: of the second, the largest first.
    """

    first: str
    second: str
    differences: tuple[Difference, ...]
    wins: tuple[Change, ...]
    losses: tuple[Change, ...]


def compare(first: Figures, second: Figures) -> Comparison:
    """Compare two systems that were asked the same questions in the same order."""
    changes = _changes(first, second)
    return Comparison(
        first.name,
        second.name,
        tuple(difference(name, first, second) for name in MEASURES),
        tuple(sorted((c for c in changes if c.gain > 0), key=lambda c: -c.gain)),
        tuple(sorted((c for c in changes if c.gain < 0), key=lambda c: c.gain)),
    )


def difference(measure: str, first: Figures, second: Figures) -> Difference:
    """One measure's difference over all answerable questions."""
    before, after = first.values[measure], second.values[measure]
    return Difference(measure, _mean(before), _mean(after), randomisation_test(before, after))


def p_value(p: float) -> str:
    """As it is written: no more digits than the test has."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _mean(values: Float64) -> float:
    return float(values.mean()) if len(values) else 0.0


def _changes(first: Figures, second: Figures) -> Sequence[Change]:
    gains = second.values["recall@5"] - first.values["recall@5"]
    pairs = zip(first.run.answerable, second.run.answerable, gains, strict=True)
    return [Change(before, after, float(gain)) for before, after, gain in pairs if gain]
