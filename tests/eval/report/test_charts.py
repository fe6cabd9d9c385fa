import re
from itertools import pairwise

import pytest

from eval.report import charts
from eval.report.charts import Axis, Series
from eval.sampling import Interval

SHARES = Axis("share", 0, 1, (0, 0.5, 1), percent=True)


def test_an_axis_places_values_and_keeps_them_inside():
    axis = Axis("", 10, 20, ())
    assert [axis.at(value, 100, 200) for value in (10, 15, 20, 99)] == [100, 150, 200, 200]
    assert axis.at(15, 200, 100) == 150


def test_labels_of_lines_that_end_together_do_not_cover_each_other():
    series = [Series(f"line {n}", [(0, 0), (1, 0.99)], f"c{n}") for n in range(6)]
    drawn = charts.lines("title", series, SHARES, SHARES)
    places = sorted(float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>line \d', drawn))
    assert len(places) == 6
    assert all(after - before > 14 for before, after in pairwise(places))
    assert places[0] > 0


def test_the_first_line_is_drawn_on_top():
    drawn = charts.lines("title", [Series("a", [(0, 0)], "c0"), Series("b", [(0, 0)], "c1")], SHARES, SHARES)
    assert drawn.index('class="line c1"') < drawn.index('class="line c0 thick"')


def test_a_chart_says_what_it_shows():
    drawn = charts.forest("Recall <5>", [("full", Interval(0.5, 0.25, 0.75), "c0")], SHARES)
    assert 'aria-label="Recall &lt;5&gt;"' in drawn
    assert "<title>full: 0.500, 95 % interval 0.250 to 0.750</title>" in drawn


@pytest.mark.parametrize("cut", [None, 0.5])
def test_a_cut_is_drawn_if_there_is_one(cut):
    drawn = charts.strips("title", {"near": [(0.3, "why?", "c5")]}, SHARES, cut)
    assert ('class="cut"' in drawn) == (cut is not None)


def test_a_bar_goes_to_the_first_value_and_its_line_to_the_second():
    drawn = charts.bars("title", [("full", 5.0, 10.0, "c0")], Axis("ms", 0, 10, (0, 10)))
    assert 'x="122" y="9" width="169"' in drawn
    assert 'x1="291" x2="460"' in drawn
