"""Writing a generation to a Qdrant server: all of it into new collections, then the switch."""

import base64
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

import numpy as np
from qdrant_client import QdrantClient, models

from ingest.embedding import Report
from ingest.encoder import Float32
from ingest.errors import IndexMissing
from ingest.index import DOCUMENT, PASSAGE, Generation
from ingest.lexical import K1, B, terms
from ingest.qdrant_server import (
    ALIAS,
    collection_of,
    current_collection,
    documents_of,
    generations,
    number_of,
    point_of,
    reaching,
)
from ingest.tokens import PassageTokens

# Of token and sentence vectors: finer than float16, and half as long in JSON as all that a float has.
_DECIMALS = 5
# Vectors of a request, of which the server takes up to 32 MB: 384 numbers of 9 characters are 3.5 kB each.
_VECTORS = 4000
# Words of a point, 20 bytes each.
_WORDS = 20_000


def publish(generation: Generation, client: QdrantClient, report: Report) -> None:
    """Have the server hold a generation, and make it the current one.

    What was current before stays for those who read it; what is older goes. Any number of writers may run:
    the last one to finish is current. Raises IndexUnreachable; the current one then stays as it was.
    """
    collection = collection_of(generation.name)
    try:
        before = current_collection(client)
    except IndexMissing:
        before = None
    if before == collection:
        return
    with reaching():
        _make(client, collection, generation.manifest.encoder.dimension)
        _write_documents(client, documents_of(collection), generation)
        done = 0
        for batch in _batches(_points(generation)):
            client.upsert(collection, batch, wait=True)
            done += len(batch)
            report("publishing", done, len(generation.passages))
        _switch(client, collection, replaces=before is not None)
        for other in generations(client):
            # What is newer than both may be one that somebody is writing.
            if before and other < min(before, collection):
                _remove(client, other)


def _make(client: QdrantClient, collection: str, dimension: int) -> None:
    """Empty collections; of a run that was stopped nothing is kept."""
    _remove(client, collection)
    in_memory = models.ScalarQuantization(
        scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
    )
    on_disk = models.ScalarQuantization(
        scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=False)
    )
    several = models.VectorParams(
        size=dimension,
        distance=models.Distance.DOT,
        on_disk=True,
        datatype=models.Datatype.FLOAT16,
        multivector_config=models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM),
        # They are never searched, only compared with those of candidates.
        hnsw_config=models.HnswConfigDiff(m=0),
        quantization_config=on_disk,
    )
    client.create_collection(
        collection,
        vectors_config={
            "dense": models.VectorParams(
                size=dimension,
                distance=models.Distance.DOT,
                on_disk=True,
                quantization_config=in_memory,
            ),
            "tokens": several,
            "sentences": several,
        },
        sparse_vectors_config={"lexical": models.SparseVectorParams(modifier=models.Modifier.IDF)},
        on_disk_payload=True,
    )
    for field, schema in (
        ("document_id", models.PayloadSchemaType.KEYWORD),
        ("kind", models.PayloadSchemaType.KEYWORD),
        ("place", models.PayloadSchemaType.INTEGER),
    ):
        client.create_payload_index(collection, field, schema)
    client.create_collection(documents_of(collection), vectors_config={}, on_disk_payload=True)
    client.create_payload_index(documents_of(collection), "part", models.PayloadSchemaType.KEYWORD)


def _remove(client: QdrantClient, collection: str) -> None:
    for name in (collection, documents_of(collection)):
        if client.collection_exists(name):
            client.delete_collection(name)


def _switch(client: QdrantClient, collection: str, *, replaces: bool) -> None:
    away = models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=ALIAS))
    here = models.CreateAliasOperation(
        create_alias=models.CreateAlias(collection_name=collection, alias_name=ALIAS)
    )
    client.update_collection_aliases([away, here] if replaces else [here])


