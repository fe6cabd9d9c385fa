"""What a claim adds: how likely each of its words is one that the text does not say in any way.

A word that the text lacks may be another way of putting it. That it is not shows where nothing in the text is
near it, its neighbours are foreign to the text too, the rest of the claim keeps to the letter of the text,
and it is a name. A logistic model weighs these.
"""

from collections.abc import Mapping

import numpy as np

from ingest.encoder import Float32
from service.verification.alignment import Alignment
from service.verification.entities import NO_NAMES
from service.verification.reading import Word

# Fitted on the dev claims by `python -m eval.claims_fit`.
INTERCEPT = -5.33
WEIGHTS: Mapping[str, float] = {
    "literal": -2.17,
    "near": -4.51,
    "others": 8.08,
    "beside": -1.84,
    "name": 2.00,
}


def features(alignment: Alignment) -> Float32:
    """(w, 5) float32, by the names of WEIGHTS, of each word that carries matter.

    literal, near: as in `Alignment`. others: share of the claim's other words that the text has; beside: of
    the two words next to it. name: 1 for a word with a capital inside the sentence.
    """
    words, literal = alignment.words, alignment.literal
    count = len(words)
    if not count:
        return np.zeros((0, len(WEIGHTS)), np.float32)
    others = (literal.sum() - literal) / max(1, count - 1)
    framed = np.concatenate([[np.nan], literal, [np.nan]])
    pairs = np.stack([framed[:-2], framed[2:]])
    beside = np.where(np.isnan(pairs), 0, pairs).sum(axis=0) / np.maximum(1, (~np.isnan(pairs)).sum(axis=0))
    names = [_is_name(word, n) for n, word in enumerate(words)]
    return np.column_stack([literal, alignment.near, others, beside, names]).astype(np.float32)


def doubts(alignment: Alignment) -> Float32:
    """(w,) float32, 0 to 1: how likely each word is an addition."""
    logits = features(alignment) @ np.array(list(WEIGHTS.values())) + INTERCEPT
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def _is_name(word: Word, place: int) -> bool:
    if word.lower in NO_NAMES:
        return False
    return any(map(str.isupper, word.text[1:])) or (place > 0 and word.text[0].isupper())
