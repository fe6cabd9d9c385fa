"""Words for the lexical index, and BM25 over them."""

import math

import numpy as np
import pytest

from ingest.lexical import LexicalIndex, terms

# Terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Liver robots", ["liver", "robot"]),
        ("the liver of a patient", ["liver", "patient"]),
        ("425,148 patients", ["425148", "patient"]),
        ("AUC 0.93", ["auc", "0.93"]),
        ("1, 2 and 3,45", ["1", "2", "3", "45"]),
        ("Y90 dose", ["y90", "dose"]),
        ("e\u0301 👍 עברית", ["e", "עברית"]),
        ("", []),
        ("the of and", []),
        ("?!", []),
    ],
)
def test_the_terms_of_a_text(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize("text", ["tumors", "Tumor", "TUMOR’S", "tumour", "tumours"])
def test_forms_of_a_word_are_one_term(text):
    assert terms(text)[0] == "tumor"


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("randomised", "randomized"),
        ("visualisation", "visualization"),
        ("analysed", "analyzed"),
        ("haemorrhage", "hemorrhage"),
        ("oedema", "edema"),
        ("centre", "center"),
        ("fibres", "fibers"),
        ("labelled", "labeled"),
        ("modelling", "modeling"),
        ("behavioural", "behavioral"),
    ],
)
def test_two_spellings_of_a_word_are_one_term(british, american):
    assert terms(british) == terms(american)


@pytest.mark.parametrize(
    ("text", "expected"), [("AI-RADS", ["ai", "rad", "airad"]), ("PET/CT", ["pet", "ct", "petct"])]
)
def test_a_compound_is_its_parts_and_itself(text, expected):
    assert terms(text) == expected


def test_an_accent_is_the_same_however_it_is_encoded():
    assert terms("Mari\u0301n") == terms("Mar\u00edn")


# BM25. The Lucene variant of bm25s (bm25s/scoring.py; Lucene dropped the factor k1 + 1 in LUCENE-8563):
#   idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5)),  score = idf * tf / (tf + k1 * (1 - b + b * length / mean))
# with k1 = 1.2, b = 0.75. These three texts have 2, 4 and 3 terms, 3 on average, so that
# k1 * (1 - b + b * length / 3) is 1.2 * 0.75 = 0.9, 1.2 * 1.25 = 1.5 and 1.2 * 1 = 1.2.
THREE = ["liver ablation", "liver liver image robot", "needle track robot"]
# "liver" and "robot" are in 2 of the 3: ln(1 + 1.5 / 2.5) = ln 1.6; "needle" is in 1: ln(1 + 2.5 / 1.5).
IN_TWO, IN_ONE = math.log(1.6), math.log(8 / 3)


@pytest.fixture(scope="module")
def index():
    return LexicalIndex.build(THREE)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("liver", [IN_TWO * 1 / (1 + 0.9), IN_TWO * 2 / (2 + 1.5), 0]),
        ("robot", [0, IN_TWO * 1 / (1 + 1.5), IN_TWO * 1 / (1 + 1.2)]),
        ("needl", [0, 0, IN_ONE * 1 / (1 + 1.2)]),
    ],
)
def test_the_score_of_a_term_is_bm25(index, term, expected):
    assert index.scores({term: 1}).tolist() == pytest.approx(expected, abs=1e-6)


# 0.4700036 / 1.9 and 0.9400073 / 3.5, with a pocket calculator.
def test_the_scores_of_liver_in_figures(index):
    assert index.scores({"liver": 1}).tolist() == pytest.approx([0.247370, 0.268574, 0], abs=1e-5)


def test_the_scores_of_several_terms_add_up(index):
    both = index.scores({"liver": 1, "robot": 1})
    assert both[1] == pytest.approx(IN_TWO * 2 / 3.5 + IN_TWO * 1 / 2.5, abs=1e-6)


def test_a_weight_multiplies_the_score(index):
    assert np.allclose(index.scores({"liver": 0.5}), 0.5 * index.scores({"liver": 1}))


def test_an_unknown_term_scores_nothing(index):
    assert index.scores({"football": 1}).tolist() == [0, 0, 0]


def test_a_query_without_terms_scores_nothing(index):
    assert index.scores({}).tolist() == [0, 0, 0]


def test_scores_are_float32(index):
    assert index.scores({"liver": 1}).dtype == np.float32


def test_the_vocabulary_holds_the_terms(index):
    assert {"liver", "ablat", "imag", "robot", "needl", "track"} <= set(index.vocabulary)


def test_words_are_counted_as_they_are_written():
    assert LexicalIndex.build(["Tumours, tumours", "The CT of livers"]).words == {"tumours": 2, "livers": 1}


def test_a_saved_index_scores_the_same(index, tmp_path):
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical", 3)
    assert np.array_equal(loaded.scores({"liver": 1, "robot": 2}), index.scores({"liver": 1, "robot": 2}))


def test_a_saved_index_knows_its_words(index, tmp_path):
    index.save(tmp_path / "lexical")
    assert LexicalIndex.load(tmp_path / "lexical", 3).words["liver"] == 3


def test_texts_without_words_can_be_indexed():
    assert LexicalIndex.build(["?!", ""]).scores({"liver": 1}).tolist() == [0, 0]
