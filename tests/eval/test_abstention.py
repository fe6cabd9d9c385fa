import numpy as np
import pytest

from eval.abstention import abstention, auroc, risk_coverage


@pytest.fixture
def found(ask, passage):
    """A question answered from the right passage or the wrong one, or one that has no answer."""

    def found(name, confidence, refused=None, *, right=True, type_="fact"):
        question = ask(name, *(["Dogs bark."] if type_ == "fact" else []), type_=type_)
        return {question: ([passage("Dogs bark." if right else "Fish swim.")], confidence, refused)}

    return found


def test_auroc_by_hand():
    # 0.9 and 0.8 beat both others; 0.4 loses one and ties one: (2 + 2 + 0.5) of 6.
    assert auroc(np.array([0.9, 0.8, 0.4]), np.array([0.5, 0.4])).value == 0.75


def test_auroc_is_reported_by_type(found, measured):
    asked = (
        found("a", 0.9) | found("b", 0.6) | found("c", 0.7, type_="near") | found("d", 0.1, type_="off_topic")
    )
    figures = abstention(measured("told", asked).run.asked)
    values = {name: interval.value for name, interval in figures.auroc.items()}
    assert values == {"all": 0.75, "near": 0.5, "off_topic": 1.0}


def test_without_both_kinds_there_is_no_auroc(found, measured):
    assert abstention(measured("told", found("a", 0.9)).run.asked).auroc == {}


def test_risk_by_coverage_by_hand(found, measured):
    asked = (
        found("sure and right", 0.9)
        | found("a tie: no answer", 0.8, type_="near")
        | found("a tie: right", 0.8)
        | found("unsure and wrong", 0.1, right=False)
    )
    curve = risk_coverage(measured("told", asked).run.asked)
    assert curve.coverage.tolist() == [0.25, 0.75, 1]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx(0.25 * 0 + 0.5 / 3 + 0.25 / 2)
    assert curve.chosen is None


def test_the_chosen_point_is_where_the_system_draws_the_line(found, measured):
    asked = (
        found("a", 0.9, False)
        | found("b", 0.8, False, type_="near")
        | found("c", 0.3, True, type_="near")
        | found("d", 0.2, True)
    )
    run = measured("told", asked).run
    assert risk_coverage(run.asked).chosen == (0.5, 0.5)
    refused = {name: interval.value for name, interval in abstention(run.asked).refused.items()}
    assert refused == {"answerable": 0.5, "near": 0.5}


def test_a_system_that_never_refuses_has_no_refusals(found, measured):
    assert (
        abstention(measured("told", found("a", 0.9) | found("b", 0.1, type_="near")).run.asked).refused == {}
    )
