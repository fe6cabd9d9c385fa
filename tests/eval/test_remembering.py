from eval.remembering import RememberingEncoder


class Counting:
    info = None

    def __init__(self):
        self.calls = []

    def is_word(self, word):
        return word == "known"

    def encode(self, texts):
        self.calls.append(list(texts))
        return object()


def test_a_question_is_encoded_once_and_paid_for_each_time(monkeypatch):
    seconds = iter([0.0, 10.0, 15.0, 20.0, 20.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(seconds))
    encoder = RememberingEncoder(inner := Counting())
    assert encoder.clock() == 0
    first = encoder.encode(["why?"])  # takes from 10 to 15
    assert encoder.clock() == 20
    assert encoder.encode(["why?"]) is first
    assert encoder.clock() == 25
    assert inner.calls == [["why?"]]


def test_many_texts_are_passed_on():
    encoder = RememberingEncoder(inner := Counting())
    encoder.encode(["a", "b"])
    encoder.encode(["a", "b"])
    assert inner.calls == [["a", "b"]] * 2
    assert encoder.is_word("known") and not encoder.is_word("unknown")
