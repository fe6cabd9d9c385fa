"""Rankings on a Qdrant server are those of the embedded index."""

import pytest

from eval.questions import load_questions
from ingest.errors import IndexUnreachable
from ingest.qdrant_reader import open_current_on
from ingest.qdrant_server import connect
from service.answers.extractive import extract
from service.retrieval.retriever import Retriever

# Every seventh of all questions.
QUESTIONS = load_questions()[::7]
# Scores nearer to each other than this may change places.
TIE = 1e-3


@pytest.fixture(scope="module")
def remote(qdrant_generation, encoder):
    return Retriever(qdrant_generation, encoder)


def same_but_for_ties(here, there):
    for ours, theirs in zip(here, there, strict=True):
        assert ours.passage.id == theirs.passage.id or abs(ours.score - theirs.score) < TIE


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_five_best_passages_are_the_same(retriever, remote, question):
    here = retriever.search(question.question, history=question.turns)
    there = remote.search(question.question, history=question.turns)
    same_but_for_ties(here.passages, there.passages)
    assert there.confidence == pytest.approx(here.confidence, abs=1e-2)
    for ours, theirs in zip(here.passages, there.passages, strict=True):
        if ours.passage.id == theirs.passage.id:
            assert theirs.scores == pytest.approx(ours.scores, abs=1e-4)
            assert theirs.sentences == pytest.approx(ours.sentences, abs=1e-3)
            assert theirs.highlights == ours.highlights


@pytest.mark.parametrize("question", QUESTIONS[::3], ids=lambda question: question.id)
def test_the_answer_and_its_citations_are_the_same(retriever, remote, question):
    here, there = (
        extract(one.search(question.question, history=question.turns)) for one in (retriever, remote)
    )
    assert (there.text, there.citations, there.abstained) == (here.text, here.citations, here.abstained)


def test_a_claim_is_verified_against_stored_vectors(client, remote_client):
    claim = {"claim": "Park et al. used data from 425,148 patients."}
    here, there = (one.post("/v1/verify", json=claim).json() for one in (client, remote_client))
    assert there["verdict"] == "supported"
    assert there["evidence"] == here["evidence"]


@pytest.mark.parametrize(
    "fields",
    [
        {"document_ids": ["lim"]},
        {"kinds": ["table_row", "reference"]},
        {"document_ids": ["hmp"], "kinds": ["paragraph"]},
    ],
    ids=str,
)
def test_what_is_allowed_is_the_same(retriever, remote, fields):
    question = "How accurate are models that predict the response to TACE?"
    here, there = (one.search(question, top_k=10, **fields) for one in (retriever, remote))
    assert here.passages
    same_but_for_ties(here.passages, there.passages)


def test_a_server_that_is_gone_is_named_as_such(qdrant, encoder):
    generation = open_current_on(qdrant)
    retriever = Retriever(generation, encoder)
    generation._client = connect("http://127.0.0.1:1", None)
    with pytest.raises(IndexUnreachable, match="NEEDLE_INDEX"):
        retriever.search("What is TACE?")


def test_nothing_is_found_where_nothing_is_allowed(remote):
    found = remote.search("What is TACE?", document_ids=[])
    assert (found.passages, found.answerable) == ([], False)


def test_a_question_without_terms_is_searched_by_its_vector(retriever, remote):
    here, there = (one.search("What is this?") for one in (retriever, remote))
    same_but_for_ties(here.passages, there.passages)
