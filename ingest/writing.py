"""One writer at a time: the lock on an index and its corpus, and who holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.embedding import Report

# Most writers are done before anybody has to be told that they are there.
PATIENCE_SECONDS = 1.0
WAITING = "waiting"


def write_lock(folder: Path) -> FileLock:
    """Held by whoever writes to the index in `folder`, which is made, or to its corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / ".lock")


@contextmanager
def writing(folder: Path, report: Report) -> Iterator[None]:
    """Hold the write lock while the `with` block lasts; wait for another writer first.

    report: after a second of waiting called as `report("waiting for process 4711", 0, 1)`, so that whoever
    waits knows for whom.
    Raises OSError if the folder cannot be written to.
    """
    lock = write_lock(folder)
    try:
        lock.acquire(timeout=PATIENCE_SECONDS)
    except Timeout:
        report(f"{WAITING} for {_holder(folder)}", 0, 1)
        lock.acquire()
    try:
        # Only told to others: the lock itself is the kernel's, and goes with the process that holds it.
        with suppress(OSError):
            (folder / ".lock").write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        lock.release()


def _holder(folder: Path) -> str:
    with suppress(OSError, ValueError):
        return f"process {int((folder / '.lock').read_text(encoding='ascii'))}"
    return "another process"
