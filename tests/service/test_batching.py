"""Calls that have to wait are encoded together, others alone; each gets its own vectors."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ingest.encoder import Encoded, EncoderInfo
from service.batching import BatchingEncoder


class GatedEncoder:
    """A text's vector is its length. A pass waits until the gate is open.

    passes: the texts of each, in the order of their beginning. most: how many ran at once.
    """

    info = EncoderInfo("gated", "0" * 64, 1)

    def __init__(self):
        self.gate = threading.Event()
        self.passes = []
        self.most = 0
        self._running = 0
        self._lock = threading.Lock()

    def is_word(self, word):
        return word == "needle"

    def encode(self, texts):
        with self._lock:
            self.passes.append(list(texts))
            self._running += 1
            self.most = max(self.most, self._running)
        assert self.gate.wait(10)
        with self._lock:
            self._running -= 1
        if "broken" in texts:
            raise ValueError("a broken text")
        lengths = [np.full((1, 1), len(text), np.float32) for text in texts]
        numbers = [np.asarray([len(text)], np.int32) for text in texts]
        return Encoded(np.concatenate([np.zeros((0, 1), np.float32), *lengths]), lengths, numbers, numbers)


@pytest.fixture
def gated():
    return GatedEncoder()


def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.001)


def ask_at_once(gated, batching, calls):
    """Start each call when the one before is running or waits; then open the gate; give what they got."""
    with ThreadPoolExecutor(len(calls)) as threads:
        asked = []
        for n, texts in enumerate(calls, start=1):
            asked.append(threads.submit(batching.encode, texts))
            until(lambda n=n: len(gated.passes) + len(batching._waiting) == n)
        gated.gate.set()
        return [each.exception(timeout=10) or each.result() for each in asked]


def test_a_call_that_need_not_wait_goes_alone(gated):
    gated.gate.set()
    batching = BatchingEncoder(gated, 1)
    assert batching.encode(["one"]).vectors.tolist() == [[3]]
    assert batching.encode(["four", "fives"]).vectors.tolist() == [[4], [5]]
    assert gated.passes == [["one"], ["four", "fives"]]


def test_calls_that_wait_are_encoded_together(gated):
    found = ask_at_once(gated, BatchingEncoder(gated, 1), [["a"], ["bb"], ["ccc"]])
    assert gated.passes == [["a"], ["bb", "ccc"]]
    assert [each.vectors.tolist() for each in found] == [[[1]], [[2]], [[3]]]


def test_each_call_gets_all_that_is_its_own(gated):
    found = ask_at_once(gated, BatchingEncoder(gated, 1), [["a"], ["bb", "ccc"], ["dddd"]])
    assert [[ids.tolist() for ids in each.token_ids] for each in found] == [[[1]], [[2], [3]], [[4]]]
    assert [[rows.tolist() for rows in each.tokens] for each in found] == [[[[1]]], [[[2]], [[3]]], [[[4]]]]


def test_four_texts_are_enough_for_a_pass(gated):
    ask_at_once(gated, BatchingEncoder(gated, 1), [[letter] for letter in "abcdefg"])
    assert gated.passes == [["a"], ["b", "c", "d", "e"], ["f", "g"]]


def test_no_more_passes_run_at_once_than_there_are_processors(gated):
    ask_at_once(gated, BatchingEncoder(gated, 2), [[letter] for letter in "abcdefghi"])
    assert gated.most == 2


def test_a_failure_is_told_to_those_whom_it_befell(gated):
    batching = BatchingEncoder(gated, 1)
    found = ask_at_once(gated, batching, [["a"], ["broken"], ["bb"]])
    assert found[0].vectors.tolist() == [[1]]
    assert [str(each) for each in found[1:]] == ["a broken text"] * 2
    assert batching.encode(["after"]).vectors.tolist() == [[5]]


def test_no_texts_are_no_trouble(gated):
    gated.gate.set()
    assert BatchingEncoder(gated, 1).encode([]).vectors.shape == (0, 1)


def test_it_is_the_encoder_that_it_batches(gated):
    batching = BatchingEncoder(gated, 1)
    assert (batching.info, batching.is_word("needle"), batching.is_word("xyz")) == (gated.info, True, False)
