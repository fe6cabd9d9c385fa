"""How well each candidate passage matches a question: four scores, and their fusion on one scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Float32
from ingest.tokens import TokenStore
from service.retrieval.candidates import Match

Int64 = NDArray[np.int64]

# Of the dense and of the lexical ranking each; more changed nothing, fewer than 30 lost recall.
CANDIDATES = 50


# Cormack, Clarke & Büttcher 2009 found 60 good across collections.
_RRF_K = 60


@dataclass(frozen=True, slots=True)
class Ranking:
    """A way to rank.

    weights: of the scores that take part: "dense", "lexical", "late" (late interaction), "sentence".
    fusion: "sum" of standardised scores, or reciprocal ranks ("rrf").
    priors: whether the kinds and documents that the question asks for count (`.intent`, `.sources`).
    """

    name: str
    weights: Mapping[str, float]
    fusion: Literal["sum", "rrf"] = "sum"
    priors: bool = False


# The weights of "full" are fitted on the dev questions, MED and CISI together, in coarse steps.
RANKINGS: Mapping[str, Ranking] = {
    ranking.name: ranking
    for ranking in (
        Ranking("dense", {"dense": 1.0}),
        Ranking("bm25", {"lexical": 1.0}),
        Ranking("rrf", {"dense": 1.0, "lexical": 1.0}, fusion="rrf"),
        Ranking("late", {"late": 1.0}),
        Ranking("full", {"dense": 0.4, "lexical": 0.85, "late": 1.0, "sentence": 1.0}, priors=True),
    )
}


@dataclass(frozen=True, slots=True)
class TokenScores:
    """What the token vectors say of c candidates.

    late: (c,) float32, late interaction (Khattab & Zaharia 2020, eq. 3): the weighted mean, over query
        tokens, of the best cosine in the passage.
    sentence: (c,) float32, the cosine of the question's vector and that of the passage's nearest sentence,
        which is the mean of its tokens' vectors.
    matches: of each candidate; a sentence's score is the mean of its `late` and its cosine.
    """

    late: Float32
    sentence: Float32
    matches: list[Match]


def score_tokens(
    query: Float32, weights: Float32, vector: Float32, dense: Float32, store: TokenStore, candidates: Int64
) -> TokenScores:
    """The scores of each candidate passage that its token vectors give.

    query: (t, d) float32, L2-normalised rows, one a query token. weights: (t,) float32, how much each counts.
    vector: (d,) float32, the question's own, L2-normalised.
    dense: (c,) float32, stands in for the sentence where a passage has none.
    candidates: (c,) int64 passage ordinals.
    Raises IndexError for an ordinal that the index does not hold.
    """
    average = weights / max(float(weights.sum()), 1e-9)
    # The question's own vector goes along as one more, the last.
    similarities, bounds = store.similarities(np.vstack([query, vector]), candidates)
    pieces = _best_in(similarities[:, :-1], _runs(bounds))
    # The sentences of all candidates, one after the other: rows of theirs, and where each candidate's begin.
    rows, norms, first = store.sentences_in(candidates)
    runs = rows + np.repeat(bounds[:-1], np.diff(first))[:, np.newaxis]
    cosines = np.asarray(_means_in(similarities[:, -1], runs) / np.maximum(norms, 1e-9), np.float32)
    nearest = _best_in(cosines[:, np.newaxis], _runs(first))[:, 0]
    scores = np.asarray((_best_in(similarities[:, :-1], runs) @ average + cosines) / 2, np.float32)
    places = zip(first[:-1].tolist(), first[1:].tolist(), strict=True)
    return TokenScores(
        np.asarray(pieces @ average, np.float32),
        np.where(np.diff(first) > 0, nearest, dense),
        [Match(scores[start:end], best) for (start, end), best in zip(places, pieces, strict=True)],
    )


def _runs(bounds: Int64) -> Int64:
    """(n, 2): the runs [first, last) that n + 1 bounds lie between."""
    return np.stack([bounds[:-1], bounds[1:]], axis=1)


def _best_in(scores: Float32, runs: Int64) -> Float32:
    """(s, t): the best of each column of `scores`, (n, t), in each of s runs [first, last), else 0."""
    best = np.zeros((len(runs), scores.shape[1]), np.float32)
    filled = runs[:, 0] < runs[:, 1]
    if filled.any():
        # `reduceat` takes no bound at the very end, so the last run goes without: it reaches to the end.
        firsts, lasts = runs[filled].T
        best[filled] = np.maximum.reduceat(scores[: lasts[-1]], _interleaved(firsts, lasts), axis=0)[::2]
    return best


def _interleaved(firsts: Int64, lasts: Int64) -> Int64:
    """f0, l0, f1, l1, …, without the very last."""
    return np.stack([firsts, lasts], axis=1).ravel()[:-1]


def _means_in(scores: Float32, runs: Int64) -> Float32:
    """(s,): the mean in each of s runs [first, last) of `scores`, (n,); 0 in an empty run."""
    sums = np.concatenate([[0.0], np.cumsum(scores, dtype=np.float64)])[runs]
    means = (sums[:, 1] - sums[:, 0]) / np.maximum(runs[:, 1] - runs[:, 0], 1)
    return np.asarray(means, np.float32)


def fuse(scores: Mapping[str, Float32], ranking: Ranking) -> Float32:
    """The candidates' scores on one scale: (c,) float32, higher is better.

    scores: by name, (c,) float32 of the same c candidates. For a sum each is brought to mean 0 and deviation
    1 over the candidates, so that a cosine and a BM25 can be added; an average candidate is about 0.
    """
    if ranking.fusion == "rrf":
        ranks = [_reciprocal_ranks(scores[name]) for name in ranking.weights]
        return np.asarray(np.sum(ranks, axis=0), np.float32)
    total = np.sum([w * standardised(scores[name]) for name, w in ranking.weights.items()], axis=0)
    return np.asarray(total / sum(ranking.weights.values()), np.float32)


def standardised(scores: Float32) -> Float32:
    """Mean 0, deviation 1; all 0 where every score is the same."""
    deviation = scores.std()
    return np.asarray((scores - scores.mean()) / (deviation if deviation > 1e-9 else 1.0), np.float32)


def _reciprocal_ranks(scores: Float32) -> Float32:
    ranks = np.empty(len(scores), np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, 1 / (_RRF_K + ranks), 0).astype(np.float32)
