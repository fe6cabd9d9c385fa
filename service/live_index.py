"""The index that a running service answers from: opened once, replaced when a newer one is written."""

import asyncio
import gc
import logging
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.encoder import Encoder, EncoderInfo, load_encoder
from ingest.errors import IndexMismatch, IndexMissing, IndexUnusable, NeedleError
from ingest.onnx_cache import exported
from ingest.searchable import Searchable
from service.batching import BatchingEncoder
from service.computing import PROCESSORS
from service.index_places import FolderPlace, IndexPlace
from service.retrieval.retriever import Retriever

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation and what searches it; whoever holds it keeps it, whatever is written meanwhile."""

    generation: Searchable
    retriever: Retriever


class LiveIndex:
    """Keeps the newest usable generation of an index, or of the one in a folder, open.

    Requests take `current()`, which never waits; opening is slow and left to the start and to `watch()`.
    """

    def __init__(self, index: IndexPlace | Path, encoder_name: str) -> None:
        self._place: IndexPlace = FolderPlace(index) if isinstance(index, Path) else index
        self._encoder_name = encoder_name
        self._encoder: Encoder | None = None
        self._opened: Opened | None = None
        self._failure: NeedleError = IndexMissing(
            f"the index in {index} has not been opened yet; try again in a moment"
        )
        self._tried: object = None  # what was current when a generation was last opened
        self._outdated = False  # whether there may be generations that nobody will read any more
        self._former: Callable[[], Retriever | None] = lambda: None  # the one before, while anybody holds it
        self._lock = threading.Lock()
        self.failures = 0  # how many times the log has said why a generation cannot be opened

    def current(self) -> Opened:
        """The open generation. Raises the NeedleError that keeps it from being opened."""
        if self._opened is None:
            # A copy, since a raised exception gathers the traceback of every request that meets it.
            raise type(self._failure)(str(self._failure))
        return self._opened

    def open(self) -> Opened:
        """Open the current generation. Raises NeedleError; what was open before stays in use.

        If nothing was, the newest generation that is whole stands in for a current one that is not.
        """
        with self._lock:
            self._tried = self._place.pointer()
            generation = self._usable()
            if self._encoder is None:
                encoder = exported(load_encoder(self._encoder_name), generation.searched_texts())
                self._encoder = BatchingEncoder(encoder, PROCESSORS)
            _check_encoder(generation.manifest.encoder, self._encoder.info)
            if self._opened:
                self._former = weakref.ref(self._opened.retriever)
            self._opened = Opened(generation, Retriever(generation, self._encoder))
            self._outdated = True
            return self._opened

    def _usable(self) -> Searchable:
        try:
            return self._place.open()
        except IndexUnusable as exc:
            whole = None if self._opened else self._place.newest_whole()
            if whole is None:
                raise
            logger.warning("%s; until then generation %s answers, the newest that is whole", exc, whole.name)
            self.failures += 1
            return whole

    def refresh(self) -> None:
        """Open the newest generation, unless it is open already; log and keep what prevents it."""
        try:
            if self._opened is None or self._tried != self._place.pointer():
                logger.info("answering from generation %s", self.open().generation.name)
        except NeedleError as exc:
            if str(exc) != str(self._failure):
                logger.warning("%s", exc)
                self.failures += 1
            self._failure = exc

    async def watch(self) -> None:
        """Refresh whenever another generation is written, until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await asyncio.to_thread(self.refresh)
            await asyncio.to_thread(self.collect)

    def collect(self) -> None:
        """Remove the generations before the open one, once no request reads them and no build is running."""
        if not self._outdated:
            return
        if self._former():
            # Requests that were broken off leave it in a cycle of their frames, which Python looks for only
            # while much else is made: a service that is asked nothing would hold it for good.
            gc.collect()
        try:
            self._outdated = not self._place.collect()
        except (OSError, NeedleError) as exc:
            logger.debug("old generations stay: %s", exc)  # a folder that may only be read, say
            self._outdated = False


def _check_encoder(written: EncoderInfo, loaded: EncoderInfo) -> None:
    """Vectors of two models cannot be compared. The weights decide, whatever the model is called."""
    if written.sha256 != loaded.sha256:
        raise IndexMismatch(
            f"the index was built with {written.name} ({written.sha256[:12]}…), this is {loaded.name} "
            f"({loaded.sha256[:12]}…); set NEEDLE_ENCODER={written.name}, or run `needle ingest`"
        )
