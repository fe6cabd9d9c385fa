"""Token vectors on disk: what was put in comes out, but for the rounding."""

import math

import numpy as np
import pytest

from ingest.tokens import PassageTokens, TokenStore, write_tokens


def tokens(vectors, ids, sentences=()) -> PassageTokens:
    return PassageTokens(
        np.array(vectors, np.float32).reshape(-1, 2),
        np.array(ids, np.int32),
        np.array(sentences, np.int32).reshape(-1, 2),
    )


FIRST = tokens([[0.6, 0.8], [1.0, 0.0]], [7, 3], [[0, 1], [1, 2]])
SECOND = tokens([[-0.8, 0.6]], [7], [[0, 1]])
WORDLESS = tokens([], [])


def written(folder, passages) -> TokenStore:
    write_tokens(folder, passages, 2, 1 / 127)
    return TokenStore.load(folder)


@pytest.fixture
def store(tmp_path):
    return written(tmp_path, [FIRST, WORDLESS, SECOND])


def test_vectors_are_kept_as_int8(store):
    assert (store.codes.dtype, store.codes.shape) == (np.int8, (3, 2))


# The largest number is 1, so that the scale is 1 / 127: 0.6 is 76.2, 0.8 is 101.6, 1 is 127.
def test_a_vector_is_rounded_to_the_scale(store):
    assert store.scale == pytest.approx(1 / 127)
    assert store.codes.tolist() == [[76, 102], [127, 0], [-102, 76]]


def test_a_vector_comes_back_within_half_a_step(store):
    assert np.abs(store.passage(0).vectors - FIRST.vectors).max() <= 0.5 / 127 + 1e-7


def test_a_passage_has_its_own_word_pieces(store):
    assert [store.passage(n).ids.tolist() for n in range(3)] == [[7, 3], [], [7]]


def test_a_passage_has_its_own_sentences(store):
    assert [store.passage(n).sentences.tolist() for n in range(3)] == [[[0, 1], [1, 2]], [], [[0, 1]]]


def test_offsets_count_the_word_pieces(store):
    assert store.offsets.tolist() == [0, 2, 2, 3]


# Of three passages two hold word piece 7, one holds 3.
def test_a_word_piece_is_the_rarer_the_fewer_passages_hold_it(store):
    expected = [math.log(1 + 1.5 / 2.5), math.log(1 + 2.5 / 1.5)]
    assert store.rarity(np.array([7, 3], np.int32)).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("number", [5, 30000])
def test_a_word_piece_that_no_passage_holds_is_as_rare_as_can_be(store, number):
    assert store.rarity(np.array([number], np.int32)).tolist() == pytest.approx([math.log(1 + 3.5 / 0.5)])


def test_a_word_piece_twice_in_a_passage_counts_once(tmp_path):
    twice = written(tmp_path, [tokens([[1, 0], [1, 0]], [4, 4])])
    assert twice.rarity(np.array([4], np.int32)).tolist() == pytest.approx([math.log(1 + 0.5 / 1.5)])


def test_what_was_rounded_once_is_not_rounded_again(store, tmp_path):
    (tmp_path / "again").mkdir()
    again = written(tmp_path / "again", [store.passage(n) for n in range(3)])
    assert np.array_equal(again.codes, store.codes)


def test_an_empty_store_can_be_written_and_opened(tmp_path):
    empty = written(tmp_path, [])
    assert empty.codes.shape == (0, 2)
    assert empty.rarity(np.array([7], np.int32)).tolist() == pytest.approx([math.log(1 + 0.5 / 0.5)])


def test_a_store_is_a_plain_array_on_the_disk(store, tmp_path):
    assert np.load(tmp_path / "tokens.codes.npy").tolist() == store.codes.tolist()
