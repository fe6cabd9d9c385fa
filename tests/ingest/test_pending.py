"""What was embedded outlives the run that embedded it, whole or not at all."""

import numpy as np
import pytest

from ingest.encoder import EncoderInfo
from ingest.pending import Embedded, Pending
from ingest.tokens import PassageTokens

MODEL = EncoderInfo("model", "a" * 64, 2)
OTHER = EncoderInfo("other", "b" * 64, 2)


def embedded(*rows: tuple[float, float]) -> Embedded:
    tokens = np.array(rows, np.float32).reshape(-1, 2)
    ids = np.arange(len(rows), dtype=np.int32)
    return Embedded(np.array([0.6, 0.8], np.float32), PassageTokens(tokens, ids, np.zeros((0, 2), np.int32)))


def key(letter: str) -> bytes:
    return letter.encode() * 16


@pytest.fixture
def pending(tmp_path) -> Pending:
    found = Pending(tmp_path, MODEL)
    found.add([key("a"), key("b")], [embedded((1.0, 0.0)), embedded()])
    found.add([key("c")], [embedded((0.0, -0.5), (0.25, 0.0))])
    return found


def test_what_was_added_comes_back(pending):
    assert pending.get(key("c")).tokens.vectors.tolist() == [[0.0, -0.5], [0.25, 0.0]]
    assert pending.get(key("b")).tokens.vectors.shape == (0, 2)
    assert pending.get(key("a")).vector.tolist() == pytest.approx([0.6, 0.8])


def test_what_was_not_added_is_not_there(pending):
    assert key("d") not in pending
    with pytest.raises(KeyError):
        pending.get(key("d"))


def test_the_next_run_has_it(pending, tmp_path):
    again = Pending(tmp_path, MODEL)
    assert all(key(letter) in again for letter in "abc")
    assert again.get(key("c")).tokens.vectors.tolist() == [[0.0, -0.5], [0.25, 0.0]]
    assert again.largest == pending.largest == 1.0


def test_a_run_with_another_model_has_nothing_of_it(pending, tmp_path):
    assert key("a") not in Pending(tmp_path, OTHER)
    assert key("a") not in Pending(tmp_path, MODEL)


def test_a_batch_that_was_cut_short_is_dropped_and_the_others_stay(pending, tmp_path):
    del pending
    first, second = sorted(tmp_path.rglob("*.npz"))
    second.write_bytes(second.read_bytes()[:-50])
    again = Pending(tmp_path, MODEL)
    assert (key("a") in again, key("c") in again) == (True, False)
    assert sorted(tmp_path.rglob("*.npz")) == [first]


def test_discarding_leaves_nothing_on_the_disk(pending, tmp_path):
    pending.discard()
    assert list(tmp_path.iterdir()) == []
