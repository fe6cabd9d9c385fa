"""No repetitions at the top, and each document that is asked for."""

from ingest.records import Passage
from service.retrieval.diversity import each_heard, without_repeats


def passage(document_id: str, text: str = "") -> Passage:
    return Passage(f"{document_id}-{text}", document_id, "paragraph", text, ((0, 1),), ())


def test_one_document_asked_for_changes_nothing():
    assert each_heard([passage("a"), passage("a"), passage("b")], ["b"]) == [0, 1, 2]


def test_documents_asked_for_take_turns():
    ranked = [passage("a"), passage("a"), passage("c"), passage("b"), passage("a"), passage("b")]
    assert each_heard(ranked, ["b", "a"]) == [0, 3, 1, 5, 4, 2]


def test_a_document_asked_for_that_has_nothing_takes_no_turn():
    assert each_heard([passage("c"), passage("a"), passage("a")], ["a", "b"]) == [1, 2, 0]


def test_a_near_duplicate_comes_after_the_first_ten():
    texts = [
        "needles steer robots gently",
        "Needles steer robots, gently.",
        *(f"word{n} other{n}" for n in range(10)),
    ]
    order = without_repeats([passage("a", text) for text in texts])
    assert order[:2] == [0, 2]
    assert order[10] == 1
    assert sorted(order) == list(range(12))


def test_passages_that_differ_stay_in_their_order():
    assert without_repeats([passage("a", "AUC of the first model"), passage("a", "dose of a scan")]) == [0, 1]
