"""Bringing what was built on this machine to the server that the index is on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import IndexUnusable

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

    from ingest.embedding import Report


@dataclass(frozen=True, slots=True)
class Server:
    """A Qdrant server."""

    url: str
    key: str | None = field(default=None, repr=False)

    def client(self) -> "QdrantClient":
        """A client; the server is reached when it is first asked. Raises IndexUnusable without the extra."""
        # An extra, and slow to import.
        try:
            from ingest.qdrant_server import connect
        except ModuleNotFoundError as exc:
            raise IndexUnusable(
                f"the index is on {self.url}, and {exc.name} is not installed; run `pip install "
                "'needle[qdrant]'`, or set NEEDLE_INDEX to a folder"
            ) from exc
        return connect(self.url, self.key)


def publish_current(folder: Path, server: Server, report: "Report") -> None:
    """Have the server hold the current generation of the index in `folder`.

    report: called as `report("publishing", done, total)`. Raises IndexUnusable.
    """
    client = server.client()
    from ingest.index import open_current
    from ingest.qdrant_writer import publish

    try:
        publish(open_current(folder), client, report)
    finally:
        client.close()
