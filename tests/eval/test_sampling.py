import numpy as np
import pytest

from eval.sampling import Interval, mean_interval, pairs_interval, randomisation_test


def array(*values):
    return np.array(values, float)


def test_the_interval_of_equal_values_has_no_width():
    assert mean_interval(array(0.5, 0.5, 0.5)) == Interval(0.5, 0.5, 0.5)


def test_the_interval_of_a_coin_is_about_two_standard_errors():
    interval = mean_interval(array(*[0] * 50, *[1] * 50))
    assert interval.value == 0.5
    assert interval.low == pytest.approx(0.4, abs=0.02)
    assert interval.high == pytest.approx(0.6, abs=0.02)


def test_the_interval_is_the_same_each_time():
    values = np.random.default_rng(1).random(40)
    assert mean_interval(values) == mean_interval(values.copy())


def test_the_mean_over_pairs():
    interval = pairs_interval(np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert interval.value == 0.75
    assert interval.low <= 0.75 <= interval.high
    assert interval == pairs_interval(np.array([[1.0, 0.0], [1.0, 1.0]]))


def test_three_wins_of_three_are_one_case_in_four():
    # Of 2^3 = 8 assignments of signs only + + + and - - - have a sum as large.
    assert randomisation_test(array(1, 1, 1), array(0, 0, 0)) == 0.25


def test_three_wins_and_a_loss_are_ten_cases_in_sixteen():
    # Sums of four signs: ±4 in 2 cases, ±2 in 8, 0 in 6; the observed one is 2.
    assert randomisation_test(array(1, 1, 1, 0), array(0, 0, 0, 1)) == 0.625


def test_it_does_not_matter_which_comes_first_or_how_many_are_equal():
    first, second = array(0.1, 0.9, 0.4, 0.5, 0.5), array(0.3, 0.2, 0.1, 0.5, 0.5)
    assert randomisation_test(first, second) == randomisation_test(second, first)
    assert randomisation_test(first, second) == randomisation_test(first[:3], second[:3])


def test_equal_systems_do_not_differ():
    assert randomisation_test(array(0, 1, 0.5), array(0, 1, 0.5)) == 1


def test_many_wins_are_no_chance_and_the_estimate_is_the_same_each_time():
    first, second = np.ones(40), np.zeros(40)
    assert 0 < randomisation_test(first, second) < 0.001
    mixed = np.random.default_rng(1).random(40)
    assert randomisation_test(mixed, second + 0.5) == randomisation_test(mixed, second + 0.5)


def test_eleven_wins_of_thirteen_are_estimated():
    # Thirteen are too many to try all; by hand, 2 · (1 + 13 + 78) of 2^13 = 8,192 are as uneven.
    p = randomisation_test(array(*[1] * 11, 0, 0), array(*[0] * 11, 1, 1))
    assert p == pytest.approx(184 / 8192, abs=0.003)
