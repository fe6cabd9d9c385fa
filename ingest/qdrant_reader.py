"""A generation on a Qdrant server, as it is answered from: little is kept here, the rest is asked for."""

import base64
import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError
from qdrant_client import QdrantClient, models

from ingest.encoder import Float32, Int32
from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing
from ingest.index import DOCUMENT, FORMAT_VERSION, PASSAGE, Manifest, searched_text
from ingest.qdrant_queries import Scores, allowed, among_these, bm25, no_scores, query, sparse
from ingest.qdrant_server import Place, current_place, having, held_by, point_of, reaching, scrolled
from ingest.records import Document, Passage
from ingest.tokens import PassageTokens, rarity

_MANIFEST = TypeAdapter(Manifest)
# So many more than are wanted are asked for: passages of the same BM25 are often cut off in the middle, and
# the server ranks with the mean length that passages had when the collection was made.
_TIES = 14
# Documents that are held, some 100 KB each, and the token vectors of passages, 135 KB each.
_DOCUMENTS_HELD, _TOKENS_HELD = 64, 256
# Where a passage stands in the order of the index.
_ORDER = ("document_id", "ordinal")


def open_current_on(client: QdrantClient) -> "QdrantGeneration":
    """Open the current generation. Raises IndexMissing, IndexDamaged, IndexMismatch or IndexUnreachable."""
    place = current_place(client)
    try:
        return QdrantGeneration(client, place)
    except IndexDamaged:
        # Since its place was read, others may have become current.
        if current_place(client) == place:
            raise
        return open_current_on(client)


