"""Where each of several runs, stored one after the other, begins."""

from collections.abc import Sequence

import numpy as np

from ingest.best import Int64


def bounds_of(lengths: Sequence[int] | Int64) -> Int64:
    """(n + 1,) int64: where each of n runs of these lengths begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
