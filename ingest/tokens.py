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


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """What goes into the store of one passage.

    vectors: (t, d) float32, L2-normalised rows.
    ids: (t,) int32, the word pieces' numbers in the model's vocabulary.
    sentences: (s, 2) int32, the rows [first, last) of each of its sentences; empty where none are known.
    """

    vectors: Float32
    ids: Int32
    sentences: Int32


@dataclass(frozen=True)
class TokenStore:
    """The token vectors of n passages, one after the other.

    codes: (t, d) int8; a vector is `codes * scale`.
    ids: (t,) int32, as in `PassageTokens`.
    offsets: (n + 1,) int64; passage i has the rows `offsets[i]` to `offsets[i + 1]`.
    sentences: (s, 2) int32, as in `PassageTokens`: rows within the passage.
    sentence_offsets: (n + 1,) int64; passage i has the sentences `sentence_offsets[i]` to the next.
    sentence_norms: (s,) float32, the length of the mean of each sentence's vectors, at most 1; 0 if it has none.
    idf: (v,) float32, how rare each word piece is: ln(1 + (n - df + 0.5) / (df + 0.5)), df in passages.
    """

    codes: Int8
    ids: Int32
    offsets: Int64
    sentences: Int32
    sentence_offsets: Int64
    sentence_norms: Float32
    idf: Float32
    scale: float

    @classmethod
    def build(cls, passages: Sequence[PassageTokens], dimension: int) -> "TokenStore":
        """Quantise the vectors of n passages."""
        largest = max((float(np.abs(p.vectors).max()) for p in passages if p.vectors.size), default=1.0)
        scale = largest / 127
        ids = np.concatenate([np.zeros(0, np.int32), *(p.ids for p in passages)])
        return cls(
            np.concatenate(
                [np.zeros((0, dimension), np.int8)]
                + [np.rint(p.vectors / scale).astype(np.int8) for p in passages]
            ),
            ids,
            _offsets([len(p.ids) for p in passages]),
            np.concatenate([np.zeros((0, 2), np.int32), *(p.sentences for p in passages)]),
            _offsets([len(p.sentences) for p in passages]),
            np.concatenate([np.zeros(0, np.float32), *(_norms(p) for p in passages)]),
            _idf([p.ids for p in passages], int(ids.max(initial=0)) + 1),
            scale,
        )

    def save(self, folder: Path) -> None:
        """Write the store into `folder`."""
        for name in _ARRAYS:
            np.save(folder / f"tokens.{name}.npy", getattr(self, name))
        np.save(folder / "tokens.scale.npy", np.float64(self.scale))

    @classmethod
    def load(cls, folder: Path) -> "TokenStore":
        """Open a store; the vectors stay on the disk until they are read."""
        arrays = {name: np.load(folder / f"tokens.{name}.npy", mmap_mode="r") for name in _ARRAYS}
        return cls(**arrays, scale=float(np.load(folder / "tokens.scale.npy")))

    def passage(self, ordinal: int) -> PassageTokens:
        """The tokens of one passage; the vectors as they were but for the rounding."""
        rows = self._rows(ordinal)
        vectors = np.asarray(self.codes[rows], np.float32) * np.float32(self.scale)
        return PassageTokens(vectors, self.ids[rows], self.sentences_of(ordinal))

    def sentences_of(self, ordinal: int) -> Int32:
        """The rows of each sentence of one passage, as in `PassageTokens`."""
        return self.sentences[int(self.sentence_offsets[ordinal]) : int(self.sentence_offsets[ordinal + 1])]

    def norms_of(self, ordinal: int) -> Float32:
        """(s,) float32: the length of the mean vector of each sentence of one passage."""
        first, last = self.sentence_offsets[ordinal], self.sentence_offsets[ordinal + 1]
        return self.sentence_norms[int(first) : int(last)]

    def gather(self, ordinals: Int64) -> tuple[Float32, Int64]:
        """The vectors of several passages, one after the other, and where each begins.

        ordinals: (c,) int64. Returns (t, d) float32 and (c + 1,) int64: passage n has the rows from bound n
        to bound n + 1. Raises IndexError for an ordinal that the index does not hold.
        """
        rows = [self._rows(int(ordinal)) for ordinal in ordinals]
        codes = np.concatenate([self.codes[:0], *(self.codes[row] for row in rows)])
        vectors = codes.astype(np.float32)
        vectors *= np.float32(self.scale)
        return vectors, _offsets([row.stop - row.start for row in rows])

    def _rows(self, ordinal: int) -> slice:
        return slice(int(self.offsets[ordinal]), int(self.offsets[ordinal + 1]))

    def rarity(self, ids: Int32) -> Float32:
        """The idf of word pieces, (t,) float32; one that no passage holds is as rare as can be."""
        highest = np.float32(np.log(1 + (len(self.offsets) - 0.5) / 0.5))
        known = ids < len(self.idf)
        return np.where(known, self.idf[np.where(known, ids, 0)], highest).astype(np.float32)


_ARRAYS = ("codes", "ids", "offsets", "sentences", "sentence_offsets", "sentence_norms", "idf")


def _norms(passage: PassageTokens) -> Float32:
    means = [passage.vectors[a:b].mean(axis=0) if b > a else np.zeros(1) for a, b in passage.sentences]
    return np.asarray([np.linalg.norm(mean) for mean in means], np.float32)


def _offsets(lengths: Sequence[int]) -> Int64:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _idf(ids: Sequence[Int32], size: int) -> Float32:
    frequency = np.zeros(size, np.int64)
    for row in ids:
        frequency[np.unique(row)] += 1
    return np.asarray(np.log(1 + (len(ids) - frequency + 0.5) / (frequency + 0.5)), np.float32)
