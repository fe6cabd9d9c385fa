"""The server that tests of the Qdrant backend run against: a real one where there is one, else a stand-in."""

import os

from qdrant_client import QdrantClient

from ingest.qdrant_server import CURRENT, collections, connect

# Read before a fixture takes away every variable of that name.
_URL = os.environ.get("NEEDLE_TEST_QDRANT_URL")


def empty_server() -> QdrantClient:
    """A server without any generation: that of NEEDLE_TEST_QDRANT_URL, or the client's own local mode."""
    if not _URL:
        return QdrantClient(":memory:")
    client = connect(_URL, None)
    for collection in [CURRENT, *collections(client)]:
        client.delete_collection(collection)
    return client
