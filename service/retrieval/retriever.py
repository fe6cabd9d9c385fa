"""Retrieval: from a question to the passages that answer it."""

import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ingest.encoder import Encoded, Encoder, Float32
from ingest.index import searched_text
from ingest.lexical import terms
from ingest.records import Passage, Span
from ingest.searchable import Searchable
from service.retrieval import another, intent, ranking, studies
from service.retrieval.asked import lacks_what_is_asked
from service.retrieval.candidates import Candidates, Wanted
from service.retrieval.confidence import ANSWERABLE, Signs, confidence
from service.retrieval.diversity import each_heard, without_repeats
from service.retrieval.elsewhere import Elsewhere
from service.retrieval.finding import finder_of
from service.retrieval.followups import Turn, standalone
from service.retrieval.particulars import lacks_particular
from service.retrieval.query import Query, QueryReader
from service.retrieval.ranking import RANKINGS, Ranking
from service.retrieval.sources import Sources
from service.retrieval.unsaid import unsaid

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

# A second sentence is highlighted if it comes this close to the best one of its passage.
_NEARLY = 0.93
# On the scale of standardised scores: what a passage gains by standing in a document that the question names.
_NAMED = 0.5
# How many of the best passages the confidence looks at, whatever number is asked for.
_TOP = 5
# How far down the rows of a table are looked for that are asked for together.
_FURTHER = 40
# Questions whose vectors are kept, 50 KB each: an answer needs those of its search again.
_REMEMBERED = 64
# Searches whose results are kept, 20 KB each: what is asked again is not searched again.
_REPEATED = 256


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage that was found.

    scores: "dense" (cosine, -1 to 1), "lexical" (BM25, from 0), "late" (mean cosine of tokens, -1 to 1).
    sentences: the score of each of its sentences, -1 to 1; empty where none are known.
    pieces: of each word piece of the question the best cosine in it, -1 to 1.
    """

    passage: Passage
    score: float
    scores: dict[str, float]
    sentences: tuple[float, ...]
    pieces: tuple[float, ...]

    @property
    def highlights(self) -> tuple[Span, ...]:
        """The spans of its one or two sentences that answer best, in document order."""
        scores = self.sentences or (0.0,)
        order = sorted(range(len(scores)), key=lambda n: -scores[n])[:2]
        best = [n for n in order if scores[n] >= _NEARLY * scores[order[0]]]
        return tuple(sorted({span for n in best for span in self.passage.sentences[n].spans}))


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search, best passage first.

    standalone_question: the question with what the conversation adds. query: as it was searched.
    confidence: the probability that the passages answer it; answerable: whether that is enough to try.
    spoken_of: the documents that the question names.
    further: what comes after `passages`, from which an answer takes the other rows of a table.
    signs: what the confidence was told by; None if nothing was found.
    timings_ms: of each step; 0 for a search that was made before.
    """

    question: str
    standalone_question: str
    answerable: bool
    confidence: float
    passages: list[Scored]
    timings_ms: dict[str, float]
    query: Query
    spoken_of: tuple[str, ...] = ()
    further: tuple[Scored, ...] = ()
    signs: Signs | None = None


