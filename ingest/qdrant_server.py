"""The index on a Qdrant server: how it is laid out there, and how the server is reached.

alias `needle`                  the collection of the current generation, switched all at once
needle-<generation>             a point a passage (`ingest.qdrant_writer`): its vectors, its record as payload
├── dense                       (d,) L2-normalised; HNSW
├── lexical                     sparse: what BM25 takes of each term; the server multiplies it by the idf
├── tokens                      multivector, one a word piece: late interaction (MaxSim)
└── sentences                   multivector, one a sentence: the nearest one (MaxSim with a single vector)
needle-<generation>.documents   a point a document, and what is known of the whole generation; no vectors
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import NAMESPACE_URL, uuid5

import httpx
from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from ingest.errors import IndexMissing, IndexUnreachable

ALIAS = "needle"
_PREFIX = "needle-"
_DOCUMENTS = ".documents"
# A query takes tens of milliseconds, a batch of an ingestion seconds.
_TIMEOUT_SECONDS = 60
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:needle")


def connect(url: str, key: str | None) -> QdrantClient:
    """A client of the server at `url`; it reaches out when it is first used."""
    # The version is not asked for: that would be a request, and a warning, before the first one.
    return QdrantClient(url=url, api_key=key, timeout=_TIMEOUT_SECONDS, check_compatibility=False)


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


def current_collection(client: QdrantClient) -> str:
    """The collection of the current generation. Raises IndexMissing or IndexUnreachable."""
    with reaching():
        aliases = client.get_aliases().aliases
    for alias in aliases:
        if alias.alias_name == ALIAS:
            return alias.collection_name
    raise IndexMissing("there is no index on the Qdrant server yet; run `needle ingest` to build it")


def collection_of(generation: str) -> str:
    """The collection of a generation's passages."""
    return _PREFIX + generation


def generation_of(collection: str) -> str:
    """The generation whose passages are in this collection."""
    return collection.removeprefix(_PREFIX)


def documents_of(collection: str) -> str:
    """The collection of the documents that go with one of passages."""
    return collection + _DOCUMENTS


def generations(client: QdrantClient) -> list[str]:
    """The collections of passages, oldest first, whole or half written."""
    with reaching():
        names = [found.name for found in client.get_collections().collections]
    return sorted(name for name in names if name.startswith(_PREFIX) and not name.endswith(_DOCUMENTS))


def point_of(kind: str, name: str) -> str:
    """The id of the point of a passage ("passage"), of a document ("document") or of anything else."""
    return str(uuid5(_NAMESPACE, f"{kind}:{name}"))


def number_of(term: str) -> int:
    """The dimension of a term in sparse vectors: the same for every writer and reader, with no table.

    Of a million terms 116 pairs or so share one of the 2^32 dimensions.
    """
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest())
