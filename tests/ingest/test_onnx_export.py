"""Whether an exported graph is told from its model, where it differs."""

from dataclasses import replace

import numpy as np
import pytest

from ingest.encoder import Encoded, EncoderInfo
from ingest.onnx_export import Disagreement, check

CORPUS = [
    f"Passage {n} says something of its own, about needles and {n * 17} other things." for n in range(6)
]


class Changed:
    """The reference, with something done to what it gives."""

    def __init__(self, reference, change):
        self.info = EncoderInfo("changed", "0" * 64, 384)
        self._reference = reference
        self._change = change

    def is_word(self, word):
        return self._reference.is_word(word)

    def encode(self, texts):
        return self._change(self._reference.encode(texts))


def turned(rows, cosine):
    """Each row turned by so much, towards another direction."""
    others = np.roll(rows, 1, axis=1)
    others = others - (others * rows).sum(axis=1, keepdims=True) * rows
    others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-9)
    return (cosine * rows + np.sqrt(1 - cosine**2) * others).astype(np.float32)


def test_the_exported_graph_agrees_with_its_model(reference, encoder):
    check(reference, encoder, CORPUS)


def test_a_corpus_without_passages_can_be_checked_on(reference, encoder):
    check(reference, encoder, [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda e: replace(e, vectors=turned(e.vectors, 0.9998)), "a sentence vector has cosine 0.99980"),
        (lambda e: replace(e, tokens=[turned(t, 0.9998) for t in e.tokens]), "a token vector has cosine"),
        (lambda e: replace(e, token_ids=[t + 1 for t in e.token_ids]), "other word pieces"),
        (lambda e: replace(e, token_starts=[t + 1 for t in e.token_starts]), "other word pieces"),
        (lambda e: replace(e, vectors=e.vectors * np.float32(np.nan)), "a sentence vector has cosine nan"),
    ],
    ids=["sentence", "token", "piece", "start", "no number"],
)
def test_a_graph_that_differs_is_refused(reference, change, message):
    with pytest.raises(Disagreement, match=message):
        check(reference, Changed(reference, change), CORPUS)


class Planar:
    """Vectors of two numbers: questions point east, each passage a little further north than the one before.

    swapped: whether the first two passages have each other's.
    """

    info = EncoderInfo("planar", "0" * 64, 2)

    def __init__(self, step, *, swapped=False):
        self._step, self._swapped = step, swapped

    def is_word(self, word):
        return True

    def encode(self, texts):
        places = [int(text.split()[-1]) if text.startswith("passage") else 0 for text in texts]
        if self._swapped:
            places = [{1: 2, 2: 1}.get(place, place) for place in places]
        angles = np.asarray(places) * self._step
        vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
        none = [np.zeros((0, 2), np.float32)] * len(texts)
        return Encoded(
            vectors, none, [np.zeros(0, np.int32)] * len(texts), [np.zeros(0, np.int32)] * len(texts)
        )


def test_passages_in_another_order_are_refused():
    # cos 0.013 and cos 0.026 differ by 0.00025, and the vectors of the two have cosine 0.99992.
    corpus = [f"passage {n}" for n in range(4)]
    check(Planar(0.013), Planar(0.013), corpus)
    with pytest.raises(Disagreement, match="another order of passages"):
        check(Planar(0.013), Planar(0.013, swapped=True), corpus)
