import pytest

from eval import evidence
from eval.errors import QuestionsError
from eval.evidence import Place, coverage, groups_in, ranks
from eval.questions import Quote
from eval.systems import Retrieved

TEN = Place("zoo", 100, 110)


@pytest.mark.parametrize(
    ("spans", "share"),
    [
        ([(100, 110)], 1.0),
        ([(0, 1000)], 1.0),
        ([(102, 110)], 0.8),
        ([(103, 110)], 0.7),
        ([(90, 105)], 0.5),
        ([(0, 100), (110, 120)], 0.0),
        ([(106, 110), (100, 104)], 0.8),
        ([(100, 106), (103, 108)], 0.8),
        ([], 0.0),
    ],
)
def test_coverage_is_the_share_of_the_quotes_characters(spans, share):
    assert coverage(TEN, "zoo", spans) == share


def test_another_document_covers_nothing():
    assert coverage(TEN, "other", [(100, 110)]) == 0


def test_a_quote_is_found_at_four_fifths_and_not_below():
    groups = [(TEN,)]
    assert groups_in(groups, Retrieved("p", "zoo", ((102, 110),), "")) == [0]
    assert groups_in(groups, Retrieved("p", "zoo", ((103, 110),), "")) == []


def test_two_passages_do_not_add_up():
    halves = [Retrieved("p", "zoo", ((100, 105),), ""), Retrieved("q", "zoo", ((105, 110),), "")]
    assert ranks([(TEN,)], halves) == (None,)


def test_any_alternative_finds_a_group_at_the_best_rank():
    groups = [(Place("zoo", 0, 10), TEN), (Place("zoo", 50, 60),)]
    passages = [
        Retrieved("p", "zoo", ((70, 80),), ""),
        Retrieved("q", "zoo", ((100, 110),), ""),
        Retrieved("r", "zoo", ((0, 60),), ""),
    ]
    assert ranks(groups, passages) == (2, 3)


def test_a_quote_is_located_in_code_points(ask, texts):
    (group,) = evidence.locate(ask("q", "Dogs bark."), texts)
    assert group == (Place("zoo", 18, 28),)


@pytest.mark.parametrize(("quote", "said"), [("Cows moo.", "not at all"), ("s", "more than once")])
def test_a_quote_must_stand_exactly_once(ask, texts, quote, said):
    with pytest.raises(QuestionsError, match=f"q: '{quote}' stands {said} in 'zoo'"):
        evidence.locate(ask("q", quote), texts)


def test_a_quote_of_an_unknown_document_is_refused(ask, texts):
    question = ask("q", "Dogs bark.").model_copy(
        update={"evidence": ((Quote(document="farm", quote="Dogs bark."),),)}
    )
    with pytest.raises(QuestionsError, match="quotes document 'farm'; there are zoo"):
        evidence.locate(question, texts)
