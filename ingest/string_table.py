"""Strings with a number each on the disk: a dictionary of which nothing is held in memory.

NAME.txt           the strings, sorted, one a line
NAME.offsets.npy   (n + 1,) int64, the byte at which each line begins, and where the last one ends
NAME.numbers.npy   (n,) int64
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from ingest.bounds import bounds_of

_REMEMBERED = 4096
_ENCODING = "utf-8", "surrogatepass"  # in which the order of bytes is the order of code points


class StringTable(Mapping[str, int]):
    """Maps n strings to numbers, in the order of the strings; a look-up takes some microseconds."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the table `name` in `folder`; the strings stay on the disk."""
        path = folder / f"{name}.txt"
        # An empty file cannot be mapped.
        text = np.memmap(path, np.uint8, "r").data if path.stat().st_size else memoryview(b"")
        self._lines = _Lines(text, _mapped(folder / f"{name}.offsets.npy"))
        self._numbers = _mapped(folder / f"{name}.numbers.npy")
        # A search looks up each of its words several times.
        self._place = lru_cache(maxsize=_REMEMBERED)(self._lines.place)

    def __getitem__(self, string: str) -> int:
        place = self._place(string)
        if place is None:
            raise KeyError(string)
        return int(self._numbers[place])

    def __contains__(self, string: object) -> bool:
        return isinstance(string, str) and self._place(string) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines.between(0, len(self)))

    def __len__(self) -> int:
        return len(self._numbers)

    def starting(self, prefix: str) -> list[str]:
        """The strings that start with `prefix`, in order."""
        first = prefix.encode(*_ENCODING)
        # No byte of UTF-8 is so high.
        return self._lines.between(self._lines.before(first), self._lines.before(first + b"\xff"))


class _Lines:
    """Sorted lines."""

    def __init__(self, text: memoryview, offsets: memoryview) -> None:
        self._text = text
        self._offsets = offsets

    def place(self, string: str) -> int | None:
        """Where a string stands; None if it does not."""
        line = string.encode(*_ENCODING)
        place = self.before(line)
        return place if place < len(self._offsets) - 1 and self._line(place) == line else None

    def before(self, line: bytes) -> int:
        """How many lines come before this one."""
        return bisect_left(range(len(self._offsets) - 1), line, key=self._line)

    def between(self, first: int, last: int) -> list[str]:
        """The strings from one place up to another."""
        text = bytes(self._text[self._offsets[first] : self._offsets[last]])
        return text.decode(*_ENCODING).split("\n")[:-1]

    def _line(self, place: int) -> bytes:
        return bytes(self._text[self._offsets[place] : self._offsets[place + 1] - 1])


def _mapped(path: Path) -> memoryview:
    """An array on the disk whose elements are Python's numbers: to have one takes a third of numpy's time."""
    return np.asarray(np.load(path, mmap_mode="r")).data


def write_table(folder: Path, name: str, numbers: Iterable[tuple[str, int]]) -> None:
    """Write a table of strings, none twice and none with a line break, into `folder`."""
    ordered = sorted(numbers)
    lines = [f"{string}\n".encode(*_ENCODING) for string, _ in ordered]
    with (folder / f"{name}.txt").open("wb") as file:
        file.writelines(lines)
    np.save(folder / f"{name}.offsets.npy", bounds_of([len(line) for line in lines]))
    np.save(folder / f"{name}.numbers.npy", np.asarray([number for _, number in ordered], np.int64))
