"""How likely a statement is the one that answers, told from statements made up for it."""

from dataclasses import replace

import pytest

from ingest.lexical import terms
from ingest.records import Passage
from service.answers.likelihood import NAMES, features, likelihoods
from service.answers.statements import Statement
from service.retrieval.query import Query


def query(question):
    return Query(question, len(question), dict.fromkeys(terms(question), 1.0))


def statement(text, rank=0):
    passage = Passage("one", "doc", "paragraph", text, (), ())
    return Statement(text, text, passage, (), (), (rank, 0), 0.5, 1.0, True)


def test_likelihoods_add_up_to_one():
    found = likelihoods(query("Do cats purr?"), [statement("Cats purr."), statement("Dogs bark.", 1)])
    assert found.sum() == pytest.approx(1)


def test_there_may_be_no_statement():
    assert likelihoods(query("Do cats purr?"), []).tolist() == []


def test_the_share_of_the_terms_that_a_statement_holds():
    known = dict(zip(NAMES, features(query("Do cats purr loudly?"), statement("Cats purr.")), strict=True))
    assert known["shared"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("What did the trial find?", "The margin was improved.", "The margin was a topic."),
        ("How many patients took part?", "There were 108 patients.", "There were patients."),
        ("What is radiomics?", "Radiomics is the extraction of features.", "Radiomics may help."),
    ],
)
def test_what_the_question_asks_for_makes_a_statement_likelier(question, better, worse):
    first, second = likelihoods(query(question), [statement(better), statement(worse)])
    assert first > second


def test_of_two_alike_that_of_the_better_passage_is_likelier():
    one = statement("Cats purr.")
    first, second = likelihoods(query("Do cats purr?"), [one, replace(one, passage_score=0.5)])
    assert first > second
