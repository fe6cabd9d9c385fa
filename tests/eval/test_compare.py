import pytest

from eval.compare import compare, p_value


@pytest.fixture
def comparison(ask, passage, measured):
    right, wrong = [passage("Dogs bark.")], [passage("Fish swim.")]
    questions = [ask(name, "Dogs bark.") for name in ("both", "won", "lost", "neither", "won too")]
    first = measured(
        "first",
        {q: (p, 1.0, None) for q, p in zip(questions, (right, wrong, right, wrong, wrong), strict=True)},
    )
    second = measured(
        "second",
        {q: (p, 1.0, None) for q, p in zip(questions, (right, right, wrong, wrong, right), strict=True)},
    )
    return compare(first, second)


def test_wins_and_losses_are_those_of_the_second(comparison):
    assert [change.first.question.id for change in comparison.wins] == ["won", "won-too"]
    assert [change.first.question.id for change in comparison.losses] == ["lost"]
    assert [change.gain for change in (*comparison.wins, *comparison.losses)] == [1, 1, -1]


def test_each_side_shows_what_it_found(comparison):
    assert comparison.wins[0].first.answer.passages[0].text == "Fish swim."
    assert comparison.wins[0].second.answer.passages[0].text == "Dogs bark."


def test_the_difference_is_tested(comparison):
    recall, ndcg = comparison.differences
    assert (recall.measure, recall.first, recall.second) == ("recall@5", 0.4, 0.6)
    assert (ndcg.measure, ndcg.first, ndcg.second) == ("ndcg@10", 0.4, 0.6)
    # Sums of three signs: ±3 in 2 cases of 8, ±1 in the other 6; the observed one is 1.
    assert recall.p == 1


@pytest.mark.parametrize(("p", "written"), [(0.25, "0.250"), (0.001, "0.001"), (0.00005, "< 0.001")])
def test_p_has_no_more_digits_than_the_test(p, written):
    assert p_value(p) == written
