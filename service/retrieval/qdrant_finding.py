"""Finding candidates in a generation on a Qdrant server, which does the scoring."""

from collections.abc import Sequence

import numpy as np

from ingest.qdrant_reader import QdrantGeneration
from ingest.records import Passage
from ingest.tokens import held
from service.retrieval.candidates import Candidates, Match, Wanted
from service.retrieval.ranking import CANDIDATES, score_tokens


class QdrantFinder:
    """Asks the server twice: which passages are the best by each score, then for all scores of these."""

    def __init__(self, generation: QdrantGeneration) -> None:
        self._generation = generation

    def find(self, wanted: Wanted) -> Candidates:
        """The candidates for one question. Raises IndexUnreachable."""
        # The sum over scaled tokens, over that of the scales, is their weighted mean. The server rounds them
        # as it rounded what is stored, so they must not be much shorter: the heaviest keeps its length.
        scales = wanted.weights / max(float(wanted.weights.max(initial=0.0)), 1e-9)
        found = self._generation.scores(
            wanted.vector,
            wanted.tokens * scales[:, np.newaxis],
            wanted.terms,
            by=wanted.by,
            document_ids=wanted.document_ids,
            kinds=wanted.kinds,
            named=wanted.named,
            most=CANDIDATES,
        )
        scores = {
            "dense": found.dense,
            "lexical": found.lexical,
            "late": found.late / max(float(scales.sum()), 1e-9),
            "sentence": np.where(np.isnan(found.sentence), found.dense, found.sentence),
        }

        def closely(chosen: Sequence[int]) -> list[Match]:
            return self._closely(wanted, [found.passages[n] for n in chosen])

        return Candidates(found.passages, scores, closely)

    def _closely(self, wanted: Wanted, passages: Sequence[Passage]) -> list[Match]:
        """How the passages that are shown match in detail: only their vectors are fetched."""
        if not passages:
            return []
        store = held(self._generation.tokens_of(passages))
        ordinals = np.arange(len(passages), dtype=np.int64)
        none = np.zeros(len(passages), np.float32)
        return score_tokens(wanted.tokens, wanted.weights, wanted.vector, none, store, ordinals).matches
