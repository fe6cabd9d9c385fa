"""The best of many by a score."""

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Float32

Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]


def best_of(ordinals: NDArray[np.integer], scores: Float32, most: int) -> Int64:
    """The `most` of some ordinals whose scores are highest and above 0, best first, equal ones in order.

    ordinals: (c,) integers, in any order. scores: (c,) float32.
    """
    # Sorting a million takes a hundred times as long as finding the last that is wanted.
    least = np.partition(scores, -most)[-most] if len(scores) > most else 0.0
    kept = np.flatnonzero((scores > 0) & (scores >= least))
    order = np.lexsort((ordinals[kept], -scores[kept]))[:most]
    return ordinals[kept[order]].astype(np.int64)
