"""Retrieval: from a question to the passages that answer it."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ingest.encoder import Encoder, Float32
from ingest.index import Generation
from ingest.lexical import terms
from ingest.records import Passage, Span
from service.highlights import best_sentences

# How many of each ranking are fused; Cormack et al. 2009 found k = 60 good across collections.
_CANDIDATES = 100
_RRF_K = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and, if there was one, its answer."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage that was found.

    scores: by ranking, "dense" (cosine) and "lexical" (BM25).
    highlights: spans of its one or two sentences that answer best.
    """

    passage: Passage
    score: float
    scores: dict[str, float]
    highlights: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search, best passage first."""

    question: str
    standalone_question: str
    answerable: bool
    confidence: float
    passages: list[Scored]
    timings_ms: dict[str, float]


class Retriever:
    """Searches one generation; safe to use from several threads at once."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self.generation = generation
        self._encoder = encoder

    def search(
        self,
        question: str,
        *,
        top_k: int = 5,
        document_ids: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        history: Sequence[Turn] = (),
    ) -> Found:
        """The `top_k` best passages among those of the given documents and kinds (all, if None)."""
        timings: dict[str, float] = {}
        with _timed(timings, "encode"):
            encoded = self._encoder.encode([question])
        with _timed(timings, "search"):
            dense = self._dense(encoded.vectors)
            lexical = self.generation.lexical.scores(Counter(terms(question)))
            allowed = self._allowed(document_ids, kinds)
            fused = _rrf(
                np.where(allowed, dense, -np.inf), np.where(allowed & (lexical > 0), lexical, -np.inf)
            )
            order = [int(n) for n in np.argsort(-fused, kind="stable")[:top_k] if fused[n] > 0]
        with _timed(timings, "highlight"):
            passages = [
                Scored(
                    self.generation.passages[n],
                    float(fused[n]),
                    {"dense": float(dense[n]), "lexical": float(lexical[n])},
                    best_sentences(self.generation, n, encoded.tokens[0]),
                )
                for n in order
            ]
        confidence = max((scored.scores["dense"] for scored in passages), default=0.0)
        return Found(question, question, bool(passages), max(0.0, min(1.0, confidence)), passages, timings)

    def _dense(self, query: Float32) -> Float32:
        size = len(self.generation.passages)
        scores, ordinals = self.generation.vectors.search(query, size)
        dense = np.zeros(size, np.float32)
        dense[ordinals[0]] = scores[0]
        return dense

    def _allowed(self, document_ids: Sequence[str] | None, kinds: Sequence[str] | None) -> np.ndarray:
        return np.array(
            [
                (document_ids is None or passage.document_id in document_ids)
                and (kinds is None or passage.kind in kinds)
                for passage in self.generation.passages
            ],
            bool,
        )


def _rrf(*rankings: Float32) -> Float32:
    """Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009); -inf marks what a ranking does not hold."""
    fused = np.zeros(len(rankings[0]), np.float32)
    for scores in rankings:
        order = np.argsort(-scores, kind="stable")[:_CANDIDATES]
        for rank, ordinal in enumerate(order, start=1):
            if np.isfinite(scores[ordinal]):
                fused[ordinal] += 1 / (_RRF_K + rank)
    return fused


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[name] = round((time.perf_counter() - started) * 1000, 3)
