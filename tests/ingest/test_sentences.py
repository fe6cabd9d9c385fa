"""Sentence boundaries."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["The first ends.", "The second ends."],
        ["Is it safe?", "It is!", "And quick."],
        ["She called it “indifference.”", "In 2025 it changed."],
        ["It works (in most).", "It is quick."],
        ["Nobody knows…", "But one can guess."],
        ["It is quick.", "“It is safe,” she said."],
        ["It is quick.", "(It is safe.)"],
        ["It has three uses.", "3 of them are new."],
        ["Élan is one.", "Über is another."],
    ],
)
def test_a_sentence_ends_at_its_stop(expected):
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "An AUC of 0.93 was reached, against 0.85 before.",
        "Park et al. Used the records of 425,148 patients.",
        "Simple vs. Complex tasks were compared.",
        "Some biometrics (e.g. EKG) were used.",
        "Vital signs, i.e. Pulse and temperature, were kept.",
        "Dr. Gichoya surveyed them.",
        "See Fig. 3 and No. 12 of the list.",
        "Written by J. B. Smith in 2024.",
        "It costs approx. 5 dollars.",
        "The so-called data stream. is one",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(sentence):
    assert sentences(sentence) == [sentence]


def test_a_text_without_a_stop_is_one_sentence():
    assert sentences("Fully automated tools for CT") == ["Fully automated tools for CT"]


def test_the_rest_after_the_last_stop_is_a_sentence():
    assert sentences("It works. But only") == ["It works.", "But only"]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_blank_text_has_no_sentence(text):
    assert sentences(text) == []


def test_the_white_space_between_sentences_belongs_to_none():
    assert split_sentences("One is. \n Two is.") == [(0, 7), (10, 17)]


@settings(deadline=None, derandomize=True, database=None)
@given(st.text("aB. ?\n“”(1)", max_size=60))
def test_sentences_hold_all_that_is_not_white_space(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
