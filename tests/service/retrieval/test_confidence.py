"""How sure it is that what was found answers."""

import pytest

from service.retrieval.confidence import ANSWERABLE


@pytest.mark.parametrize(
    "question",
    [
        "How many patients were in the cohort of Park et al.?",
        "What is policy stitching?",
        "Which study predicted local tumor progression after adrenal ablation?",
        "how much less contrst dye with deep lerning reconstruction",
    ],
)
def test_what_the_documents_answer_is_answerable(retriever, question):
    found = retriever.search(question)
    assert found.answerable
    assert found.confidence >= ANSWERABLE


@pytest.mark.parametrize(
    "question",
    ["How long should I boil an egg?", "Who won the 2022 world cup final?", "translate hello to Spanish"],
)
def test_what_is_off_the_topic_is_not(retriever, question):
    found = retriever.search(question)
    assert not found.answerable
    assert 0 <= found.confidence < ANSWERABLE


def test_a_figure_that_is_missing_makes_it_less_sure(retriever):
    price = retriever.search("What is the price of the AI-based microwave ablation planning system?")
    subject = retriever.search("What is the AI-based microwave ablation planning system?")
    assert price.confidence < subject.confidence


def test_confidence_does_not_depend_on_how_many_passages_are_asked_for(retriever):
    question = "What is policy stitching?"
    assert retriever.search(question, top_k=1).confidence == retriever.search(question, top_k=50).confidence


def test_where_nothing_may_be_found_nothing_is_answerable(retriever):
    found = retriever.search("What is policy stitching?", document_ids=[])
    assert (found.passages, found.answerable, found.confidence) == ([], False, 0.0)
