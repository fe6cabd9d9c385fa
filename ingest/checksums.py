"""Checksums of a generation's files: of each as a whole, and of the blocks of those that are large.

Opening a generation compares every file with its sha256, which the manifest has. Hashing 2 GB takes a second,
so a file of more than LARGE bytes that is read here and there has a list of the CRC-32 of its blocks beside
it (`NAME.crc32`), and a block is compared when it is first read from. Its sha256 is compared when the index
is built upon or looked at by `needle doctor`.
"""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexDamaged

LARGE = 64 * 2**20
# 16 KiB: a third of a passage's token vectors. CRC-32 runs at 6 GB/s, so a block takes 3 µs.
BLOCK = 2**14
MEND = "run `needle ingest` to build it anew"
_SUFFIX = ".crc32"
_PIECE = 64 * BLOCK

# Called with the first byte to be read and the one after the last. Raises IndexDamaged.
Guard = Callable[[int, int], None]


def sha256(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_blocks(path: Path) -> None:
    """Write the list of a file's blocks beside it, if the file is large."""
    if path.stat().st_size > LARGE:
        with path.open("rb") as file, Path(f"{path}{_SUFFIX}").open("wb") as sums:
            while piece := memoryview(file.read(_PIECE)):
                found = [zlib.crc32(piece[at : at + BLOCK]) for at in range(0, len(piece), BLOCK)]
                sums.write(np.asarray(found, "<u4").tobytes())


def check_files(folder: Path, files: Mapping[str, str], *, whole: bool) -> None:
    """Raises IndexDamaged for a file of the generation that is not as it was written.

    files: sha256 by path. whole: also those that `guard` watches.
    """
    for name, expected in files.items():
        if whole or f"{name}{_SUFFIX}" not in files:
            _check(folder / name, expected)


def _check(path: Path, expected: str) -> None:
    try:
        found = sha256(path)
    except OSError as exc:
        raise IndexDamaged(f"{path} cannot be read ({exc.strerror}); {MEND}") from exc
    if found != expected:
        raise IndexDamaged(f"{path} has changed since it was written (sha256 {found[:12]}…); {MEND}")


def guard(path: Path) -> Guard:
    """What is to be called before each reading of a file whose generation was opened.

    Does nothing for a file that was compared as a whole. Raises IndexDamaged for one of another size.
    """
    sums = Path(f"{path}{_SUFFIX}")
    if not sums.exists():
        return unwatched
    try:
        return _Blocks(path, np.fromfile(sums, "<u4"))
    except (OSError, ValueError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({exc}); {MEND}") from exc


def unwatched(first: int, last: int) -> None:
    """The guard of what was compared as a whole, or lies in memory."""


def guarded_rows(path: Path) -> tuple[NDArray[Any], Guard]:
    """The array in a .npy file, memory-mapped, and its guard, which is called with rows in place of bytes."""
    # As a plain array over the same memory: each slice of a `memmap` is a slow one.
    mapped = np.load(path, mmap_mode="r")
    rows, check = np.asarray(mapped), guard(path)
    if check is unwatched:
        return rows, unwatched
    start, width = mapped.offset, mapped.strides[0]
    return rows, lambda first, last: check(start + first * width, start + last * width)


class _Blocks:
    """Compares each block with its checksum once. Two threads may both do it, to the same end."""

    def __init__(self, path: Path, sums: NDArray[np.uint32]) -> None:
        self._path = path
        self._sums = sums
        self._bytes = np.memmap(path, np.uint8, "r").data
        self._compared = bytearray(len(sums))
        if -(-len(self._bytes) // BLOCK) != len(sums):
            raise IndexDamaged(f"{path} has another size than when it was written; {MEND}")
        self(len(self._bytes) - 1, len(self._bytes))  # one cut short within its last block

    def __call__(self, first: int, last: int) -> None:
        for block in range(first // BLOCK, -(-last // BLOCK)):
            if not self._compared[block]:
                at = block * BLOCK
                if zlib.crc32(self._bytes[at : at + BLOCK]) != self._sums[block]:
                    raise IndexDamaged(f"{self._path} has changed since it was written (byte {at}); {MEND}")
                self._compared[block] = 1
