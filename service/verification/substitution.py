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

Bools = NDArray[np.bool_]
Frames = tuple[Float32, tuple[Word | None, ...]]


def frames(words: Sequence[Word], evidence: Reading, lexis: Lexis) -> Frames:
    """How far each word of a claim stands in the frame of another of the text, and of which.

    words: those of the claim that carry matter, in order.
    Returns (w,) float32, 0 to 1: of its neighbours, the share that stands in the text around a word that
    the claim does not have, in like places; and w such words, None where there is none.
    """
    others = evidence.content
    if not others or not words:
        return np.zeros(len(words), np.float32), (None,) * len(words)
    same = np.array([[lexis.same(word, other) >= FAMILY for other in others] for word in words], bool)
    shares = _shares(same, np.array([word.sentence for word in words]))
    shares[:, same.any(axis=0)] = 0.0
    shares[_within(same, -_NEAR, _NEAR)] = 0.0
    places = shares.argmax(axis=1)
    framed = shares.max(axis=1)
    return framed, tuple(others[m] if share else None for m, share in zip(places, framed, strict=True))


def _shares(same: Bools, sentences: NDArray[np.int64]) -> Float32:
    """(w, e) float32: how far each word of the claim has its neighbours around each word of the text."""
    shares, whole = np.zeros(same.shape, np.float32), np.full(len(same), _ALONE, np.float32)
    for offset in (d for d in range(-_REACH, _REACH + 1) if d and abs(d) < len(same)):
        weight = math.exp(-abs(offset) / _FADE)
        own, other = (
            slice(max(0, -offset), len(same) - max(0, offset)),
            slice(max(0, offset), len(same) + min(0, offset)),
        )
        mates = sentences[own] == sentences[other]
        # About as far off in the text, and on the same side.
        far = abs(offset) + _SLACK
        stands = _within(same[other], *((1, far) if offset > 0 else (-far, -1)))
        shares[own] += weight * (stands & mates[:, None])
        whole[own] += weight * mates
    return shares / whole[:, None]


def _within(same: Bools, first: int, last: int) -> Bools:
    """(w, e) bool: whether each word stands from `first` to `last` places after each place of the text."""
    found = np.zeros_like(same)
    length = same.shape[1]
    for step in range(max(first, -length + 1), min(last, length - 1) + 1):
        found[:, max(0, -step) : length - max(0, step)] |= same[:, max(0, step) : length + min(0, step)]
    return found
