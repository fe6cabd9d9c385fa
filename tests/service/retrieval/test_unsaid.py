"""Which words of a question a passage does not say, with values worked out by hand."""

import numpy as np
import pytest

from service.retrieval.unsaid import Unsaid, unsaid

# One piece a word; "Daye" has two.
QUESTION = "Did Daye study renal tumors?"
STARTS = np.array([0, 4, 6, 9, 15, 21, 27], np.int32)


def lacks(said, near=0.0, rarity=1.0):
    pieces = len(STARTS)
    return unsaid(
        QUESTION,
        STARTS,
        frozenset(said),
        np.full(pieces, near, np.float32),
        np.full(pieces, rarity, np.float32),
    )


def test_a_question_in_the_passages_own_words_lacks_nothing():
    found = lacks({"day", "studi", "renal", "tumor"})
    assert (found.missing, found.name) == (0.0, 0.0)


def test_a_word_that_is_missing_counts_by_how_much_of_the_rest_is_said():
    # "renal" is missing, and the three others are said; nothing in the passage is near it.
    assert lacks({"day", "studi", "tumor"}).missing == pytest.approx(1.0)
    # Of the three others, one is said.
    assert lacks({"tumor"}).missing == pytest.approx(1 / 3)


def test_a_word_that_is_missing_counts_less_if_something_is_near_it():
    assert lacks({"day", "studi", "tumor"}, near=0.75).missing == pytest.approx(0.25)


def test_a_missing_name_is_told_from_a_missing_word():
    assert lacks({"studi", "renal", "tumor"}).name == pytest.approx(1.0)
    assert lacks({"day", "studi", "tumor"}).name == 0.0


def test_a_name_that_is_said_counts_by_its_rarity():
    assert lacks({"day"}, rarity=0.6).named == pytest.approx(0.6)
    assert lacks({"renal"}, rarity=0.6).named == 0.0


def test_a_word_that_the_model_does_not_know_whole_is_as_good_as_a_name():
    starts = np.array([0, 4, 7], np.int32)
    one = np.ones(3, np.float32)
    assert unsaid("who daye", starts, {"day"}, one, one).named == pytest.approx(1.0)


def test_a_question_without_matter_lacks_nothing():
    assert unsaid("what is it?", np.array([0, 5, 8], np.int32), set(), np.ones(3), np.ones(3)) == Unsaid()
