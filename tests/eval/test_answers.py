"""What is measured of extractive answers, on the real documents."""

import pytest

from eval.answers import measure
from eval.questions import Question, Quote

COHORT = "Park et al. used data from a large cohort of 425,148 patients"


@pytest.fixture(scope="module")
def measured(generation, encoder):
    """The parts of the figures of one question."""

    def measured(question: str, *, must_say: tuple[str, ...] = (), quotes: tuple[str, ...] = ()):
        asked = Question(
            id="one",
            type="fact" if quotes else "off_topic",
            question=question,
            evidence=tuple((Quote(document="lim", quote=quote),) for quote in quotes),
            answer="",
            must_say=must_say,
        )
        parts = measure(generation, encoder, [asked]).parts
        return {
            part: {name: interval.value for name, interval in means.items()} for part, means in parts.items()
        }

    return measured


def test_an_answer_that_says_what_it_must_and_cites_the_evidence(measured):
    parts = measured(
        "How many patients were in the cohort of Park et al.?", must_say=("425,148",), quotes=(COHORT,)
    )
    assert parts["fact"] == parts["all"]
    shares = {name: parts["fact"][name] for name in ("says", "cites", "cites_all", "refused")}
    assert shares == {"says": 1, "cites": 1, "cites_all": 1, "refused": 0}


def test_an_answer_that_lacks_a_string_and_half_of_the_evidence(measured):
    parts = measured(
        "How many patients were in the cohort of Park et al.?",
        must_say=("425,148", "an invented string"),
        quotes=(COHORT, "Unclear assigning of liability"),
    )
    shares = {name: parts["fact"][name] for name in ("says", "cites", "cites_all")}
    assert shares == {"says": 0, "cites": 1, "cites_all": 0}


def test_of_a_question_without_an_answer_only_the_refusal_counts(measured):
    assert measured("How long should I boil an egg?") == {"off_topic": {"refused": 1.0}}
