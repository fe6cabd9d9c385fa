"""A generation on a Qdrant server, as it is answered from: little is kept here, the rest is asked for."""

import base64
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError
from qdrant_client import QdrantClient, models

from ingest.encoder import Float32, Int32
from ingest.errors import IndexDamaged, IndexMismatch
from ingest.index import DOCUMENT, FORMAT_VERSION, PASSAGE, Manifest, searched_text
from ingest.qdrant_server import (
    current_collection,
    documents_of,
    generation_of,
    number_of,
    point_of,
    reaching,
)
from ingest.records import Document, Passage
from ingest.tokens import PassageTokens, rarity

_MANIFEST = TypeAdapter(Manifest)
_PAGE = 256
# So many more than are wanted are asked for: passages of the same BM25 are often cut off in the middle.
_TIES = 14
# Documents that are held, some 100 KB each, and the token vectors of passages, 135 KB each.
_DOCUMENTS_HELD, _TOKENS_HELD = 64, 256


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of c candidates, in the order of the index: each (c,) float32.

    sentence: NaN where a passage has no sentences.
    """

    passages: list[Passage]
    dense: Float32
    lexical: Float32
    late: Float32
    sentence: Float32


def open_current_on(client: QdrantClient) -> "QdrantGeneration":
    """Open the current generation. Raises IndexMissing, IndexDamaged, IndexMismatch or IndexUnreachable."""
    return QdrantGeneration(client, current_collection(client))


class QdrantGeneration:
    """An `ingest.searchable.Searchable` on a server.

    manifest: as of the generation that was published, without its files. vocabulary, words: held in memory.
    """

    def __init__(self, client: QdrantClient, collection: str) -> None:
        self._client = client
        self._collection = collection
        self.name = generation_of(collection)
        about = next(self._parts("manifest"), None)
        self.manifest = _manifest(collection, about)
        self._idf = np.frombuffer(base64.b64decode((about or {})["idf"]), "<f4").astype(np.float32)
        self.words: Mapping[str, int] = {
            word: count for part in self._parts("words") for word, count in part["words"].items()
        }
        self.vocabulary = frozenset(term for part in self._parts("terms") for term in part["terms"])
        heads = sorted(self._parts("document", ["id", "place", "kinds"]), key=lambda head: head["place"])
        self._kinds: dict[str, Mapping[str, int]] = {head["id"]: head["kinds"] for head in heads}
        self.documents: Mapping[str, Document] = _Documents(
            client, documents_of(collection), list(self._kinds)
        )
        self._held: OrderedDict[str, PassageTokens] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def described(self) -> Mapping[str, Document]:
        """The documents by id, in the order of the corpus."""
        return self.documents

    @property
    def abbreviations(self) -> Sequence[tuple[str, str]]:
        """Short and long forms that the documents explain, in their order."""
        return [(pair.short, pair.long) for one in self.documents.values() for pair in one.abbreviations]

    def words_starting(self, letter: str) -> Sequence[str]:
        """Those of the words that start with a letter."""
        return [word for word in self.words if word.startswith(letter)]

    def searched_texts(self) -> Iterator[str]:
        """What is searched of each passage, in the order of the points."""
        for point in _scrolled(self._client, self._collection, None, ["record"]):
            yield searched_text(PASSAGE.validate_json(point["record"]))

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises KeyError if there is none."""
        return PASSAGE.validate_json(self._payload(passage_id, ["record"])["record"])

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document."""
        place = int(self._payload(passage.id, ["place"])["place"])
        beside = models.Filter(
            must=[
                models.FieldCondition(key="document_id", match=models.MatchValue(value=passage.document_id)),
                models.FieldCondition(key="place", match=models.MatchAny(any=[place - 1, place + 1])),
            ]
        )
        found = {
            payload["place"]: PASSAGE.validate_json(payload["record"])
            for payload in _scrolled(self._client, self._collection, beside, ["place", "record"])
        }
        return found.get(place - 1), found.get(place + 1)

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
        sparse = _sparse(terms)
        allowed = _allowed(document_ids, kinds)
        best = []
        room = most + _TIES
        if "dense" in by:
            best.append(_query("dense", vector.tolist(), allowed, room, ["place"]))
        if "lexical" in by and terms:
            best.append(_query("lexical", sparse, allowed, room, ["place"]))
        within = [_allowed(frozenset([name]), None, allowed) for name in named]
        best += [_query("dense", vector.tolist(), one, room, ["place"]) for one in within]
        found = self._asked(best) if document_ids != frozenset() and kinds != frozenset() else []
        points = {point.id: None for result in found for point in _first(result, most) if point.score > 0}
        if not points:
            nothing = np.zeros(0, np.float32)
            return Scores([], nothing, nothing, nothing, nothing)
        these = models.Filter(must=[models.HasIdCondition(has_id=list(points))])
        size = len(points)
        queries = {
            "dense": _query("dense", vector.tolist(), these, size, ["place", "record"]),
            "sentences": _query("sentences", [vector.tolist()], these, size),
        }
        if terms:
            queries["lexical"] = _query("lexical", sparse, these, size)
        if len(tokens):
            queries["tokens"] = _query("tokens", tokens.tolist(), these, size)
        scored = dict(zip(queries, self._asked(list(queries.values())), strict=True))
        candidates = sorted(scored["dense"], key=_place)

        def column(name: str, missing: float) -> Float32:
            known = {point.id: point.score for point in scored.get(name, ())}
            return np.asarray([known.get(point.id, missing) for point in candidates], np.float32)

        return Scores(
            [PASSAGE.validate_json((point.payload or {})["record"]) for point in candidates],
            column("dense", 0.0),
            column("lexical", 0.0),
            column("tokens", 0.0),
            column("sentences", np.nan),
        )

    def _asked(self, queries: list[models.QueryRequest]) -> list[list[models.ScoredPoint]]:
        if not queries:
            return []
        with reaching():
            return [result.points for result in self._client.query_batch_points(self._collection, queries)]

    def _payload(self, passage_id: str, fields: list[str]) -> dict[str, Any]:
        """Fields of the passage with this id. Raises KeyError if there is none."""
        with reaching():
            found = self._client.retrieve(self._collection, [point_of("passage", passage_id)], fields)
        if not found:
            raise KeyError(passage_id)
        return found[0].payload or {}

    def _ask_tokens(self, passage_ids: Sequence[str]) -> dict[str, PassageTokens]:
        points = [point_of("passage", passage_id) for passage_id in passage_ids]
        with reaching():
            found = self._client.retrieve(self._collection, points, ["id", "pieces", "rows"], ["tokens"])
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

    def _parts(self, part: str, fields: list[str] | None = None) -> Iterator[dict[str, Any]]:
        wanted = models.Filter(must=[models.FieldCondition(key="part", match=models.MatchValue(value=part))])
        return _scrolled(self._client, documents_of(self._collection), wanted, fields)


class _Documents(Mapping[str, Document]):
    """Documents by id, in order; each is asked for when it is needed, and the last few are remembered."""

    def __init__(self, client: QdrantClient, collection: str, ids: list[str]) -> None:
        self._client = client
        self._collection = collection
        self._ids = dict.fromkeys(ids)
        self._document = lru_cache(maxsize=_DOCUMENTS_HELD)(self._ask)

    def __getitem__(self, document_id: str) -> Document:
        if document_id not in self._ids:
            raise KeyError(document_id)
        return self._document(document_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def _ask(self, document_id: str) -> Document:
        with reaching():
            found = self._client.retrieve(self._collection, [point_of("document", document_id)], ["record"])
        if not found:
            raise IndexDamaged(
                f"{self._collection} lacks {document_id}; run `needle ingest` to build it anew"
            )
        return DOCUMENT.validate_json((found[0].payload or {})["record"])


def _place(point: models.ScoredPoint) -> int:
    """Where a passage stands in the order of the index."""
    return int((point.payload or {})["place"])


def _first(points: list[models.ScoredPoint], most: int) -> list[models.ScoredPoint]:
    """The `most` best of more; of those that score the same the first in the order of the index."""
    return sorted(points, key=lambda point: (-round(point.score, 5), _place(point)))[:most]


def _manifest(collection: str, about: dict[str, Any] | None) -> Manifest:
    mend = "run `needle ingest` to build it anew"
    if about is None:
        raise IndexDamaged(f"the collections of {collection} lack their manifest; {mend}")
    version = about["manifest"].get("format_version")
    if version != FORMAT_VERSION:
        raise IndexMismatch(f"{collection} has format {version}, this version reads {FORMAT_VERSION}; {mend}")
    try:
        return _MANIFEST.validate_python(about["manifest"])
    except ValidationError as exc:
        raise IndexDamaged(f"the manifest of {collection} cannot be read; {mend}") from exc


def _scrolled(
    client: QdrantClient, collection: str, wanted: models.Filter | None, fields: list[str] | None
) -> Iterator[dict[str, Any]]:
    """The payloads of all points that are wanted, a page a request."""
    offset = None
    while True:
        with reaching():
            points, offset = client.scroll(
                collection, wanted, limit=_PAGE, offset=offset, with_payload=fields or True
            )
        yield from (point.payload or {} for point in points)
        if offset is None:
            return


def _allowed(
    document_ids: frozenset[str] | None, kinds: frozenset[str] | None, also: models.Filter | None = None
) -> models.Filter | None:
    lists = (("document_id", document_ids), ("kind", kinds))
    conditions: list[models.Condition] = [
        models.FieldCondition(key=key, match=models.MatchAny(any=sorted(values)))
        for key, values in lists
        if values is not None
    ]
    if also:
        conditions.append(also)
    return models.Filter(must=conditions) if conditions else None


def _sparse(terms: Mapping[str, float]) -> models.SparseVector:
    weights: dict[int, float] = {}
    for term, weight in terms.items():
        weights[number_of(term)] = weights.get(number_of(term), 0.0) + weight
    return models.SparseVector(indices=list(weights), values=list(weights.values()))


def _query(
    using: str,
    query: list[float] | list[list[float]] | models.SparseVector,
    wanted: models.Filter | None,
    limit: int,
    fields: list[str] | None = None,
) -> models.QueryRequest:
    return models.QueryRequest(
        query=query,
        using=using,
        filter=wanted,
        limit=limit,
        with_payload=fields or False,
        params=_AS_STORED if using in ("tokens", "sentences") else None,
    )


# The int8 codes are what the embedded index ranks by as well; the full vectors stay on the disk.
_AS_STORED = models.SearchParams(quantization=models.QuantizationSearchParams(rescore=False))
