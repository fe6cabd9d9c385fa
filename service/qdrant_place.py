"""The index on a Qdrant server."""

from qdrant_client import QdrantClient

from ingest.errors import IndexMissing
from ingest.index import Manifest
from ingest.qdrant_reader import open_current_on
from ingest.qdrant_server import current_place
from ingest.searchable import Searchable


class QdrantPlace:
    """A server, as a `service.index_places.IndexPlace`; writers collect what is old there."""

    def __init__(self, client: QdrantClient) -> None:
        self._client = client

    def pointer(self) -> object:
        try:
            return current_place(self._client)
        except IndexMissing:
            return None

    def open(self) -> Searchable:
        return open_current_on(self._client)

    def manifest(self) -> Manifest:
        return self.open().manifest

    def newest_whole(self) -> Searchable | None:
        return None  # the alias leads to whole ones only

    def collect(self) -> bool:
        return True

    def __str__(self) -> str:
        return "the Qdrant server"
