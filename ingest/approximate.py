"""Which FAISS index a generation's vectors get, and how it is searched.

Up to `FLAT` vectors there is none: all are compared with a question, exactly. Above, the vectors lie as int8
in 4 √n lists, by the nearest of as many centres (IVF with a scalar quantiser). The lists of the centres
nearest to the question are looked through, and what is found there is compared again, exactly. How many lists
is measured on the vectors themselves: the least power of two with which a sample of passages find 96 % of
their nearest neighbours. Questions find about as many (.972 where passages found .968, of a million generated
ones).
"""

from pathlib import Path
from typing import Any, Literal

import faiss
import numpy as np

from ingest.best import Bool, Int64
from ingest.encoder import Float32

# auto: the rule above. flat, lists: whatever their number.
Choice = Literal["auto", "flat", "lists"]
# faiss.IndexIVF, of which the stubs know little.
Lists = Any

# 50,000 vectors of 384 floats are read in 2.7 ms, as long as one pass of the encoder.
FLAT = 50_000
# FAISS asks for 39 vectors a centre to learn them from.
_TRAINED_ON = 40
_CHUNK = 65_536  # vectors that are added at once
_SAMPLE = 256
_NEIGHBOURS = 10
_SHARE_FOUND = 0.96


def write(path: Path, rows: Float32, choice: Choice) -> None:
    """Write the index of n vectors, if they get one.

    rows: (n, d) float32, L2-normalised rows, memory-mapped. Raises OSError for a full disk.
    """
    if choice == "flat" or (choice == "auto" and len(rows) <= FLAT) or not len(rows):
        return
    index = _filled(rows)
    index.nprobe = _probes(index, rows)
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as exc:  # FAISS has no other for a full disk
        raise OSError(f"{path.name}: {exc}") from exc


def load(path: Path) -> Lists:
    """Open an index that `write` has written. Raises RuntimeError."""
    return faiss.read_index(str(path))


def nearest(index: Lists, query: Float32, most: int, allowed: Bool | None) -> Int64:
    """About the `most` nearest vectors to `query`, (d,) float32; fewer if the lists hold no more."""
    how = faiss.SearchParametersIVF()
    how.nprobe = index.nprobe
    if allowed is not None:
        bits = np.packbits(allowed, bitorder="little")
        how.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
    _, ordinals = index.search(query[np.newaxis], most, params=how)
    return np.sort(ordinals[0][ordinals[0] >= 0])


def described(index: Lists) -> str:
    """What it is, in words."""
    return f"{index.nprobe:,} of {index.nlist:,} lists, int8"


def _filled(rows: Float32) -> Lists:
    lists = min(round(4 * np.sqrt(len(rows))), max(1, len(rows) // _TRAINED_ON))
    index: Lists = faiss.index_factory(rows.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1  # fewer than it asks for are all that there are
    step = max(1, len(rows) // (_TRAINED_ON * lists))
    index.train(np.ascontiguousarray(rows[::step]))
    for first in range(0, len(rows), _CHUNK):
        index.add(np.ascontiguousarray(rows[first : first + _CHUNK]))
    return index


def _probes(index: Lists, rows: Float32) -> int:
    """The least power of two of lists in which a sample finds enough of its nearest neighbours."""
    sample = np.ascontiguousarray(rows[:: max(1, len(rows) // _SAMPLE)][:_SAMPLE])
    # One more than asked for: each finds itself.
    exact = faiss.knn(sample, rows, _NEIGHBOURS + 1, metric=faiss.METRIC_INNER_PRODUCT)[1]
    index.nprobe = 1
    while index.nprobe < index.nlist:
        found = index.search(sample, 2 * _NEIGHBOURS)[1]
        shares = [len(np.intersect1d(a, b)) / len(a) for a, b in zip(exact, found, strict=True)]
        if np.mean(shares) >= _SHARE_FOUND:
            break
        index.nprobe *= 2
    return int(min(index.nprobe, index.nlist))
