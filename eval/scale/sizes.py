"""All sizes, one after the other, each in processes of its own."""

import multiprocessing
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import TypeVar

from eval.errors import NoRoom
from eval.scale.building import Built, build
from eval.scale.searching import Searched, search
from ingest.approximate import Choice
from ingest.embedding import Report

# Measured: 34 KB are token vectors, 88 of 384 bytes.
_BYTES_A_PASSAGE = 40_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Size:
    """One index."""

    passages: int
    built: Built
    searched: Searched


def measure(sizes: Sequence[int], choice: Choice, folder: Path, report: Report) -> list[Size]:
    """Build, open and search an index of each of these sizes in `folder`, which is left as it was.

    Raises NoRoom if the largest does not fit on the disk.
    """
    wanted, free = max(sizes) * _BYTES_A_PASSAGE, shutil.disk_usage(folder).free
    if wanted > free:
        raise NoRoom(
            f"{max(sizes):,} passages take {wanted / 1e9:,.0f} GB, and {free / 1e9:,.0f} GB are free in "
            f"{folder}; choose a larger disk with --in DIR, or fewer with --passages"
        )
    return [_measured(size, choice, folder / f"{size}", report) for size in sizes]


def _measured(size: int, choice: Choice, folder: Path, report: Report) -> Size:
    try:
        built = _apart(build, (folder, size, choice), report)
        return Size(size, built, _apart(search, (folder, size), report))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _apart(work: Callable[..., T], arguments: tuple[object, ...], report: Report) -> T:
    """What `work` gives in a process of its own, whose memory is its own and whose cache is empty."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        told: Queue[tuple[str, int, int]] = manager.Queue()
        with ProcessPoolExecutor(1, context) as process:
            running = process.submit(work, *arguments, _Teller(told))
            while not running.done():
                with suppress(Empty):
                    report(*told.get(timeout=0.2))
            return running.result()


class _Teller:
    """A report that another process makes."""

    def __init__(self, told: Queue[tuple[str, int, int]]) -> None:
        self._told = told

    def __call__(self, step: str, done: int, total: int) -> None:
        self._told.put((step, done, total))
