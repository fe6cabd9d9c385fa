"""The exported graph: batches, and the same vectors as the model itself."""

import pytest

from ingest.index import searched_text
from ingest.onnx_encoder import OnnxEncoder, _batches


@pytest.fixture(scope="module")
def texts(generation):
    """Every 23rd passage of the corpus, as it is searched."""
    return [searched_text(passage) for passage in generation.passages[::23]]


def test_the_served_encoder_is_the_exported_one(encoder):
    assert isinstance(encoder, OnnxEncoder)


@pytest.fixture(scope="module")
def both(encoder, reference, texts):
    """What the model on torch and the exported graph make of `texts`."""
    return reference.encode(texts), encoder.encode(texts)


def test_vectors_are_those_of_the_model_on_torch(both):
    expected, found = both
    assert ((expected.vectors * found.vectors).sum(axis=1) >= 0.9999).all()
    for rows, others in zip(expected.tokens, found.tokens, strict=True):
        assert ((rows * others).sum(axis=1) >= 0.9999).all()


def test_word_pieces_are_those_of_the_model_on_torch(both):
    expected, found = both
    assert [ids.tolist() for ids in expected.token_ids] == [ids.tolist() for ids in found.token_ids]
    assert [at.tolist() for at in expected.token_starts] == [at.tolist() for at in found.token_starts]


def test_texts_of_like_length_share_a_batch():
    assert list(_batches([5, 90, 7, 80])) == [[0, 2, 3, 1]]


def test_a_batch_has_eight_texts_at_most():
    assert [len(batch) for batch in _batches([10] * 19)] == [8, 8, 3]


def test_a_batch_has_1024_word_pieces_at_most_with_its_padding():
    # Five of 250 would be 1,250; a short one beside four of them is padded to 250 as well.
    assert list(_batches([250, 250, 10, 250, 250])) == [[2, 0, 1, 3], [4]]


def test_a_text_longer_than_a_batch_goes_alone():
    assert list(_batches([2000, 2000])) == [[0], [1]]
