"""Finding candidates: which passages are ranked for a question, and how well each matches it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.encoder import Float32
from ingest.records import Passage


@dataclass(frozen=True, slots=True)
class Wanted:
    """What candidates are found by.

    vector: (d,) float32, the question's own, L2-normalised. tokens: (t, d) float32, L2-normalised rows.
    weights: (t,) float32, how much each token counts. terms: term to weight, for BM25.
    document_ids, kinds: the only ones that are allowed; all if None.
    named: documents of which the nearest passages are candidates in any case.
    by: the scores whose best are candidates, "dense", "lexical" or both.
    """

    vector: Float32
    tokens: Float32
    weights: Float32
    terms: dict[str, float]
    document_ids: frozenset[str] | None
    kinds: frozenset[str] | None
    named: Sequence[str]
    by: Sequence[str]


@dataclass(frozen=True, slots=True)
class Match:
    """How a passage matches a question of t word pieces.

    sentences: (s,) float32, each sentence's score. pieces: (t,) float32, the best cosine of each word piece.
    """

    sentences: Float32
    pieces: Float32


@dataclass(frozen=True, slots=True)
class Candidates:
    """The c passages to be ranked, in the order of the index.

    scores: "dense" (cosine), "lexical" (BM25), "late" and "sentence" (`.ranking.TokenScores`), each (c,)
        float32.
    closely: gives, for some of the candidates by their number, how each matches in detail.
    """

    passages: Sequence[Passage]
    scores: dict[str, Float32]
    closely: Callable[[Sequence[int]], list[Match]]


class Finder(Protocol):
    """Finds candidates; safe to use from several threads at once."""

    def find(self, wanted: Wanted) -> Candidates:
        """The candidates for one question."""
