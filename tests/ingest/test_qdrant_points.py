"""What is stored of a term, and BM25 of it."""

import numpy as np
import pytest

from ingest.lexical import LexicalIndex
from ingest.qdrant_points import contents_of, saturated
from ingest.qdrant_queries import bm25, sparse
from ingest.qdrant_server import number_of


def test_what_is_stored_of_a_term_makes_bm25_with_its_idf():
    # Two passages of 3 and 1 terms, 2 on average: tf 2 gives 2 / (2 + 1.2 (.25 + .75 · 3/2)) = .5479.
    found = saturated(["needl", "needl", "ice"], 2.0)
    weights = dict(zip(found.indices, found.values, strict=True))
    assert weights[number_of("needl")] == pytest.approx(2 / 3.65)
    # "needl" is in one of two: idf ln(1 + 1.5 / 1.5) = .6931.
    lexical = LexicalIndex.build(["needle needle ice", "ice"])
    assert lexical.scores({"needl": 1.0})[0] == pytest.approx(np.log(2) * 2 / 3.65)
    assert bm25(sparse({"needl": np.log(2)}), found, 3, pivot=2.0, mean=2.0) == pytest.approx(
        np.log(2) * 2 / 3.65
    )


def test_bm25_is_that_of_the_mean_length_now_not_of_the_one_it_was_stored_with():
    # Stored with a mean of 4 (tf + 1.2 (.25 + .75 · 3/4)), asked with 2, as above.
    stored = saturated(["needl", "needl", "ice"], 4.0)
    found = bm25(sparse({"needl": 3.0, "frost": 1.0}), stored, 3, pivot=4.0, mean=2.0)
    assert found == pytest.approx(3 * 2 / 3.65)


def test_terms_are_counted_by_passage_and_documents_told_apart_by_what_they_hold(built):
    generation = built({"one": "Needles, needles.", "two": "Ice and needles."})
    contents = contents_of(generation)
    assert contents.frequency["needl"] == 2
    assert contents.frequency["ice"] == 1
    again = contents_of(built({"two": "Ice and needles.", "one": "Needles, more needles."}))
    assert again.imprints["two"].passages == contents.imprints["two"].passages
    assert again.imprints["one"].passages != contents.imprints["one"].passages
    assert [one.place for one in again.imprints.values()] == [0, 1]
