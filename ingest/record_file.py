"""Records on the disk, one a line as JSON: each is read when it is needed, and the last ones are kept.

NAME.jsonl         the records
NAME.offsets.npy   (n + 1,) int64, the byte at which each line begins, and where the last one ends
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, overload

import numpy as np
from pydantic import TypeAdapter

from ingest.bounds import bounds_of
from ingest.checksums import guard

T = TypeVar("T")


class RecordFile(Sequence[T]):
    """The n records of one file; safe to use from several threads at once.

    Reading one raises IndexDamaged if it is not as it was written.
    """

    def __init__(self, path: Path, adapter: TypeAdapter[T], kept: int) -> None:
        """Open it; `kept` is how many of the records that were read last stay in memory."""
        offsets = np.asarray(np.load(offsets_of(path))).data
        self._size = len(offsets) - 1
        # Nothing that is kept leads back to this object: an index that nobody reads any more goes at once.
        self._record = lru_cache(maxsize=kept)(_reading(path, offsets, adapter))

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> list[T]: ...

    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self._record(n) for n in range(self._size)[place]]
        return self._record(range(self._size)[place])


class RecordsById(Mapping[str, T]):
    """Records by their ids, in order. Safe as `RecordFile` is."""

    def __init__(self, records: Sequence[T], places: Mapping[str, int]) -> None:
        self._records = records
        self._places = places

    def __getitem__(self, key: str) -> T:
        return self._records[self._places[key]]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _reading(path: Path, offsets: memoryview, adapter: TypeAdapter[T]) -> Callable[[int], T]:
    check = guard(path)
    lines = np.memmap(path, np.uint8, "r") if path.stat().st_size else np.zeros(0, np.uint8)

    def read(place: int) -> T:
        first, last = offsets[place], offsets[place + 1]
        check(first, last)
        return adapter.validate_json(lines[first:last].tobytes())

    return read


def offsets_of(path: Path) -> Path:
    """Where the offsets of the lines of a file of records are."""
    return path.with_suffix(".offsets.npy")


def write_offsets(path: Path) -> None:
    """Write the offsets of the lines of a file beside it."""
    with path.open("rb") as lines:
        np.save(offsets_of(path), bounds_of([len(line) for line in lines]))
