"""The index on a Qdrant server: how it is laid out there, and how the server is reached.

needle.current     one point: which generation answers, and who is writing (`ingest.qdrant_lease`)
needle-<number>    the points of several generations (`ingest.qdrant_points`); the first has this number
├── "passage"      a point a passage, its record as payload, with
│   ├── dense      (d,) L2-normalised; HNSW
│   ├── lexical    sparse: what BM25 takes of each term, before the idf
│   ├── tokens     multivector, one a word piece: late interaction (MaxSim)
│   └── sentences  multivector, one a sentence: the nearest one (MaxSim with a single vector)
├── "document"     a point a document; this and what follows has no vectors
├── "words", "terms"   how often each word and term occurs, some thousands a point
└── "manifest"     a point a generation

A generation is a number, one higher than that of the generation before. It holds the points that began with
it or before (`since`) and end after it (`until`, the first generation without them). So the next one writes
only the points that are new to it and dates the end of those that it has no more, neither of which a reader
of this one sees; what both hold is there once. Points never change but for their end. What counts points,
the idf, is reckoned by generation, since the server would count those of all.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from ingest.errors import IndexMissing, IndexUnreachable

CURRENT = "needle.current"
PREFIX = "needle-"
# The end of what has none yet; the largest of the integers that every reader of JSON has exactly.
OPEN = 2**53
# A query takes tens of milliseconds, a batch of an ingestion seconds.
TIMEOUT_SECONDS = 60
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:needle")
_PAGE = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generation is: its collection, its number there, its name."""

    collection: str
    number: int
    name: str


def connect(url: str, key: str | None) -> QdrantClient:
    """A client of the server at `url`; it reaches out when it is first used."""
    # The version is not asked for: that would be a request, and a warning, before the first one.
    return QdrantClient(url=url, api_key=key, timeout=TIMEOUT_SECONDS, check_compatibility=False)


@contextmanager
def reaching() -> Iterator[None]:
    """What the server or the way to it gets wrong becomes IndexUnreachable."""
    try:
        yield
    except (ApiException, QdrantException, httpx.HTTPError) as exc:
        first = (str(exc).splitlines() or [""])[0] or type(exc).__name__
        raise IndexUnreachable(
            f"Qdrant does not answer as it should ({first}); see that the server of NEEDLE_INDEX runs and "
            "takes NEEDLE_QDRANT_API_KEY"
        ) from exc


def current_place(client: QdrantClient) -> Place:
    """Where the current generation is. Raises IndexMissing or IndexUnreachable."""
    with reaching():
        found = (
            client.retrieve(CURRENT, [point_of("current", "")]) if client.collection_exists(CURRENT) else []
        )
    payload = (found[0].payload or {}) if found else {}
    if not payload.get("number"):
        raise IndexMissing("there is no index on the Qdrant server yet; run `needle ingest` to build it")
    return Place(payload["collection"], payload["number"], payload["name"])


def collections(client: QdrantClient) -> list[str]:
    """The collections that hold generations, whole or half written."""
    with reaching():
        names = [found.name for found in client.get_collections().collections]
    return sorted(name for name in names if name.startswith(PREFIX))


def held_by(number: int, *conditions: models.Condition) -> models.Filter:
    """The points of the generation with this number that meet the conditions."""
    return models.Filter(
        must=[
            models.FieldCondition(key="since", range=models.Range(lte=number)),
            models.FieldCondition(key="until", range=models.Range(gt=number)),
            *conditions,
        ]
    )


def having(field: str, *values: str | int) -> models.FieldCondition:
    """Whether a field has one of some values."""
    return models.FieldCondition(key=field, match=models.MatchAny(any=list(values)))


def scrolled(
    client: QdrantClient, collection: str, wanted: models.Filter, fields: list[str] | None = None
) -> Iterator[dict[str, Any]]:
    """The payloads of all points that are wanted, a page a request. Raises IndexUnreachable."""
    offset = None
    while True:
        with reaching():
            points, offset = client.scroll(
                collection, wanted, limit=_PAGE, offset=offset, with_payload=fields or True
            )
        yield from (point.payload or {} for point in points)
        if offset is None:
            return


def point_of(part: str, name: str) -> str:
    """The id of a point: of a passage, say, by its id and the generation that it begins with."""
    return str(uuid5(_NAMESPACE, f"{part}:{name}"))


def number_of(term: str) -> int:
    """The dimension of a term in sparse vectors: the same for every writer and reader, with no table.

    Of a million terms 116 pairs or so share one of the 2^32 dimensions.
    """
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest())
