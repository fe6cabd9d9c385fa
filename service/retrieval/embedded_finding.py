"""Finding candidates in a generation on this machine."""

import numpy as np

from ingest.best import Bool, Int64, best_of
from ingest.bounds import bounds_of
from ingest.index import Generation
from ingest.records import PASSAGE_KINDS
from service.retrieval import ranking
from service.retrieval.candidates import Candidates, Wanted
from service.retrieval.ranking import CANDIDATES


class EmbeddedFinder:
    """Takes the best by vector and by words, and scores them by their tokens."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        # Passages lie document by document: each has those from its first to the next one's.
        counts = [sum(kinds.values()) for kinds in generation.kinds().values()]
        self._first = bounds_of(counts)
        self._place = {document_id: place for place, document_id in enumerate(generation.documents)}

    def find(self, wanted: Wanted) -> Candidates:
        """The candidates for one question."""
        generation = self.generation
        candidates = self._candidates(wanted, self._allowed(wanted.document_ids, wanted.kinds))
        dense = generation.vectors.cosines(wanted.vector, candidates)
        tokens = ranking.score_tokens(
            wanted.tokens, wanted.weights, wanted.vector, dense, generation.tokens, candidates
        )
        return Candidates(
            [generation.passages[ordinal] for ordinal in candidates.tolist()],
            {
                "dense": dense,
                "lexical": generation.lexical.scores_of(wanted.terms, candidates),
                "late": tokens.late,
                "sentence": tokens.sentence,
            },
            lambda chosen: [tokens.matches[n] for n in chosen],
        )

    def _allowed(self, document_ids: frozenset[str] | None, kinds: frozenset[str] | None) -> Bool | None:
        """(n,) bool, which passages may be found; None if all may."""
        if document_ids is None and kinds is None:
            return None
        of_documents = np.full(len(self.generation.passages), document_ids is None)
        for document_id in document_ids or ():
            of_documents[self._rows(document_id)] = True
        if kinds is None:
            return of_documents
        return of_documents & np.isin(PASSAGE_KINDS, list(kinds))[self.generation.kind_of]

    def _rows(self, document_id: str) -> slice:
        """Where the passages of a document are; nowhere, if there is no such document."""
        place = self._place.get(document_id)
        return slice(0) if place is None else slice(*self._first[place : place + 2].tolist())

    def _candidates(self, wanted: Wanted, allowed: Bool | None) -> Int64:
        """The best by each score; of a document that the question names, the nearest ones in any case."""
        vectors, lexical = self.generation.vectors, self.generation.lexical
        best = {
            "dense": lambda: vectors.nearest(wanted.vector, CANDIDATES, allowed),
            "lexical": lambda: lexical.best(wanted.terms, CANDIDATES, allowed),
        }
        found = [best[name]() for name in wanted.by]
        for document_id in wanted.named:
            rows = np.arange(len(self.generation.passages))[self._rows(document_id)]
            among = rows if allowed is None else rows[allowed[rows]]
            found.append(best_of(among, vectors.cosines(wanted.vector, among), CANDIDATES))
        return np.unique(np.concatenate(found))
