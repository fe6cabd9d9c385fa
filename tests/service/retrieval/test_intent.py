"""Kinds of passages count against those that a question does not ask for."""

import pytest

from service.retrieval.intent import priors


@pytest.mark.parametrize(
    ("question", "asked_for"),
    [
        ("What is the DOI of the iCARE checklist paper?", "reference"),
        ("Who wrote the review on robots?", "reference"),
        ("Show me Table 4.", "table"),
        ("What does KGR stand for?", "abbreviations"),
        ("What is SaMD?", "abbreviations"),
        ("Which hospitals do the authors work at?", "front_matter"),
        ("When was the article published?", "front_matter"),
    ],
)
def test_a_kind_that_is_asked_for_is_not_held_back(question, asked_for):
    assert asked_for not in priors(question)


def test_a_plain_question_holds_back_all_but_content():
    assert set(priors("How do robots steer needles?")) == {
        "reference",
        "table",
        "abbreviations",
        "front_matter",
    }


def test_a_prior_only_ever_takes_away():
    assert all(value < 0 for value in priors("How do robots steer needles?").values())


def test_the_article_of_a_named_author_is_the_document_and_no_bibliography():
    question = "What does Dinc's article say of robots?"
    assert "reference" not in priors(question)
    assert "reference" in priors(question, names_documents=True)