def _write_documents(client: QdrantClient, collection: str, generation: Generation) -> None:
    kinds = generation.kinds()
    for place, document in enumerate(generation.documents.values()):
        payload = {
            "part": "document",
            "id": document.id,
            "place": place,
            "kinds": dict(kinds[document.id]),
            "record": DOCUMENT.dump_json(document).decode(),
        }
        _put(client, collection, "document", document.id, payload)
    words, found = list(generation.words.items()), list(generation.vocabulary)
    for first in range(0, len(words), _WORDS):
        part = dict(words[first : first + _WORDS])
        _put(client, collection, "words", str(first), {"part": "words", "words": part})
    for first in range(0, len(found), _WORDS):
        _put(
            client, collection, "terms", str(first), {"part": "terms", "terms": found[first : first + _WORDS]}
        )
    manifest = {
        "part": "manifest",
        "manifest": {**asdict(generation.manifest), "files": {}},
        "idf": base64.b64encode(generation.tokens.idf.astype("<f4").tobytes()).decode(),
    }
    _put(client, collection, "manifest", "", manifest)


def _put(client: QdrantClient, collection: str, kind: str, name: str, payload: Mapping[str, object]) -> None:
    point = models.PointStruct(id=point_of(kind, name), vector={}, payload=dict(payload))
    client.upsert(collection, [point], wait=True)


def _batches(points: Iterable[tuple[int, models.PointStruct]]) -> Iterator[list[models.PointStruct]]:
    batch: list[models.PointStruct] = []
    room = _VECTORS
    for size, point in points:
        if batch and size > room:
            yield batch
            batch, room = [], _VECTORS
        batch.append(point)
        room -= size
    if batch:
        yield batch


def _points(generation: Generation) -> Iterator[tuple[int, models.PointStruct]]:
    """A point a passage, in order, each with the number of its vectors."""
    # A wordless passage counts among the passages too: it has the empty term, which no query holds.
    found = [terms(text) or [""] for text in generation.searched_texts()]
    mean = float(np.mean([len(each) for each in found] or [1]))
    for place, passage in enumerate(generation.passages):
        [tokens] = generation.tokens_of([passage])
        sentences = _sentence_vectors(tokens)
        vectors: dict[str, models.Vector] = {
            "dense": generation.vectors.vector(place).tolist(),
            "lexical": _saturated(found[place], mean),
        }
        # A multivector has at least one vector.
        vectors |= {
            name: np.round(rows.astype(np.float64), _DECIMALS).tolist()
            for name, rows in (("tokens", tokens.vectors), ("sentences", sentences))
            if len(rows)
        }
        payload = {
            "id": passage.id,
            "document_id": passage.document_id,
            "kind": passage.kind,
            "place": place,
            "record": PASSAGE.dump_json(passage).decode(),
            "pieces": tokens.ids.tolist(),
            "rows": tokens.sentences.tolist(),
        }
        point = models.PointStruct(id=point_of("passage", passage.id), vector=vectors, payload=payload)
        yield len(tokens.vectors) + len(sentences) + 1, point


def _saturated(found: Sequence[str], mean: float) -> models.SparseVector:
    """What BM25 takes of each term of a passage, before its idf: tf / (tf + k1 (1 - b + b |d| / mean))."""
    length = K1 * (1 - B + B * len(found) / mean)
    weights: defaultdict[int, float] = defaultdict(float)
    for term, count in Counter(found).items():
        weights[number_of(term)] += count / (count + length)
    return models.SparseVector(indices=list(weights), values=list(weights.values()))


def _sentence_vectors(tokens: PassageTokens) -> Float32:
    """(s, d) float32: the mean of each sentence's token vectors, L2-normalised; zeros if it has none."""
    means = [
        tokens.vectors[first:last].mean(axis=0) if last > first else np.zeros(tokens.vectors.shape[1])
        for first, last in tokens.sentences
    ]
    vectors = np.asarray(means, np.float32).reshape(len(means), tokens.vectors.shape[1])
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)
