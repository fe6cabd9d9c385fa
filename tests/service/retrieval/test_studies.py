"""A study named by its first author is what cites it."""

import pytest

from ingest.records import Passage, PassageKind
from service.retrieval.studies import priors


def passage(kind: PassageKind, text: str, *numbers: int, document: str = "lim") -> Passage:
    return Passage(f"{document}-{text}", document, kind, text, ((0, 1),), (), references=numbers)


SORIN = passage("reference", "Sorin V, Klang E, et al. ChatGPT for breast tumor board. 2023.", 66)
DOE = passage("reference", "Van der Doe AB. Robots. 2020.", 7)
CITING = passage("paragraph", "Language models write patient profiles.", 65, 66)
OTHER = passage("paragraph", "Robots hold needles.", 7)
SAME_NUMBER_ELSEWHERE = passage("paragraph", "Margins were better.", 66, document="hmp")
PASSAGES = [SORIN, DOE, CITING, OTHER, SAME_NUMBER_ELSEWHERE]


def raised(question: str) -> list[int]:
    return [n for n, added in enumerate(priors(question, PASSAGES)) if added > 0]


def test_what_cites_the_study_that_is_named_comes_first():
    assert raised("What did Sorin et al. find?") == [2]


def test_a_surname_may_have_several_words():
    assert raised("results of Van der Doe") == [3]


@pytest.mark.parametrize("question", ["What did others find?", "What does a sorin do?", "Is Klang right?"])
def test_nothing_is_raised_where_no_first_author_is_named(question):
    assert raised(question) == []


def test_who_asks_for_the_entry_itself_gets_it():
    assert raised("In which journal did Sorin's article appear?") == []
