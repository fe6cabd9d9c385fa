"""Where the index is: a folder of this machine, or a Qdrant server. Whoever opens it need not know which."""

from pathlib import Path
from typing import Protocol

from filelock import Timeout

from ingest.index import (
    CURRENT,
    Manifest,
    collect,
    current_name,
    newest_whole,
    open_current,
    open_generation,
    read_manifest,
)
from ingest.searchable import Searchable
from ingest.writing import write_lock
from service.settings import Settings


class IndexPlace(Protocol):
    """A place that generations are written to, of which one is current."""

    def pointer(self) -> object:
        """What says which generation is current, to be compared; None if nothing does.

        Raises IndexUnreachable.
        """

    def open(self) -> Searchable:
        """The current generation. Raises IndexUnusable."""

    def manifest(self) -> Manifest:
        """What the current generation says of itself. Raises IndexUnusable."""

    def newest_whole(self) -> Searchable | None:
        """The newest generation that can be opened, where the current one cannot; None if there is none."""

    def collect(self) -> bool:
        """Remove generations that nobody reads any more; whether none is left to be removed later.

        Raises OSError or NeedleError where they cannot be removed.
        """


class FolderPlace:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pointer(self) -> object:
        try:
            return (self._folder / CURRENT).read_bytes()
        except OSError:
            return None

    def open(self) -> Searchable:
        return open_current(self._folder)

    def manifest(self) -> Manifest:
        return read_manifest(self._folder / current_name(self._folder))

    def newest_whole(self) -> Searchable | None:
        return newest_whole(self._folder, open_generation)

    def collect(self) -> bool:
        try:
            with write_lock(self._folder).acquire(timeout=0):
                return collect(self._folder)
        except Timeout:
            return False  # a build is running; it collects, or the next round does

    def __str__(self) -> str:
        return str(self._folder)


def place_of(settings: Settings) -> IndexPlace:
    """The place that NEEDLE_INDEX names."""
    server = settings.server()
    if server is None:
        return FolderPlace(settings.working_folder())
    client = server.client()
    # What speaks to a server takes long to import.
    from service.qdrant_place import QdrantPlace

    return QdrantPlace(client)
