"""One vector a passage on the disk, and the passages whose vectors are nearest to a question's.

vectors.npy     (n, d) float32, L2-normalised rows, memory-mapped
vectors.faiss   FAISS over them (`ingest.approximate`); where it is not, the search is exact
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from ingest import approximate
from ingest.approximate import Choice, Lists
from ingest.best import Bool, Int64, best_of
from ingest.checksums import Guard, guarded_rows
from ingest.encoder import Float32


class VectorIndex:
    """The vectors of n passages. Cosines are always exact; which passages are nearest may be an estimate.

    rows: (n, d) float32, memory-mapped. described: how they are searched, in words.
    """

    def __init__(self, rows: Float32, guard: Guard, lists: Lists | None) -> None:
        self.rows = rows
        self._guard = guard
        self._lists = lists
        self.described = "flat" if lists is None else approximate.described(lists)
        # Of type Any: the stubs lack what is called here.
        self._flat: Any = faiss.IndexFlatIP(rows.shape[1])
        if lists is None:
            guard(0, len(rows))
            self._flat.add(rows)

    @classmethod
    def load(cls, folder: Path) -> "VectorIndex":
        """Open the vectors of a generation."""
        path = folder / "vectors.faiss"
        return cls(*guarded_rows(folder / "vectors.npy"), approximate.load(path) if path.exists() else None)

    def __len__(self) -> int:
        return len(self.rows)

    def vector(self, ordinal: int) -> Float32:
        """The vector of one passage, (d,) float32."""
        self._guard(ordinal, ordinal + 1)
        return np.asarray(self.rows[ordinal])

    def cosines(self, query: Float32, ordinals: Int64) -> Float32:
        """The cosine of each of some passages, (c,) float32. query: (d,) float32, L2-normalised."""
        if self._lists is None and len(ordinals):
            found = np.empty(len(ordinals), np.float32)
            pointers = [faiss.swig_ptr(array) for array in (query, found, ordinals)]
            self._flat.compute_distance_subset(1, pointers[0], len(ordinals), *pointers[1:])
            return found
        for ordinal in ordinals.tolist():
            self._guard(ordinal, ordinal + 1)
        return np.asarray(self.rows[ordinals] @ query, np.float32)

    def nearest(self, query: Float32, most: int, allowed: Bool | None = None) -> Int64:
        """The `most` passages whose cosine is highest and above 0, best first.

        query: (d,) float32, L2-normalised. allowed: (n,) bool, the passages to choose from; all if None.
        """
        if self._lists is None or (allowed is not None and np.count_nonzero(allowed) <= approximate.FLAT):
            among = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
        else:
            among = approximate.nearest(self._lists, query, 2 * most, allowed)
        return best_of(among, self.cosines(query, among), most)


def write_index(folder: Path, choice: Choice) -> None:
    """Write the index over the vectors in `folder`, if they get one. Raises OSError for a full disk."""
    approximate.write(folder / "vectors.faiss", np.load(folder / "vectors.npy", mmap_mode="r"), choice)
