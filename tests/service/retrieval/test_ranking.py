"""Scores of tokens and sentences, and fusion, with values worked out by hand."""

import numpy as np
import pytest

from ingest.tokens import PassageTokens, TokenStore, write_tokens
from service.retrieval.ranking import (
    RANKINGS,
    Ranking,
    fuse,
    score_tokens,
    standardised,
)

NORTH, EAST = [1.0, 0.0], [0.0, 1.0]


def rows(*vectors):
    return np.asarray(vectors, np.float32).reshape(-1, 2)


def tokens(vectors, sentences):
    count = len(vectors)
    runs = np.asarray(sentences, np.int32).reshape(-1, 2)
    return PassageTokens(rows(*vectors), np.arange(count, dtype=np.int32), runs)


@pytest.fixture
def store(tmp_path):
    # Passage 0 has both directions, each in a sentence of its own; passage 1 only north; passage 2 nothing.
    passages = [tokens([NORTH, EAST], [[0, 1], [1, 2]]), tokens([NORTH], [[0, 1]]), tokens([], [])]
    write_tokens(tmp_path, passages, 2, 1 / 127)
    return TokenStore.load(tmp_path)


def scores(store, query, weights, vector=NORTH, candidates=(0, 1, 2)):
    dense = np.full(len(candidates), 0.3, np.float32)
    ordinals = np.asarray(candidates, np.int64)
    return score_tokens(
        rows(*query), np.asarray(weights, np.float32), rows(vector)[0], dense, store, ordinals
    )


def test_a_passage_scores_the_mean_of_its_best_cosines(store):
    # Passage 0 meets both tokens with 1, passage 1 one of them, passage 2 has none.
    assert scores(store, [NORTH, EAST], [1, 1]).late == pytest.approx([1.0, 0.5, 0.0], abs=0.01)


def test_a_token_counts_by_its_weight(store):
    # East counts three times north: passage 1 meets a quarter of the weight.
    assert scores(store, [NORTH, EAST], [1, 3]).late[1] == pytest.approx(0.25, abs=0.01)
    assert scores(store, [NORTH, EAST], [1, 0]).late[1] == pytest.approx(1.0, abs=0.01)


def test_a_sentence_is_as_near_as_the_mean_of_its_tokens(tmp_path):
    # The mean of north and east, (1/2, 1/2), lies at 45° to north: cosine 0.7071.
    write_tokens(tmp_path, [tokens([NORTH, EAST, EAST], [[0, 2], [2, 3]])], 2, 1 / 127)
    store = TokenStore.load(tmp_path)
    assert scores(store, [NORTH], [1], candidates=[0]).sentence == pytest.approx([0.7071], abs=0.01)


def test_without_sentences_the_cosine_of_the_passage_stands_in(store):
    assert scores(store, [NORTH], [1]).sentence == pytest.approx([1.0, 1.0, 0.3], abs=0.01)


def test_each_sentence_has_a_score_of_its_own(store):
    # The first sentence of passage 0 is north: 1 for its token, 1 for itself; the second east: 0 and 0.
    sentences = [match.sentences for match in scores(store, [NORTH], [1]).matches]
    assert [len(s) for s in sentences] == [2, 1, 0]
    assert sentences[0] == pytest.approx([1.0, 0.0], abs=0.01)
    # Asked for north and east, with a vector to the east, a sentence of north: (0.5 + 0) / 2.
    assert scores(store, [NORTH, EAST], [1, 1], EAST).matches[1].sentences == pytest.approx([0.25], abs=0.01)


def test_no_candidates_have_no_scores(store):
    none = scores(store, [NORTH], [1], candidates=[])
    assert (len(none.late), len(none.sentence), none.matches) == (0, 0, [])


def test_an_ordinal_that_the_index_does_not_hold_is_an_error(store):
    with pytest.raises(IndexError):
        scores(store, [NORTH], [1], candidates=[3])


def test_standardised_scores_have_mean_0_and_deviation_1():
    assert standardised(np.asarray([1, 2, 3], np.float32)) == pytest.approx([-1.2247, 0, 1.2247], abs=1e-3)


def test_scores_that_are_all_the_same_standardise_to_0():
    assert standardised(np.asarray([5, 5], np.float32)) == pytest.approx([0, 0])


def test_a_sum_is_the_weighted_mean_of_standardised_scores():
    how = Ranking("two", {"dense": 3.0, "lexical": 1.0})
    by_name = {"dense": np.asarray([0.1, 0.3], np.float32), "lexical": np.asarray([8, 2], np.float32)}
    # Standardised: (-1, 1) and (1, -1); (3 * -1 + 1) / 4 = -0.5.
    assert fuse(by_name, how) == pytest.approx([-0.5, 0.5])


def test_reciprocal_ranks_leave_out_what_a_ranking_does_not_hold():
    by_name = {"dense": np.asarray([0.9, 0.5], np.float32), "lexical": np.asarray([0, 4], np.float32)}
    assert fuse(by_name, RANKINGS["rrf"]) == pytest.approx([1 / 61, 1 / 62 + 1 / 61])
