"""Sums over postings: what is left unread makes no difference."""

import numpy as np
import pytest

from ingest import postings
from ingest.postings import Postings

# Term 0 is in passages 1 and 4, term 1 in 0 to 5, term 2 nowhere, term 3 in 5.
POINTERS = np.asarray([0, 2, 8, 8, 9])
ORDINALS = np.asarray([1, 4, 0, 1, 2, 3, 4, 5, 5], np.int32)
GAINS = np.asarray([3, 2, 0.5, 0.4, 0.3, 0.2, 0.5, 0.1, 9], np.float32)


@pytest.fixture(params=[10, 0], ids=["few", "many"])
def found(request, monkeypatch) -> Postings:
    monkeypatch.setattr(postings, "_FEW", request.param)
    return Postings.of(POINTERS, ORDINALS, GAINS, 6)


def test_the_most_that_a_term_gives_is_known(found):
    assert found.most.tolist() == pytest.approx([3, 0.5, 0, 9])


def test_sums_are_weighted(found):
    # Passage 1: 3 + 2 * 0.4; passage 4: 2 + 2 * 0.5.
    sums = [1.0, 3.8, 0.6, 0.4, 3.0, 0.2]
    assert found.sums([(0, 1.0), (1, 2.0)]).tolist() == pytest.approx(sums)
    assert found.sums_of([(0, 1.0), (1, 2.0)], np.asarray([4, 1, 5])).tolist() == pytest.approx(
        [3.0, 3.8, 0.2]
    )


def test_the_best_come_first_and_equal_ones_in_order(found):
    assert found.best([(0, 1.0), (1, 2.0)], 2, None).tolist() == [1, 4]
    assert found.best([(1, 1.0)], 2, None).tolist() == [0, 4]
    assert found.best([(2, 1.0)], 2, None).tolist() == []
    assert found.best([], 2, None).tolist() == []


def test_only_what_is_allowed_is_among_the_best(found):
    allowed = np.asarray([True, False, True, True, True, True])
    assert found.best([(0, 1.0), (1, 1.0)], 3, allowed).tolist() == [4, 0, 2]


@pytest.mark.parametrize("seed", range(20))
def test_leaving_common_terms_unread_gives_the_same_as_reading_all(monkeypatch, seed):
    drawn = np.random.default_rng(seed)
    held = drawn.random((300, 12)) < drawn.choice([0.01, 0.1, 0.9], 12)
    gains = np.where(held, drawn.random((300, 12)) * drawn.choice([0.2, 3, 9], 12), 0).astype(np.float32)
    terms, passages = np.nonzero(gains.T)
    pointers = np.searchsorted(terms, np.arange(13))
    found = Postings.of(pointers, passages.astype(np.int32), gains.T[terms, passages], 300)
    weighted = [(int(n), float(drawn.integers(1, 3))) for n in drawn.permutation(12)[:8]]
    allowed = drawn.random(300) < 0.7 if seed % 2 else None
    expected = found.best(weighted, 10, allowed)
    monkeypatch.setattr(postings, "_FEW", 0)
    assert found.best(weighted, 10, allowed).tolist() == expected.tolist()
    assert found.sums_of(weighted, expected).tolist() == found.sums(weighted)[expected].tolist()
