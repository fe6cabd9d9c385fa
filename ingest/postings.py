"""What each term gives to the score of each passage that it occurs in, on the disk, and sums of it.

pointers.npy     (v + 1,) int64; term i has the postings `pointers[i]` to `pointers[i + 1]`
ordinals.npy     (p,) int32, the passages of each term in ascending order, memory-mapped
gains.npy        (p,) float32, what the term gives to each of them, above 0, memory-mapped
most.npy         (v,) float32, the most that each term gives to any
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.best import Bool, Int64, best_of
from ingest.checksums import Guard, guarded_rows, unwatched
from ingest.encoder import Float32, Int32

# Numbers of terms with their weights, in the order in which they are added up.
Weighted = Sequence[tuple[int, float]]

# As few passages are all scored; sorting out which need it would take longer.
_FEW = 20_000
# Sums of float32 in another order differ by less.
_ROUNDING = 1e-4


@dataclass(frozen=True)
class Postings:
    """The postings of v terms over n passages.

    guards: of `ordinals` and `gains`, called with the rows that are to be read (`ingest.checksums`).
    """

    pointers: Int64
    ordinals: Int32
    gains: Float32
    most: Float32
    size: int
    guards: tuple[Guard, Guard] = (unwatched, unwatched)

    @classmethod
    def of(cls, pointers: NDArray[np.integer], ordinals: Int32, gains: Float32, size: int) -> "Postings":
        """Postings in memory, of terms that each occur somewhere or not."""
        most = np.zeros(len(pointers) - 1, np.float32)
        filled = pointers[:-1] < pointers[1:]
        if filled.any():
            most[filled] = np.maximum.reduceat(gains, pointers[:-1][filled])
        return cls(pointers.astype(np.int64), ordinals.astype(np.int32), gains, most, size)

    def save(self, folder: Path) -> None:
        """Write them into `folder`."""
        for name in ("pointers", "ordinals", "gains", "most"):
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path, size: int) -> "Postings":
        """Open the postings over `size` passages."""
        ordinals, ordinals_guard = guarded_rows(folder / "ordinals.npy")
        gains, gains_guard = guarded_rows(folder / "gains.npy")
        pointers, most = (np.load(folder / f"{name}.npy") for name in ("pointers", "most"))
        return cls(pointers, ordinals, gains, most, size, (ordinals_guard, gains_guard))

    def sums(self, terms: Weighted) -> Float32:
        """What some terms give to each passage, times their weights: (n,) float32."""
        total = np.zeros(self.size, np.float32)
        for number, weight in terms:
            ordinals, gains = self._of(number)
            total[ordinals] += weight * gains
        return total

    def sums_of(self, terms: Weighted, wanted: Int64) -> Float32:
        """The same of some passages only, (c,) float32."""
        if self.size <= _FEW:
            return self.sums(terms)[wanted]
        total = np.zeros(len(wanted), np.float32)
        for number, weight in terms:
            ordinals, gains = self._of(number)
            if not len(ordinals):
                continue
            places = np.minimum(np.searchsorted(ordinals, wanted.astype(np.int32)), len(ordinals) - 1)
            total += np.where(ordinals[places] == wanted, weight * gains[places], np.float32(0))
        return total

    def best(self, terms: Weighted, most: int, allowed: Bool | None) -> Int64:
        """The `most` passages with the highest sums above 0, best first, equal ones in order.

        allowed: (n,) bool, the passages to choose from; all if None.
        """
        if self.size <= _FEW:
            among = np.arange(self.size) if allowed is None else np.flatnonzero(allowed)
        else:
            among = self._promising(terms, most, allowed)
        return best_of(among, self.sums_of(terms, among), most)

    def _promising(self, terms: Weighted, most: int, allowed: Bool | None) -> Int64:
        """The passages that may be among the best, in order (MaxScore, Turtle & Flood 1995).

        The terms that give most, the rare ones, go first. As soon as the common ones together give less than
        what the last of the best has already, no passage can come in by these alone: they are left unread.
        """
        bounds = {number: weight * float(self.most[number]) for number, weight in terms}
        rest = sum(bounds.values())
        total = np.zeros(self.size, np.float32)
        touched: list[Int32] = []
        leaders, reached = np.zeros(0, np.int64), 0.0
        for number, weight in sorted(terms, key=lambda term: -bounds[term[0]]):
            if reached > rest + _ROUNDING:
                break
            ordinals, gains = self._of(number)
            total[ordinals] += weight * gains
            rest -= bounds[number]
            new = ordinals if allowed is None else ordinals[allowed[ordinals]]
            touched.append(new)
            leaders = np.union1d(leaders, best_of(new, total[new], most))
            leaders = best_of(leaders, total[leaders], most)
            reached = float(total[leaders[-1]]) if len(leaders) == most else 0.0
        least = reached - rest - _ROUNDING
        kept = [new[total[new] >= least] for new in touched]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *kept]))

    def _of(self, number: int) -> tuple[Int32, Float32]:
        first, last = int(self.pointers[number]), int(self.pointers[number + 1])
        for guard in self.guards:
            guard(first, last)
        return self.ordinals[first:last], self.gains[first:last]