class QdrantGeneration:
    """An `ingest.searchable.Searchable` on a server.

    manifest: as of the generation that was published, without its files. vocabulary, words, abbreviations,
    described: held in memory.
    """

    def __init__(self, client: QdrantClient, place: Place) -> None:
        self._client = client
        self._place = place
        self.name = place.name
        about = next(self._parts("manifest"), None)
        self.manifest = _manifest(place, about)
        about = about or {}
        self._idf = np.frombuffer(base64.b64decode(about["idf"]), "<f4").astype(np.float32)
        self._mean, self._pivot = float(about["mean"]), float(about["pivot"])
        self.words: Mapping[str, int] = self._counts("words")
        self._sorted_words = sorted(self.words)
        self.vocabulary: Mapping[str, int] = self._counts("terms")
        fields = ["document_id", "place", "kinds", "described", "abbreviations"]
        heads = sorted(self._parts("document", fields), key=lambda head: head["place"])
        self._kinds: dict[str, Mapping[str, int]] = {head["document_id"]: head["kinds"] for head in heads}
        self.described: Mapping[str, Document] = {
            head["document_id"]: DOCUMENT.validate_json(head["described"]) for head in heads
        }
        pairs = ((short, long) for head in heads for short, long in head["abbreviations"])
        self.abbreviations: Sequence[tuple[str, str]] = list(dict.fromkeys(pairs))
        self._places = {document_id: number for number, document_id in enumerate(self._kinds)}
        self.documents: Mapping[str, Document] = _Documents(self._document, list(self._kinds))
        self._held: OrderedDict[str, PassageTokens] = OrderedDict()
        self._lock = threading.Lock()

    def words_starting(self, letter: str) -> Sequence[str]:
        """Those of the words that start with a letter, in order."""
        first, last = (bisect_left(self._sorted_words, bound) for bound in (letter, f"{letter}\U0010ffff"))
        return self._sorted_words[first:last]

    def searched_texts(self) -> Iterator[str]:
        """What is searched of each passage, in the order of the points."""
        for payload in self._parts("passage", ["passage"]):
            yield searched_text(PASSAGE.validate_json(payload["passage"]))

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises KeyError if there is none."""
        return PASSAGE.validate_json(self._payload(passage_id, ["passage"])["passage"])

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document."""
        ordinal = int(self._payload(passage.id, ["ordinal"])["ordinal"])
        beside = having("document_id", passage.document_id), having("ordinal", ordinal - 1, ordinal + 1)
        found = {
            payload["ordinal"]: PASSAGE.validate_json(payload["passage"])
            for payload in self._parts("passage", ["ordinal", "passage"], *beside)
        }
        return found.get(ordinal - 1), found.get(ordinal + 1)

    def kinds(self) -> Mapping[str, Mapping[str, int]]:
        """How many passages of each kind each document has, by the document's id."""
        return self._kinds

    def tokens_of(self, passages: Sequence[Passage]) -> list[PassageTokens]:
        """The token vectors of each of some passages; those of the last few hundred are remembered."""
        ids = [passage.id for passage in passages]
        with self._lock:
            held = {passage_id: self._held[passage_id] for passage_id in ids if passage_id in self._held}
        missing = [passage_id for passage_id in ids if passage_id not in held]
        if missing:
            held |= self._ask_tokens(missing)
        with self._lock:
            self._held |= held
            while len(self._held) > _TOKENS_HELD:
                self._held.popitem(last=False)
        return [held[passage_id] for passage_id in ids]

    def rarity(self, ids: Int32) -> Float32:
        """The idf of word pieces, (t,) float32; one that no passage holds is as rare as can be."""
        return rarity(self._idf, sum(self.manifest.passages.values()), ids)

    def scores(
        self,
        vector: Float32,
        tokens: Float32,
        terms: Mapping[str, float],
        *,
        by: Sequence[str],
        document_ids: frozenset[str] | None,
        kinds: frozenset[str] | None,
        named: Sequence[str],
        most: int,
    ) -> Scores:
        """The `most` best by each of the scores `by`, with all four scores of each.

        vector: (d,) float32, L2-normalised. tokens: (t, d) float32, L2-normalised rows times their weights.
        terms: term to weight. document_ids, kinds: what is allowed; all if None. named: documents of which
        the `most` nearest passages are candidates too.
        """
        number = self._place.number
        conditions = allowed(document_ids, kinds)
        within = held_by(number, *conditions)
        room = most + _TIES
        words = sparse({term: weight * self._term_idf(term) for term, weight in terms.items()})
        nearest = vector.tolist()
        best = []
        if "dense" in by:
            best.append(query("dense", nearest, within, room, _ORDER))
        if "lexical" in by and terms:
            best.append(query("lexical", words, within, room, [*_ORDER, "length"], ["lexical"]))
        for name in named:
            one = held_by(number, having("document_id", name), *conditions)
            best.append(query("dense", nearest, one, room, _ORDER))
        found = self._asked(best) if document_ids != frozenset() and kinds != frozenset() else []
        ids = {
            point.id: None
            for result in found
            for point in self._first(result, words, most)
            if point.score > 0
        }
        return self._scored(list(ids), nearest, tokens, words) if ids else no_scores()

    def _scored(
        self,
        ids: list[models.ExtendedPointId],
        nearest: list[float],
        tokens: Float32,
        words: models.SparseVector,
    ) -> Scores:
        these, size = among_these(ids), len(ids)
        queries = {
            "dense": query("dense", nearest, these, size, [*_ORDER, "length", "passage"], ["lexical"]),
            "sentences": query("sentences", [nearest], these, size),
            # Is there as long as all points of the generation are.
            "manifest": models.QueryRequest(filter=among_these([self._point("manifest", "")]), limit=1),
        }
        if len(tokens):
            queries["tokens"] = query("tokens", tokens.tolist(), these, size)
        scored = dict(zip(queries, self._asked(list(queries.values())), strict=True))
        if not scored["manifest"]:
            raise self._gone()
        candidates = sorted(scored["dense"], key=self._order)

        def column(name: str, missing: float) -> Float32:
            known = {point.id: point.score for point in scored.get(name, ())}
            return np.asarray([known.get(point.id, missing) for point in candidates], np.float32)

        return Scores(
            [PASSAGE.validate_json((point.payload or {})["passage"]) for point in candidates],
            column("dense", 0.0),
            np.asarray([self._bm25(words, point) for point in candidates], np.float32),
            column("tokens", 0.0),
            column("sentences", np.nan),
        )

    def _bm25(self, words: models.SparseVector, point: models.ScoredPoint) -> float:
        stored = point.vector.get("lexical") if isinstance(point.vector, dict) else None
        assert isinstance(stored, models.SparseVector)
        return bm25(words, stored, (point.payload or {})["length"], self._pivot, self._mean)

    def _term_idf(self, term: str) -> float:
        """As in Lucene (`ingest.lexical`)."""
        frequency, passages = self.vocabulary.get(term, 0), sum(self.manifest.passages.values())
        return float(np.log(1 + (passages - frequency + 0.5) / (frequency + 0.5)))

    def _order(self, point: models.ScoredPoint) -> tuple[int, int]:
        payload = point.payload or {}
        return self._places[payload["document_id"]], payload["ordinal"]

    def _first(
        self, points: list[models.ScoredPoint], words: models.SparseVector, most: int
    ) -> list[models.ScoredPoint]:
        """The `most` best of more; of those that score the same the first in the order of the index."""

        def key(point: models.ScoredPoint) -> tuple[float, tuple[int, int]]:
            # What was found by its words comes with them.
            score = self._bm25(words, point) if point.vector else point.score
            return -round(score, 5), self._order(point)

        return sorted(points, key=key)[:most]

    def _asked(self, queries: list[models.QueryRequest]) -> list[list[models.ScoredPoint]]:
        if not queries:
            return []
        with reaching():
            results = self._client.query_batch_points(self._place.collection, queries)
        return [result.points for result in results]

    def _payload(self, passage_id: str, fields: list[str]) -> dict[str, Any]:
        """Fields of the passage with this id. Raises KeyError if there is none."""
        found = next(self._parts("passage", fields, having("id", passage_id)), None)
        if found is None:
            raise KeyError(passage_id)
        return found

    def _ask_tokens(self, passage_ids: Sequence[str]) -> dict[str, PassageTokens]:
        wanted = held_by(self._place.number, having("id", *passage_ids))
        with reaching():
            found, _ = self._client.scroll(
                self._place.collection,
                wanted,
                limit=len(passage_ids),
                with_payload=["id", "pieces", "rows"],
                with_vectors=["tokens"],
            )
        if len(found) < len(passage_ids):
            raise self._gone()
        tokens = {}
        for point in found:
            payload, vectors = point.payload or {}, point.vector
            rows = vectors.get("tokens", []) if isinstance(vectors, dict) else []
            tokens[str(payload["id"])] = PassageTokens(
                np.asarray(rows, np.float32).reshape(-1, self.manifest.encoder.dimension),
                np.asarray(payload["pieces"], np.int32),
                np.asarray(payload["rows"], np.int32).reshape(-1, 2),
            )
        return tokens

    def _document(self, document_id: str) -> Document:
        found = next(self._parts("document", ["document"], having("document_id", document_id)), None)
        if found is None:
            raise self._gone()
        return DOCUMENT.validate_json(found["document"])

    def _counts(self, part: str) -> dict[str, int]:
        return {
            name: count
            for found in self._parts(part)
            for name, count in zip(found["names"], found["counts"], strict=True)
        }

    def _parts(
        self, part: str, fields: list[str] | None = None, *conditions: models.Condition
    ) -> Iterator[dict[str, Any]]:
        wanted = held_by(self._place.number, having("part", part), *conditions)
        return scrolled(self._client, self._place.collection, wanted, fields)

    def _point(self, part: str, name: str) -> str:
        return point_of(part, f"{name}:{self._place.number}")

    def _gone(self) -> IndexMissing:
        return IndexMissing(
            f"generation {self.name} has been replaced twice by now and is no longer on the Qdrant server; "
            "ask again"
        )


class _Documents(Mapping[str, Document]):
    """Documents by id, in order; each is asked for when it is needed, and the last few are remembered."""

    def __init__(self, ask: Callable[[str], Document], ids: list[str]) -> None:
        self._ids = dict.fromkeys(ids)
        self._document = lru_cache(maxsize=_DOCUMENTS_HELD)(ask)

    def __getitem__(self, document_id: str) -> Document:
        if document_id not in self._ids:
            raise KeyError(document_id)
        return self._document(document_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _manifest(place: Place, about: dict[str, Any] | None) -> Manifest:
    mend = "run `needle ingest` to build it anew"
    if about is None:
        raise IndexDamaged(f"{place.collection} lacks the manifest of {place.name}; {mend}")
    version = about["manifest"].get("format_version")
    if version != FORMAT_VERSION:
        raise IndexMismatch(f"{place.name} has format {version}, this version reads {FORMAT_VERSION}; {mend}")
    try:
        return _MANIFEST.validate_python(about["manifest"])
    except ValidationError as exc:
        raise IndexDamaged(f"the manifest of {place.name} cannot be read; {mend}") from exc
