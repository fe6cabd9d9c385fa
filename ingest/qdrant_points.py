"""What a generation is on a Qdrant server: its points, and the collection that takes them."""

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

import numpy as np
from qdrant_client import QdrantClient, models

from ingest.encoder import Float32
from ingest.index import DOCUMENT, PASSAGE, Generation, searched_text
from ingest.lexical import K1, B, terms
from ingest.qdrant_server import OPEN, number_of, point_of
from ingest.records import Passage
from ingest.tokens import PassageTokens

# Of token and sentence vectors: a twentieth of the step of their int8.
_DECIMALS = 4
# So many characters a number of them has in JSON.
_NUMBER = 8
# Words of a point, 20 bytes each.
_WORDS = 20_000

# A point and about how many bytes it has on its way.
Sized = tuple[int, models.PointStruct]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What tells whether the server has a document already.

    place: in the order of documents. record, passages: sha256 of what is stored of it and of its passages.
    """

    place: int
    record: str
    passages: str


@dataclass(frozen=True)
class Contents:
    """What is counted of a generation, all passages in view.

    imprints: by document id, in order; places from 0. frequency: of passages that hold a term. mean: of the
    number of terms in a passage.
    """

    imprints: dict[str, Imprint]
    frequency: Counter[str]
    mean: float


def contents_of(generation: Generation) -> Contents:
    """Read through a generation."""
    passages = {document_id: hashlib.sha256() for document_id in generation.documents}
    frequency: Counter[str] = Counter()
    length = count = 0
    for passage in generation.passages:
        passages[passage.document_id].update(PASSAGE.dump_json(passage) + b"\n")
        found = _terms(passage)
        frequency.update(set(found))
        length, count = length + len(found), count + 1
    imprints = {
        document.id: Imprint(
            place,
            hashlib.sha256(DOCUMENT.dump_json(document)).hexdigest(),
            passages[document.id].hexdigest(),
        )
        for place, document in enumerate(generation.documents.values())
    }
    return Contents(imprints, frequency, length / count if count else 1.0)


def make_collection(client: QdrantClient, collection: str, dimension: int) -> None:
    """An empty collection; of a run that was stopped nothing is kept."""
    if client.collection_exists(collection):
        client.delete_collection(collection)
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
        sparse_vectors_config={"lexical": models.SparseVectorParams()},
        on_disk_payload=True,
    )
    keyword, integer = models.KeywordIndexType.KEYWORD, models.IntegerIndexType.INTEGER
    for field in ("part", "document_id", "kind"):
        client.create_payload_index(collection, field, models.KeywordIndexParams(type=keyword))
    # Single passages are asked for by them, not filtered in a search.
    client.create_payload_index(collection, "id", models.KeywordIndexParams(type=keyword, on_disk=True))
    client.create_payload_index(collection, "ordinal", models.IntegerIndexParams(type=integer, on_disk=True))
    for field in ("since", "until"):
        client.create_payload_index(collection, field, models.IntegerIndexParams(type=integer))


def document_points(generation: Generation, imprints: Mapping[str, Imprint], number: int) -> Iterator[Sized]:
    """The documents that have an imprint, as points that begin with generation `number`."""
    for document_id, imprint in imprints.items():
        head, document = generation.heads[document_id], generation.documents[document_id]
        record = DOCUMENT.dump_json(document).decode()
        payload = {
            "document_id": document_id,
            **asdict(imprint),
            "kinds": dict(head.kinds),
            "described": DOCUMENT.dump_json(head.document).decode(),
            "abbreviations": [[pair.short, pair.long] for pair in document.abbreviations],
            "document": record,
        }
        yield len(record), _point("document", document_id, number, payload)


def table_points(generation: Generation, contents: Contents, pivot: float, number: int) -> Iterator[Sized]:
    """Words, terms and manifest of generation `number`. pivot: as in `passage_points`."""
    for part, counts in (("words", generation.words), ("terms", contents.frequency)):
        found = list(counts.items())
        for first in range(0, len(found), _WORDS):
            names, numbers = zip(*found[first : first + _WORDS], strict=True)
            yield 20 * len(names), _point(part, str(first), number, {"names": names, "counts": numbers})
    idf = base64.b64encode(generation.tokens.idf.astype("<f4").tobytes()).decode()
    manifest = {
        "manifest": {**asdict(generation.manifest), "files": {}},
        "idf": idf,
        "mean": contents.mean,
        "pivot": pivot,
    }
    yield len(idf), _point("manifest", "", number, manifest)


def passage_points(
    generation: Generation, document_ids: frozenset[str], pivot: float, number: int
) -> Iterator[Sized]:
    """The passages of some documents, in order.

    pivot: the mean number of terms that their lexical vectors are made with. number: as above.
    """
    places = enumerate(generation.passages)
    for document_id, group in groupby(places, key=lambda each: each[1].document_id):
        if document_id in document_ids:
            for ordinal, (place, passage) in enumerate(group):
                yield _passage_point(generation, place, passage, ordinal, pivot, number)


def _passage_point(
    generation: Generation, place: int, passage: Passage, ordinal: int, pivot: float, number: int
) -> Sized:
    [tokens] = generation.tokens_of([passage])
    sentences = _sentence_vectors(tokens)
    found = _terms(passage)
    vectors: dict[str, models.Vector] = {
        "dense": generation.vectors.vector(place).tolist(),
        "lexical": saturated(found, pivot),
    }
    # A multivector has at least one vector.
    vectors |= {
        name: np.round(rows.astype(np.float64), _DECIMALS).tolist()
        for name, rows in (("tokens", tokens.vectors), ("sentences", sentences))
        if len(rows)
    }
    record = PASSAGE.dump_json(passage).decode()
    payload = {
        "id": passage.id,
        "document_id": passage.document_id,
        "kind": passage.kind,
        "ordinal": ordinal,
        "length": len(found),
        "passage": record,
        "pieces": tokens.ids.tolist(),
        "rows": tokens.sentences.tolist(),
    }
    numbers = (len(tokens.vectors) + len(sentences) + 1) * tokens.vectors.shape[1]
    return numbers * _NUMBER + len(record), _point("passage", passage.id, number, payload, vectors)


def _point(
    part: str,
    name: str,
    number: int,
    payload: Mapping[str, object],
    vectors: dict[str, models.Vector] | None = None,
) -> models.PointStruct:
    return models.PointStruct(
        id=point_of(part, f"{name}:{number}"),
        vector=vectors or {},
        payload={"part": part, "since": number, "until": OPEN, **payload},
    )


def _terms(passage: Passage) -> list[str]:
    # A wordless passage counts among the passages too: it has the empty term, which no query holds.
    return terms(searched_text(passage)) or [""]


def length_of(count: int, mean: float) -> float:
    """What BM25 adds to a term's frequency in a passage of `count` terms: k1 (1 - b + b |d| / mean)."""
    return K1 * (1 - B + B * count / mean)


def saturated(found: Sequence[str], mean: float) -> models.SparseVector:
    """What BM25 takes of each term of a passage, before its idf: tf / (tf + `length_of`)."""
    length = length_of(len(found), mean)
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
