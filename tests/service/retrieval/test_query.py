"""Reading a question: spelling, abbreviations, terms."""

import numpy as np
import pytest

from service.retrieval.followups import Standalone
from service.retrieval.query import ADDED_WEIGHT, QueryReader


@pytest.fixture(scope="module")
def read(generation, encoder):
    reader = QueryReader(generation, encoder.is_word)
    return lambda question, context="": reader.read(Standalone(question, context))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pateints in the cohort", "patients in the cohort"),
        ("deep lerning", "deep learning"),
        ("radiomcs of the liver", "radiomics of the liver"),
        ("microwave abltion", "microwave ablation"),
    ],
)
def test_a_word_that_the_corpus_has_never_seen_is_mended(read, typed, meant):
    assert read(typed).text[: len(meant)] == meant


@pytest.mark.parametrize("question", ["weather in Vienna", "best banana bread", "side effects of aspirin"])
def test_a_word_that_is_english_all_the_same_is_left_alone(read, question):
    assert read(question).text == question


def test_a_short_form_is_written_out_behind_the_question(read):
    query = read("What predicts LTP?")
    assert query.text.startswith("What predicts LTP? (")
    assert "local tumor progression" in query.text[query.own :]


def test_a_word_is_no_short_form_unless_it_is_written_as_one(read):
    assert read("Do they claim that it is safe?").text == "Do they claim that it is safe?"
    assert "medical imaging" in read("What is in the CLAIM checklist?").text
    assert "local tumor progression" in read("what predicts ltp").text


def test_a_long_form_brings_its_short_form(read):
    assert "GAN" in read("How do generative adversarial networks help?").text


def test_what_is_added_counts_half(read):
    query = read("What predicts LTP?")
    assert query.terms["ltp"] == 1
    assert query.terms["progress"] == ADDED_WEIGHT
    assert query.emphasis(np.asarray([0, query.own])).tolist() == [1, ADDED_WEIGHT]


def test_context_counts_half_too(read):
    query = read("Where was it published?", "iCARE checklist")
    assert query.terms["checklist"] == ADDED_WEIGHT
    assert query.text[: query.own] == "Where was it published?"


def test_a_term_that_is_asked_twice_counts_twice(read):
    assert read("robots and robots").terms["robot"] == 2
