"""Searches that come again: answered from memory only where everything that is asked is the same."""

import pytest

from service.retrieval.followups import Turn
from service.retrieval.retriever import Retriever

QUESTION = "How many patients were in it?"
HISTORY = (Turn("What is the COVER-ALL trial?"),)
OTHERWISE = [
    {"top_k": 3},
    {"document_ids": ["hmp"]},
    {"document_ids": []},
    {"kinds": ["table_row"]},
    {"history": HISTORY},
]


class Counting:
    """The encoder given; `seen` holds every text that it was asked to encode."""

    def __init__(self, encoder):
        self._encoder = encoder
        self.info = encoder.info
        self.seen = []

    def is_word(self, word):
        return self._encoder.is_word(word)

    def encode(self, texts):
        self.seen.extend(texts)
        return self._encoder.encode(texts)


@pytest.fixture
def counting(encoder):
    return Counting(encoder)


def ids(found):
    return [scored.passage.id for scored in found.passages]


def test_a_question_is_searched_and_encoded_once(generation, counting):
    retriever = Retriever(generation, counting)
    counting.seen.clear()  # of what tells questions from elsewhere
    first, again = retriever.search(QUESTION), retriever.search(QUESTION)
    assert again.passages is first.passages
    assert counting.seen == [QUESTION]


def test_what_is_remembered_took_no_time(generation, counting):
    retriever = Retriever(generation, counting)
    assert all(retriever.search(QUESTION).timings_ms.values())
    assert retriever.search(QUESTION).timings_ms == {"read": 0, "encode": 0, "rank": 0}
    assert retriever.hits()["searches"] == 1


def test_lists_are_the_same_whatever_holds_them_and_in_any_order(generation, counting):
    retriever = Retriever(generation, counting)
    first = retriever.search(QUESTION, document_ids=["lim", "hmp"], history=list(HISTORY))
    again = retriever.search(QUESTION, document_ids=("hmp", "lim"), history=HISTORY)
    assert again.passages is first.passages


@pytest.mark.parametrize("fields", OTHERWISE, ids=str)
def test_what_is_asked_otherwise_is_found_anew(generation, counting, fields):
    retriever = Retriever(generation, counting)
    retriever.search(QUESTION)
    after = retriever.search(QUESTION, **fields)
    alone = Retriever(generation, counting).search(QUESTION, **fields)
    assert (ids(after), after.standalone_question) == (ids(alone), alone.standalone_question)
    assert ids(after) != ids(retriever.search(QUESTION))


def test_another_generation_is_searched_anew(generation, counting):
    first = Retriever(generation, counting).search(QUESTION)
    assert Retriever(generation, counting).search(QUESTION).passages is not first.passages


def test_no_more_passages_are_given_than_asked_for(generation, counting):
    # The confidence looks at five, however few are asked for.
    one, five = (Retriever(generation, counting).search(QUESTION, top_k=k) for k in (1, 5))
    assert len(one.passages) == 1
    assert one.confidence == five.confidence
