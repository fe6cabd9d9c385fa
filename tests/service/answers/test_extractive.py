"""Extractive answers over the real documents."""

import pytest

from service.answers.extractive import MAX_STATEMENTS, MAX_WORDS, extract
from service.retrieval.followups import Turn


@pytest.fixture(scope="module")
def ask(retriever):
    return lambda question, **more: extract(retriever.search(question, **more))


QUESTIONS = [
    "How many patients were in the cohort of Park et al.?",
    "What did the COVER-ALL trial compare?",
    "Which brain tumor models does Table 3 list, and with what AUC?",
    "How do Lim and Dinc describe virtual biopsy?",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_is_cited_and_every_citation_is_verbatim(ask, generation, question):
    answer = ask(question)
    assert not answer.abstained
    assert [sentence.citations for sentence in answer.sentences] == [(c.n,) for c in answer.citations]
    for citation in answer.citations:
        text = generation.documents[citation.passage.document_id].text
        assert all(0 <= start < end <= len(text) for start, end in citation.spans)
        inside = citation.passage.spans
        assert all(any(s <= start and end <= e for s, e in inside) for start, end in citation.spans)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_short_and_says_nothing_twice(ask, question):
    answer = ask(question)
    texts = [sentence.text for sentence in answer.sentences]
    assert 1 <= len(texts) <= MAX_STATEMENTS
    assert len(set(texts)) == len(texts)
    assert len(texts) == 1 or sum(len(text.split()) for text in texts) <= MAX_WORDS


def test_a_number_that_is_asked_for_is_in_the_answer(ask):
    assert "425,148" in ask("How many patients were in the cohort of Park et al.?").text


def test_a_sentence_carries_the_study_that_it_cites(ask):
    cited = [c.references for c in ask("How many patients were in the cohort of Park et al.?").citations]
    assert (3,) in cited


def test_two_documents_that_are_named_are_both_heard(ask):
    answer = ask("How do Lim and Dinc describe virtual biopsy?")
    assert {c.passage.document_id for c in answer.citations} >= {"lim", "dinc"}


def test_a_question_off_the_topic_is_not_answered(ask):
    answer = ask("How long should I boil an egg?")
    assert (answer.abstained, answer.sentences, answer.citations) == (True, (), ())
    assert answer.reason
    assert answer.found.passages


def test_a_price_that_no_passage_gives_is_not_answered(ask):
    assert ask("How much does the COVER-ALL software cost?").abstained


def test_a_follow_up_is_answered_with_what_it_points_to(ask):
    history = [Turn("What AUC does Table 3 list for the prostate bone metastasis model?", "0.93")]
    assert "0.85-0.92" in ask("and for the bladder?", history=history).text


def test_rows_that_are_asked_for_together_are_all_listed(ask):
    answer = ask("Which uses of AI in education does Table 1 list, and how ready is each?")
    assert [sentence.text.split(" (")[0] for sentence in answer.sentences] == [
        "Patient Education",
        "Medical Education",
    ]
    assert {c.passage.id for c in answer.citations} <= {s.passage.id for s in answer.found.passages}


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("What does DSC mean?", "DSC: Dice similarity coefficient"),
        ("What does RCC stand for?", "RCC: renal cell carcinoma"),
    ],
)
def test_an_abbreviation_is_answered_by_its_entry_alone(ask, question, meaning):
    answer = ask(question)
    assert meaning in [sentence.text for sentence in answer.sentences]
    [cited] = [c for c in answer.citations if c.passage.kind == "abbreviations"]
    assert meaning in cited.passage.text


def test_rows_that_do_not_keep_to_the_bound_asked_for_are_left_out(ask):
    answer = ask("Which breast models have an AUC of 0.95 or more?")
    assert [c.passage.table.number for c in answer.citations if c.passage.table] == [22, 24]


def test_a_role_answers_a_question_for_whoever_it_may_be(ask):
    assert not ask("Who is liable if the AI harms a patient?").abstained
