"""One writer at a time on a Qdrant server, and the switch to what it has written.

Both are in one point, which is only ever replaced by who has seen its last version. A writer counts the
version up while it works; when that has not moved for LEASE_SECONDS of a waiting one's own clock, the
waiting one takes the writer for dead, and its place. Should the dead one wake up, it learns that before its
next request, and can no longer switch.
"""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from uuid import uuid4

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException

from ingest.embedding import Report
from ingest.errors import IndexNotWritten, IndexUnusable
from ingest.qdrant_server import CURRENT, TIMEOUT_SECONDS, Place, having, point_of, reaching
from ingest.writing import PATIENCE_SECONDS, WAITING

# Longer than the longest request: between two of them a writer says that it is alive.
LEASE_SECONDS = 1.5 * TIMEOUT_SECONDS
_BEAT_SECONDS = 5.0
_POLL_SECONDS = 0.5
_POINT = point_of("current", "")


@dataclass(frozen=True, slots=True)
class _Record:
    """What the point says. writer: of whom it is, "" for nobody; who: the same for people.

    collection, number, name: of the current generation; number 0 for none.
    """

    version: int = 0
    writer: str = ""
    who: str = ""
    collection: str = ""
    number: int = 0
    name: str = ""


class Lease:
    """Held by the one writer; `writing_to` gives it."""

    def __init__(self, client: QdrantClient) -> None:
        self._client = client
        self._id = uuid4().hex
        self._seen = _Record()
        self._beaten = 0.0

    @property
    def place(self) -> Place | None:
        """Where the current generation is; None if there is none."""
        seen = self._seen
        return Place(seen.collection, seen.number, seen.name) if seen.number else None

    def beat(self) -> None:
        """Say that the writer is alive; to be called before each request.

        Raises IndexNotWritten if another one writes by now.
        """
        if time.monotonic() - self._beaten > _BEAT_SECONDS:
            self._put(self._seen)

    def switch(self, place: Place) -> None:
        """Make a generation the current one, all at once. Raises IndexNotWritten if another writes by now."""
        self._put(replace(self._seen, **asdict(place)))

    def acquire(self, report: Report) -> None:
        """Wait until nobody else writes."""
        self._prepare()
        seen, since, told = self._read(), time.monotonic(), False
        while True:
            waited = time.monotonic() - since
            if not seen.writer or waited > LEASE_SECONDS:
                who = f"process {os.getpid()} on {platform.node()}"
                with suppress(IndexNotWritten):  # a third one was faster
                    self._seen = seen
                    self._put(replace(seen, writer=self._id, who=who))
                    return
            elif waited > PATIENCE_SECONDS and not told:
                report(f"{WAITING} for {seen.who}", 0, 1)
                told = True
            time.sleep(_POLL_SECONDS if seen.writer else 0)
            now = self._read()
            if now.version != seen.version:
                seen, since = now, time.monotonic()

    def release(self) -> None:
        """Let others write."""
        self._put(replace(self._seen, writer="", who=""))

    def _prepare(self) -> None:
        with reaching():
            if not self._client.collection_exists(CURRENT):
                try:
                    self._client.create_collection(CURRENT, vectors_config={}, shard_number=1)
                except (ApiException, ValueError):
                    if not self._client.collection_exists(CURRENT):  # not even by another writer
                        raise
            self._client.create_payload_index(CURRENT, "version", models.PayloadSchemaType.INTEGER)
            self._client.upsert(
                CURRENT,
                [_point(_Record())],
                wait=True,
                ordering=models.WriteOrdering.STRONG,
                update_mode=models.UpdateMode.INSERT_ONLY,
            )

    def _read(self) -> _Record:
        with reaching():
            [found] = self._client.retrieve(CURRENT, [_POINT])
        return _Record(**(found.payload or {}))

    def _put(self, record: _Record) -> None:
        """Replace the version that was seen last. Raises IndexNotWritten if there is a later one."""
        wanted = replace(record, version=self._seen.version + 1)
        with reaching():
            self._client.upsert(
                CURRENT,
                [_point(wanted)],
                wait=True,
                ordering=models.WriteOrdering.STRONG,
                update_filter=models.Filter(must=[having("version", self._seen.version)]),
            )
        now = self._read()
        if now != wanted:
            raise IndexNotWritten(
                f"{now.who or 'another process'} has taken over the writing to the Qdrant server, since this "
                f"one was silent for {LEASE_SECONDS:.0f} s; run `needle ingest` again"
            )
        self._seen, self._beaten = wanted, time.monotonic()


@contextmanager
def writing_to(client: QdrantClient, report: Report) -> Iterator[Lease]:
    """Be the one writer while the `with` block lasts; wait for another one first.

    report: after a second of waiting called as `report("waiting for process 4711 on host", 0, 1)`.
    Raises IndexUnreachable.
    """
    lease = Lease(client)
    lease.acquire(report)
    try:
        yield lease
    finally:
        with suppress(IndexUnusable, IndexNotWritten):  # it ends by itself
            lease.release()


def _point(record: _Record) -> models.PointStruct:
    return models.PointStruct(id=_POINT, vector={}, payload=asdict(record))
