"""The best of many by a score."""

import numpy as np

from ingest.best import best_of


def test_the_best_come_first_and_none_of_0_or_less():
    scores = np.asarray([0.2, 0.0, 0.4, -0.1], np.float32)
    assert best_of(np.asarray([5, 6, 7, 8]), scores, 3).tolist() == [7, 5]


def test_there_are_never_more_than_are_wanted_and_equal_ones_go_by_their_place():
    assert best_of(np.asarray([9, 3, 7, 1]), np.ones(4, np.float32), 2).tolist() == [1, 3]


def test_of_none_none_is_best():
    assert best_of(np.zeros(0, np.int64), np.zeros(0, np.float32), 2).tolist() == []
