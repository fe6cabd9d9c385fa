"""Whether a system knows when it does not know: its confidence, its refusals, and what it risks.

Confidence is compared within one system only. All arrays hold one value a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval import sampling
from eval.measures import recall
from eval.questions import UNANSWERABLE
from eval.runs import Asked
from eval.sampling import Interval

Float64 = NDArray[np.float64]

# An answer is composed from the top five.
ANSWERED_FROM = 5


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """What is risked when only the surest questions are answered (El-Yaniv & Wiener 2010).

    coverage: (m,) the share of all questions that is answered, rising to 1.
    risk: (m,) the mean loss among those; a question's loss is what the top five lack of its evidence, 0 to 1,
        and 1 for a question that the documents do not answer.
    area: under the curve, the lower the better.
    chosen: coverage and risk where the system itself draws the line; None if it never refuses.
    """

    coverage: Float64
    risk: Float64
    area: float
    chosen: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Abstention:
    """How well confidence tells what can be answered from what cannot.

    auroc: by unanswerable type, and "all" for all of them together; 0.5 is no better than chance.
    refused: the share that was refused by type, and "answerable" for all that should not have been; empty for
        a system that never refuses.
    """

    auroc: dict[str, Interval]
    refused: dict[str, Interval]
    risk_coverage: RiskCoverage


def abstention(asked: Sequence[Asked]) -> Abstention:
    """All of it for one run."""
    return Abstention(_aurocs(asked), _refusals(asked), risk_coverage(asked))


def auroc(answerable: Float64, unanswerable: Float64) -> Interval:
    """How likely an answerable question has the higher confidence (Mann & Whitney 1947); a tie is a half."""
    differences = answerable[:, None] - unanswerable[None, :]
    return sampling.pairs_interval((np.sign(differences) + 1) / 2)


def risk_coverage(asked: Sequence[Asked]) -> RiskCoverage:
    """The curve for all questions; those of equal confidence are answered together."""
    losses = np.array([_loss(one) for one in asked])
    confidence = np.array([one.answer.confidence for one in asked])
    order = np.argsort(-confidence, kind="stable")
    is_last = np.append(np.diff(confidence[order]) != 0, True)
    counts = np.arange(1, len(order) + 1)
    coverage, risk = counts / len(order), np.cumsum(losses[order]) / counts
    answered = np.array([not one.answer.refused for one in asked])
    chosen = None
    if all(one.answer.refused is not None for one in asked):
        chosen = (float(answered.mean()), float(losses[answered].mean()) if answered.any() else 0.0)
    steps = np.diff(coverage[is_last], prepend=0.0)
    area = float((risk[is_last] * steps).sum())
    return RiskCoverage(coverage[is_last], risk[is_last], area, chosen)


def _loss(one: Asked) -> float:
    return 1 - recall(one.ranks, ANSWERED_FROM) if one.question.answerable else 1.0


def _confidence(asked: Sequence[Asked]) -> Float64:
    return np.array([one.answer.confidence for one in asked])


def _by_type(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    """The questions that cannot be answered, by type; types without any are left out."""
    found = {name: [one for one in asked if one.question.type == name] for name in UNANSWERABLE}
    return {name: group for name, group in found.items() if group}


def _aurocs(asked: Sequence[Asked]) -> dict[str, Interval]:
    answerable = [one for one in asked if one.question.answerable]
    unanswerable = [one for one in asked if not one.question.answerable]
    if not answerable or not unanswerable:
        return {}
    groups = {"all": unanswerable, **_by_type(asked)}
    return {name: auroc(_confidence(answerable), _confidence(group)) for name, group in groups.items()}


def _refusals(asked: Sequence[Asked]) -> dict[str, Interval]:
    if any(one.answer.refused is None for one in asked):
        return {}
    answerable = [one for one in asked if one.question.answerable]
    groups = {**({"answerable": answerable} if answerable else {}), **_by_type(asked)}
    return {
        name: sampling.mean_interval(np.array([float(bool(one.answer.refused)) for one in group]))
        for name, group in groups.items()
    }
