"""Finding candidates in a generation on this machine."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Float32
from ingest.index import Generation
from service.retrieval import ranking
from service.retrieval.candidates import Candidates, Wanted
from service.retrieval.ranking import Int64


class EmbeddedFinder:
    """Scores every passage by vector and words, and the candidates by their tokens."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._document_of = np.asarray([passage.document_id for passage in generation.passages])

    def find(self, wanted: Wanted) -> Candidates:
        """The candidates for one question."""
        dense = self._dense(wanted.vector[np.newaxis])
        lexical = self.generation.lexical.scores(wanted.terms)
        candidates = self._candidates(
            {"dense": dense, "lexical": lexical},
            self._allowed(wanted.document_ids, wanted.kinds),
            wanted.by,
            wanted.named,
        )
        tokens = ranking.score_tokens(
            wanted.tokens,
            wanted.weights,
            wanted.vector,
            dense[candidates],
            self.generation.tokens,
            candidates,
        )
        return Candidates(
            [self.generation.passages[ordinal] for ordinal in candidates],
            {
                "dense": dense[candidates],
                "lexical": lexical[candidates],
                "late": tokens.late,
                "sentence": tokens.sentence,
            },
            lambda chosen: [tokens.sentences[n] for n in chosen],
        )

    def _dense(self, query: Float32) -> Float32:
        """The cosine of every passage: (n,) float32."""
        size = len(self.generation.passages)
        dense = np.zeros(size, np.float32)
        if size:
            scores, ordinals = self.generation.vectors.search(query, size)
            dense[ordinals[0]] = scores[0]
        return dense

    def _allowed(
        self, document_ids: frozenset[str] | None, kinds: frozenset[str] | None
    ) -> NDArray[np.bool_]:
        passages = self.generation.passages
        if document_ids is None and kinds is None:
            return np.ones(len(passages), bool)
        return np.array(
            [
                (document_ids is None or passage.document_id in document_ids)
                and (kinds is None or passage.kind in kinds)
                for passage in passages
            ],
            bool,
        )

    def _candidates(
        self, scores: dict[str, Float32], allowed: NDArray[np.bool_], by: Sequence[str], named: Sequence[str]
    ) -> Int64:
        """The best by each score; of a document that the question names, the nearest ones in any case."""
        found = [ranking.best_candidates(scores[name], allowed) for name in by]
        found += [
            ranking.best_candidates(scores["dense"], allowed & (self._document_of == name)) for name in named
        ]
        return np.unique(np.concatenate(found))
