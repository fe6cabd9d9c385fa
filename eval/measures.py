"""How well evidence was found: one value a question for each measure. Higher is better throughout."""

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, nDCG
from numpy.typing import NDArray

from eval import runs
from eval.runs import Asked
from eval.systems import Retrieved

Float64 = NDArray[np.float64]

CUTOFFS = (1, 3, 5, 10)
# Of words in the passages: what fits into a short prompt, and into one of a usual size.
BUDGETS = (300, 1000)

NAMES: Mapping[str, str] = {
    **{f"recall@{k}": f"R@{k}" for k in CUTOFFS},
    **{f"recall@{words}w": f"R@{words:,}w" for words in BUDGETS},
    "mrr": "MRR",
    "ndcg@10": "nDCG@10",
}


def per_question(asked: Sequence[Asked]) -> dict[str, Float64]:
    """Each measure's value for each of n answerable questions: (n,) float64 in their order, 0 to 1."""
    found = {f"recall@{k}": _each(recall(one.ranks, k) for one in asked) for k in CUTOFFS}
    for words in BUDGETS:
        depths = [passages_within(one.answer.passages, words) for one in asked]
        found[f"recall@{words}w"] = _each(recall(one.ranks, k) for one, k in zip(asked, depths, strict=True))
    return {**found, **_of_rankings(asked)}


def recall(ranks: Sequence[int | None], k: int) -> float:
    """The share of a question's groups of evidence that stand in the top k."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def passages_within(passages: Sequence[Retrieved], words: int) -> int:
    """How many passages, taken from the top until the next no longer fits, have `words` words at most."""
    used = 0
    for count, passage in enumerate(passages):
        used += len(passage.text.split())
        if used > words:
            return count
    return len(passages)


def words_in(asked: Sequence[Asked], k: int) -> float:
    """The mean number of words in the top k passages: what an answer costs to read."""
    return float(np.mean([sum(len(p.text.split()) for p in one.answer.passages[:k]) for one in asked] or [0]))


def _of_rankings(asked: Sequence[Asked]) -> dict[str, Float64]:
    """Reciprocal rank and nDCG@10 over groups of evidence; a question without results has 0."""
    values: dict[str, dict[str, float]] = {"mrr": {}, "ndcg@10": {}}
    names = {str(RR): "mrr", str(nDCG @ 10): "ndcg@10"}
    for metric in ir_measures.iter_calc([RR, nDCG @ 10], runs.qrels(asked), runs.scored(asked)):
        values[names[str(metric.measure)]][metric.query_id] = float(metric.value)
    return {name: _each(found[one.question.id] for one in asked) for name, found in values.items()}


def _each(values: Iterable[float]) -> Float64:
    return np.fromiter(values, np.float64)
