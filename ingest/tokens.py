"""Token vectors on disk for late interaction: one vector a word piece, quantised to int8, memory-mapped.

An L2-normalised row of 384 float32 takes 1,536 bytes; as int8 with one scale for all it takes 384. The
largest component of such a row is far below 1, so the scale is taken from the largest one seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.bounds import bounds_of
from ingest.checksums import Guard, guarded_rows, unwatched
from ingest.encoder import Float32, Int32
from ingest.growing_array import GrowingArray
from ingest.int8_products import int8_products

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

    codes: (t, d) int8 (float32 in a store that is `held`); a vector is `codes * scale`.
    ids: (t,) int32, as in `PassageTokens`.
    offsets: (n + 1,) int64; passage i has the rows `offsets[i]` to `offsets[i + 1]`.
    sentences: (s, 2) int32, as in `PassageTokens`: rows within the passage.
    sentence_offsets: (n + 1,) int64; passage i has the sentences `sentence_offsets[i]` to the next.
    sentence_norms: (s,) float32, the length of the mean of each sentence's vectors; 0 if it has none.
    idf: (v,) float32, how rare each word piece is: ln(1 + (n - df + 0.5) / (df + 0.5)), df in passages.
    guards: of `codes` and `ids`, called with the rows that are to be read (`ingest.checksums`).
    """

    codes: Int8 | Float32
    ids: Int32
    offsets: Int64
    sentences: Int32
    sentence_offsets: Int64
    sentence_norms: Float32
    idf: Float32
    scale: float
    guards: tuple[Guard, Guard] = (unwatched, unwatched)

    @classmethod
    def load(cls, folder: Path) -> "TokenStore":
        """Open a store; the vectors stay on the disk until they are read."""
        codes, codes_guard = guarded_rows(folder / "tokens.codes.npy")
        ids, ids_guard = guarded_rows(folder / "tokens.ids.npy")
        arrays = {name: np.load(folder / f"tokens.{name}.npy") for name in _HELD}
        scale = float(np.load(folder / "tokens.scale.npy"))
        return cls(codes=codes, ids=ids, **arrays, scale=scale, guards=(codes_guard, ids_guard))

    def passage(self, ordinal: int) -> PassageTokens:
        """The tokens of one passage; the vectors as they were but for the rounding."""
        rows = self._rows(ordinal)
        for guard in self.guards:
            guard(rows.start, rows.stop)
        vectors = np.asarray(self.codes[rows], np.float32) * np.float32(self.scale)
        first, last = self.sentence_offsets[ordinal], self.sentence_offsets[ordinal + 1]
        return PassageTokens(vectors, self.ids[rows], self.sentences[int(first) : int(last)])

    def similarities(self, queries: Float32, ordinals: Int64) -> tuple[Float32, Int64]:
        """The dot product of each token vector of several passages with each query vector.

        queries: (q, d) float32. ordinals: (c,) int64. Returns (t, q) float32, a row a token, one passage
        after the other, and (c + 1,) int64: passage n has the rows from bound n to bound n + 1.
        Raises IndexError for an ordinal that the index does not hold.
        """
        firsts, lasts = self.offsets[ordinals], self.offsets[ordinals + 1]
        places = list(zip(firsts.tolist(), lasts.tolist(), strict=True))
        for first, last in places:
            self.guards[0](first, last)
        rows = np.concatenate([self.codes[:0], *(self.codes[first:last] for first, last in places)])
        scaled = queries * np.float32(self.scale)
        if rows.dtype == np.int8:
            found = int8_products(rows, scaled)
        else:
            # BLAS computes on whole registers, and warns of what it happens to find beside a short row.
            with np.errstate(invalid="ignore"):
                found = rows @ scaled.T
        return found, bounds_of(lasts - firsts)

    def sentences_in(self, ordinals: Int64) -> tuple[Int32, Float32, Int64]:
        """The sentences of several passages, one passage after the other.

        ordinals: (c,) int64. Returns (s, 2) int32, as in `PassageTokens`; (s,) float32, the length of the
        mean of each one's vectors; (c + 1,) int64: passage n has the sentences from bound n to the next.
        """
        firsts, lasts = self.sentence_offsets[ordinals], self.sentence_offsets[ordinals + 1]
        bounds = bounds_of(lasts - firsts)
        rows = np.repeat(firsts - bounds[:-1], lasts - firsts) + np.arange(bounds[-1])
        return self.sentences[rows], self.sentence_norms[rows], bounds

    def _rows(self, ordinal: int) -> slice:
        return slice(int(self.offsets[ordinal]), int(self.offsets[ordinal + 1]))

    def rarity(self, ids: Int32) -> Float32:
        """The idf of word pieces, (t,) float32; one that no passage holds is as rare as can be."""
        return rarity(self.idf, len(self.offsets) - 1, ids)


