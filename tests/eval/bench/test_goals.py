"""What is compared with what, on figures made up so that each ratio is a round number."""

import pytest

from eval.bench.figures import Setting, Spell
from eval.bench.goals import Goal, goals
from eval.bench.load import Loaded
from eval.bench.rounds import Measured


def spell(system, clients, neighbour, latencies, seconds=1.0):
    return Spell(system, Setting(clients, neighbour), 0, Loaded(seconds, tuple(latencies), 0, 0.0))


@pytest.fixture
def measured():
    return Measured(
        starts={"needle": [1.0, 3.0, 1.2]},
        memory={"needle": (310.0, 500)},
        spells=[
            spell("encoder", 1, False, [2, 2, 2]),
            spell("encoder", 2, False, [4] * 400),
            spell("needle", 1, False, [3, 3, 8]),
            spell("needle", 16, False, [40] * 300),
            spell("needle", 1, True, [3, 3, 20]),
            spell("other", 1, False, [12, 12, 12]),
            spell("other", 16, False, [90] * 100),
        ],
    )


def test_goals_are_set_against_the_encoder_and_the_peers(measured):
    reached = {goal.what: (goal.reached, goal.met) for goal in goals(measured, ["other"])}
    assert reached == {
        "ready after start": (1.2, True),
        "resident memory": (310, False),
        "p50, of one pass of the encoder": (1.5, True),  # 3 / 2
        "p99, of one pass of the encoder": (4, False),  # 8 / 2
        "throughput at 16 clients, of the encoder’s own on both processors": (0.75, False),  # 300 / 400
        "throughput at 16 clients, of other’s": (3, True),  # 300 / 100
        "p50, of other’s": (0.25, True),  # 3 / 12
        "p99 with a busy neighbour, 1 client": (2.5, True),  # 20 / 8
        "p99 with a busy neighbour, 16 clients": (None, None),
    }


def test_a_goal_that_was_not_measured_is_neither_met_nor_missed():
    assert all(goal.met is None for goal in goals(Measured(), ["other"]))


@pytest.mark.parametrize(("reached", "at_most", "met"), [(2, True, True), (2, False, True), (3, True, False)])
def test_a_bound_itself_is_within_the_bound(reached, at_most, met):
    assert Goal("", reached, 2, at_most=at_most).met is met
