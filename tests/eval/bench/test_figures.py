"""Percentiles and ratios, with values worked out by hand."""

import pytest

from eval.bench.figures import Setting, Spell, by_round, figures, percentile, ratio
from eval.bench.load import Loaded

ONE = Setting(1, False)


def spell(system, turn, latencies, seconds=1.0, failures=0, setting=ONE):
    return Spell(system, setting, turn, Loaded(seconds, tuple(latencies), failures, 0.0))


@pytest.mark.parametrize(
    ("share", "expected"),
    # Of ten values: half are 5 or less; 95 % and 99 % of ten are ten; 10 % are one.
    [(0.5, 5), (0.95, 10), (0.99, 10), (0.1, 1), (1, 10)],
)
def test_a_percentile_is_the_smallest_value_that_covers_the_share(share, expected):
    assert percentile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == expected


def test_a_percentile_of_one_value_is_that_value():
    assert percentile([7.0], 0.99) == 7.0


def test_rounds_are_taken_together():
    # Six answers in 1 + 2 seconds are two a second; of 1, 2, 3, 4, 5, 60 the third is the median.
    found = figures([spell("a", 0, [1, 2, 60]), spell("a", 1, [3, 4, 5], seconds=2.0, failures=1)])
    one = found["a", ONE]
    assert (one.requests, one.failures, one.throughput) == (6, 1, 2.0)
    assert (one.p50, one.p95, one.p99) == (3, 60, 60)


def test_loads_are_kept_apart():
    busy = Setting(1, True)
    found = figures([spell("a", 0, [1]), spell("a", 0, [9], setting=busy), spell("b", 0, [5])])
    assert {key: one.p50 for key, one in found.items()} == {("a", ONE): 1, ("a", busy): 9, ("b", ONE): 5}


def test_where_nothing_was_answered_there_are_no_figures():
    assert figures([spell("a", 0, [], failures=3)]) == {}
    assert by_round([spell("a", 0, [], failures=3)], "a", ONE) == {}


def test_a_ratio_is_the_median_of_the_rounds_that_both_have():
    # 4/2, 9/3 and 20/2 are 2, 3 and 10; round 3 has only the one, round 4 nothing below.
    assert ratio({0: 4, 1: 9, 2: 20, 3: 5, 4: 1}, {0: 2, 1: 3, 2: 2, 4: 0}) == 3
    assert ratio({0: 4}, {1: 2}) is None