def rarity(idf: Float32, passages: int, ids: Int32) -> Float32:
    """The idf of word pieces among so many passages, (t,) float32; one that none holds is as rare as can be.

    idf: (v,) float32, as in `TokenStore`. ids: (t,) int32.
    """
    highest = np.float32(np.log(1 + (passages + 0.5) / 0.5))
    known = ids < len(idf)
    return np.where(known, idf[np.where(known, ids, 0)], highest).astype(np.float32)


def held(passages: Sequence[PassageTokens]) -> TokenStore:
    """A store in memory of a few passages that came from elsewhere; it knows the rarity of no word piece."""
    dimension = passages[0].vectors.shape[1] if passages else 0
    vectors = np.concatenate([np.zeros((0, dimension), np.float32), *(one.vectors for one in passages)])
    return TokenStore(
        codes=vectors,
        ids=np.concatenate([np.zeros(0, np.int32), *(one.ids for one in passages)]),
        offsets=bounds_of([len(one.ids) for one in passages]),
        sentences=np.concatenate([np.zeros((0, 2), np.int32), *(one.sentences for one in passages)]),
        sentence_offsets=bounds_of([len(one.sentences) for one in passages]),
        sentence_norms=np.concatenate([np.zeros(0, np.float32), *(_norms(one) for one in passages)]),
        idf=np.zeros(0, np.float32),
        scale=1.0,
    )


# 12 bytes a sentence and 16 a passage.
_HELD = ("offsets", "sentences", "sentence_offsets", "sentence_norms", "idf")


def _norms(passage: PassageTokens) -> Float32:
    means = [passage.vectors[a:b].mean(axis=0) if b > a else np.zeros(1) for a, b in passage.sentences]
    return np.asarray([np.linalg.norm(mean) for mean in means], np.float32)


def write_tokens(folder: Path, passages: Iterable[PassageTokens], dimension: int, scale: float) -> None:
    """Write the store of n passages into `folder`, one passage after the other, holding none of them.

    scale: at least 1 / 127 of the largest component of any vector.
    """
    offsets, sentence_offsets = [0], [0]
    frequency = np.zeros(1, np.int64)
    with (
        GrowingArray(folder / "tokens.codes.npy", np.int8, dimension) as codes,
        GrowingArray(folder / "tokens.ids.npy", np.int32) as ids,
        GrowingArray(folder / "tokens.sentences.npy", np.int32, 2) as sentences,
        GrowingArray(folder / "tokens.sentence_norms.npy", np.float32) as norms,
    ):
        for passage in passages:
            codes.append(np.rint(passage.vectors / np.float32(scale)).astype(np.int8))
            ids.append(passage.ids)
            sentences.append(passage.sentences)
            norms.append(_norms(passage))
            offsets.append(codes.length)
            sentence_offsets.append(sentences.length)
            frequency = _counted(frequency, passage.ids)
    size = len(offsets) - 1
    idf = np.log(1 + (size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    for name, array in (
        ("offsets", np.asarray(offsets, np.int64)),
        ("sentence_offsets", np.asarray(sentence_offsets, np.int64)),
        ("idf", idf),
        ("scale", np.float64(scale)),
    ):
        np.save(folder / f"tokens.{name}.npy", array)


def _counted(frequency: Int64, ids: Int32) -> Int64:
    """`frequency` with one more for each word piece of a passage."""
    highest = int(ids.max(initial=0))
    if highest >= len(frequency):
        frequency = np.concatenate([frequency, np.zeros(highest + 1 - len(frequency), np.int64)])
    frequency[np.unique(ids)] += 1
    return frequency
