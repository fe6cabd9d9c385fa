"""Token vectors on disk for late interaction: one vector a word piece, quantised to int8, memory-mapped.

An L2-normalised row of 384 float32 takes 1,536 bytes; as int8 with one scale for all it takes 384. The
largest component of such a row is far below 1, so the scale is taken from the largest one seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Float32, Int32

Int8 = NDArray[np.int8]
Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class TokenStore:
    """The token vectors of n passages, one after the other.

    codes: (t, d) int8; a vector is `codes * scale`.
    ids: (t,) int32, the word pieces' numbers in the model's vocabulary.
    starts: (t,) int32, where each word piece begins in the passage's `text`; -1 for those of its context.
    offsets: (n + 1,) int64; passage i has the rows `offsets[i]` to `offsets[i + 1]`.
    """

    codes: Int8
    ids: Int32
    starts: Int32
    offsets: Int64
    scale: float

    @classmethod
    def build(
        cls, tokens: Sequence[Float32], ids: Sequence[Int32], starts: Sequence[Int32], dimension: int
    ) -> "TokenStore":
        """Quantise n arrays (t, d) float32, one a passage; `ids` and `starts` are n arrays (t,)."""
        largest = max((float(np.abs(rows).max()) for rows in tokens if rows.size), default=1.0)
        scale = largest / 127
        codes = [np.rint(rows / scale).astype(np.int8) for rows in tokens]
        lengths = [len(rows) for rows in codes]
        return cls(
            np.concatenate(codes) if codes else np.zeros((0, dimension), np.int8),
            np.concatenate(ids) if ids else np.zeros(0, np.int32),
            np.concatenate(starts) if starts else np.zeros(0, np.int32),
            np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
            scale,
        )

    def save(self, folder: Path) -> None:
        """Write the store into `folder`."""
        np.save(folder / "tokens.codes.npy", self.codes)
        np.save(folder / "tokens.ids.npy", self.ids)
        np.save(folder / "tokens.starts.npy", self.starts)
        np.save(folder / "tokens.offsets.npy", self.offsets)
        np.save(folder / "tokens.scale.npy", np.float64(self.scale))

    @classmethod
    def load(cls, folder: Path) -> "TokenStore":
        """Open a store; the vectors stay on the disk until they are read."""
        return cls(
            np.load(folder / "tokens.codes.npy", mmap_mode="r"),
            np.load(folder / "tokens.ids.npy", mmap_mode="r"),
            np.load(folder / "tokens.starts.npy", mmap_mode="r"),
            np.load(folder / "tokens.offsets.npy"),
            float(np.load(folder / "tokens.scale.npy")),
        )

    def rows(self, ordinal: int) -> slice:
        """Where the vectors of the passage with this ordinal stand."""
        return slice(int(self.offsets[ordinal]), int(self.offsets[ordinal + 1]))

    def vectors(self, rows: slice) -> Float32:
        """The token vectors in `rows`: (t, d) float32, L2-normalised but for the rounding."""
        return np.asarray(self.codes[rows], np.float32) * np.float32(self.scale)