class Retriever:
    """Searches one generation; safe to use from several threads at once."""

    def __init__(self, generation: Searchable, encoder: Encoder, how: Ranking = RANKINGS["full"]) -> None:
        self.generation = generation
        self.encoder = encoder
        self.elsewhere = Elsewhere(encoder)
        self._ranking = how
        self._sources = Sources(generation.described)
        self._finder = finder_of(generation)
        # The idf of a word piece that no passage holds: no vocabulary has so many.
        self._rarest = max(float(generation.rarity(np.array([np.iinfo(np.int32).max], np.int32))[0]), 1e-9)
        # A ranking by one score alone sees only its own candidates; late interaction sees those of both.
        names = ("dense", "lexical")
        self._by = [name for name in names if name in how.weights] or names
        self._reader = QueryReader(generation, encoder.is_word)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(lambda text: encoder.encode([text]))
        self._repeated = _remembering(self)

    def search(
        self,
        question: str,
        *,
        top_k: int = 5,
        document_ids: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        history: Sequence[Turn] = (),
    ) -> Found:
        """The `top_k` best passages among those of the given documents and kinds (all, if None).

        A search that was made before, the same in everything that is given, is not made again.
        """
        started = time.perf_counter()
        # A generation never changes, and a new one has its own retriever: nothing kept grows old.
        found = self._repeated(
            question,
            top_k,
            None if document_ids is None else frozenset(document_ids),
            None if kinds is None else frozenset(kinds),
            tuple(history),
        )
        took = (time.perf_counter() - started) * 1000
        # Steps that took longer than this call are those of an earlier one.
        if sum(found.timings_ms.values()) <= 1.01 * took:
            return found
        return replace(found, timings_ms=dict.fromkeys(found.timings_ms, 0.0))

    def hits(self) -> dict[str, int]:
        """How often a whole search, and how often the vectors of a question, were remembered."""
        return {
            "searches": self._repeated.cache_info().hits,
            "questions": self._remembered.cache_info().hits,
        }

    def _search(
        self,
        question: str,
        top_k: int,
        document_ids: frozenset[str] | None,
        kinds: frozenset[str] | None,
        history: Sequence[Turn],
    ) -> Found:
        timings: dict[str, float] = {}
        with _timed(timings, "read"):
            asked = standalone(question, history)
            standalone_question = str(asked)
            spoken_of = self._sources.spoken_of(asked.question) if self._ranking.priors else []
            if len(spoken_of) > 1:
                asked = replace(asked, question=self._sources.without_names(asked.question))
            query = self._reader.read(asked)
        with _timed(timings, "encode"):
            encoded = self.encoded(query)
        with _timed(timings, "rank"):
            found = self._finder.find(
                Wanted(
                    vector=encoded.vectors[0],
                    tokens=encoded.tokens[0],
                    weights=self.weights(query, encoded),
                    terms=query.terms,
                    document_ids=document_ids,
                    kinds=kinds,
                    named=spoken_of,
                    by=self._by,
                )
            )
            passages = self._ranked(query, asked.said, spoken_of, found, max(top_k, _FURTHER))
            signs = (
                self._signs(query, encoded, found, passages[:_TOP], names_source=bool(spoken_of))
                if passages
                else None
            )
            sure = confidence(signs) if signs else 0.0
        return Found(
            question=question,
            standalone_question=standalone_question,
            answerable=sure >= ANSWERABLE,
            confidence=sure,
            passages=passages[:top_k],
            timings_ms=timings,
            query=query,
            spoken_of=tuple(spoken_of),
            further=tuple(passages[top_k:]),
            signs=signs,
        )

    def encoded(self, query: Query) -> Encoded:
        """The vectors of a question; those of the last few are remembered."""
        return self._remembered(query.text)

    def weights(self, query: Query, encoded: Encoded) -> Float32:
        """How much each token of a question counts, (t,) float32, by its emphasis and its rarity."""
        return query.emphasis(encoded.token_starts[0]) * self.generation.rarity(encoded.token_ids[0])

    def _signs(
        self, query: Query, encoded: Encoded, found: Candidates, best: Sequence[Scored], *, names_source: bool
    ) -> Signs:
        """What tells whether the best passages answer."""
        question, first = query.question, best[0].passage
        lacks = unsaid(
            question,
            encoded.token_starts[0],
            frozenset(terms(searched_text(first))),
            np.array(best[0].pieces, np.float32),
            self.generation.rarity(encoded.token_ids[0]) / self._rarest,
        )
        return Signs(
            nearest=max(score for scored in best for score in (*scored.sentences, 0.0)),
            sentence=float(found.scores["sentence"].max()),
            elsewhere=self.elsewhere.nearest(encoded.vectors[0]),
            source=float(names_source),
            named=lacks.named,
            kind=float(lacks_what_is_asked(question, first.text)),
            particular=float(lacks_particular(question, first)),
            missing=lacks.missing,
            name=lacks.name,
        )

    def _ranked(
        self,
        query: Query,
        said: str,
        spoken_of: Sequence[str],
        candidates: Candidates,
        most: int,
    ) -> list[Scored]:
        """The `most` best of the candidates."""
        passages = candidates.passages
        if not passages:
            return []
        fused = ranking.fuse(candidates.scores, self._ranking)
        if self._ranking.priors:
            question = query.question
            by_kind = intent.priors(question, names_documents=bool(spoken_of))
            fused = fused + np.asarray([by_kind.get(p.kind, 0.0) for p in passages], np.float32)
            fused = fused + np.asarray([_NAMED * (p.document_id in spoken_of) for p in passages], np.float32)
            fused = fused + studies.priors(question, passages)
            ranked = np.argsort(-fused, kind="stable")
            fused[ranked] += another.priors(question, said, [passages[n] for n in ranked])
        order = [int(n) for n in np.argsort(-fused, kind="stable")]
        order = [order[place] for place in without_repeats([passages[n] for n in order])]
        order = [order[place] for place in each_heard([passages[n] for n in order], spoken_of)]
        best = order[:most]
        return [
            Scored(
                passages[n],
                float(fused[n]),
                {name: float(candidates.scores[name][n]) for name in ("dense", "lexical", "late")},
                tuple(match.sentences.tolist()),
                tuple(match.pieces.tolist()),
            )
            for n, match in zip(best, candidates.closely(best), strict=True)
        ]


def _remembering(retriever: Retriever) -> "_lru_cache_wrapper[Found]":
    """Its last searches. They don't keep it alive: a generation that nobody reads any more goes at once."""
    alive = weakref.ref(retriever)

    def search(
        question: str,
        top_k: int,
        document_ids: frozenset[str] | None,
        kinds: frozenset[str] | None,
        history: tuple[Turn, ...],
    ) -> Found:
        this = alive()
        assert this is not None
        return this._search(question, top_k, document_ids, kinds, history)

    return lru_cache(maxsize=_REPEATED)(search)


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[name] = round((time.perf_counter() - started) * 1000, 3)
