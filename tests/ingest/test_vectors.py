"""The passages nearest to a question, by comparing all vectors or those of some lists."""

import numpy as np
import pytest

from ingest import approximate
from ingest.vectors import VectorIndex, write_index

# Sixteen directions of four numbers, each three times, a little apart.
CORNERS = np.asarray([[a, b, c, d] for a in (1, -1) for b in (1, -1) for c in (1, -1) for d in (1, -1)])


@pytest.fixture(params=["flat", "lists"])
def vectors(request, tmp_path) -> VectorIndex:
    rows = np.concatenate([CORNERS + step for step in (0, 0.01, 0.02)]).astype(np.float32)
    np.save(tmp_path / "vectors.npy", rows / np.linalg.norm(rows, axis=1, keepdims=True))
    write_index(tmp_path, request.param)
    assert (tmp_path / "vectors.faiss").exists() == (request.param == "lists")
    return VectorIndex.load(tmp_path)


def question(corner: int) -> np.ndarray:
    return np.asarray(CORNERS[corner] / 2, np.float32)


def test_the_nearest_come_first(vectors):
    assert vectors.nearest(question(6), 3).tolist()[0] == 6
    assert sorted(vectors.nearest(question(6), 3).tolist()) == [6, 22, 38]


def test_only_what_is_allowed_is_found(vectors, monkeypatch):
    allowed = np.ones(48, bool)
    allowed[[6, 38]] = False
    assert vectors.nearest(question(6), 1, allowed).tolist() == [22]
    monkeypatch.setattr(approximate, "FLAT", 0)  # so that lists are searched where there are any
    assert vectors.nearest(question(6), 1, allowed).tolist() == [22]


def test_none_is_found_among_none(vectors):
    assert vectors.nearest(question(6), 3, np.zeros(48, bool)).tolist() == []


def test_cosines_are_exact_however_the_nearest_are_found(vectors):
    # (1, 1, 1, 1) and (1, 1, 1, -1): the cosine is (3 - 1) / 4.
    found = vectors.cosines(question(0), np.asarray([0, 1, 15]))
    assert found == pytest.approx([1, 0.5, -1])


def test_few_vectors_are_compared_one_and_all_unless_it_is_asked_otherwise(tmp_path):
    np.save(tmp_path / "vectors.npy", question(0)[np.newaxis])
    write_index(tmp_path, "auto")
    assert not (tmp_path / "vectors.faiss").exists()
    assert VectorIndex.load(tmp_path).described == "flat"
