"""Words of a claim that stand where the text has others: "adults with autism" for "children with autism"."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Float32
from service.verification.lexis import FAMILY, Lexis
from service.verification.reading import Reading, Word

# A neighbour n words off counts exp(-n / _FADE), up to _REACH words; in the text it may be one word further.
_REACH, _FADE, _SLACK = 4, 2.0, 1
_ALONE = 0.3  # with so little to either side, no frame is complete
_NEAR = 5  # so near the place, the text has the claim's word after all

Frames = tuple[Float32, tuple[Word | None, ...]]


def frames(words: Sequence[Word], evidence: Reading, lexis: Lexis) -> Frames:
    """How far each word of a claim stands in the frame of another of the text, and of which.

    words: those of the claim that carry matter, in order.
    Returns (w,) float32, 0 to 1: of its neighbours, the share that stands in the text around a word that
    the claim does not have, in like places; and w such words, None where there is none.
    """
    others = evidence.content
    framed = np.zeros(len(words), np.float32)
    instead: list[Word | None] = [None] * len(words)
    if not others or not words:
        return framed, tuple(instead)
    same = np.array([[lexis.same(word, other) >= FAMILY for other in others] for word in words], bool)
    free = [int(place) for place in np.flatnonzero(~same.any(axis=0))]
    weights = {d: math.exp(-abs(d) / _FADE) for d in range(-_REACH, _REACH + 1) if d}
    for n, word in enumerate(words):
        near = [d for d in weights if 0 <= n + d < len(words) and words[n + d].sentence == word.sentence]
        whole = _ALONE + sum(weights[d] for d in near)
        for place in free:
            share = sum([weights[d] for d in near if _stands(same[n + d], place, d)]) / whole
            if share > framed[n] and not same[n, max(0, place - _NEAR) : place + _NEAR + 1].any():
                framed[n], instead[n] = share, others[place]
    return framed, tuple(instead)


def _stands(row: NDArray[np.bool_], place: int, offset: int) -> bool:
    """Whether a word is in the text about as far from `place`, and on the same side. row: where it is."""
    if offset < 0:
        return bool(row[max(0, place + offset - _SLACK) : place].any())
    return bool(row[place + 1 : place + offset + _SLACK + 1].any())
