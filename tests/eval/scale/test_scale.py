"""As the index grows: two sizes, as small as can be, and the report."""

import json

import numpy as np
import pytest

from eval.errors import NoRoom
from eval.scale import outcome
from eval.scale.generated import PER_DOCUMENT, Generated, is_word, word
from eval.scale.sizes import measure


def quiet(step: str, done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def growth(tmp_path_factory) -> outcome.Growth:
    folder = tmp_path_factory.mktemp("scale")
    sizes = measure([20, 60], "lists", folder, quiet)
    assert list(folder.iterdir()) == []
    return outcome.of("today", sizes)


def test_every_size_is_built_opened_and_searched(growth):
    assert [size.passages for size in growth.sizes] == [20, 60]
    for size in growth.sizes:
        assert size.built.disk_mb > 0
        assert size.searched.again.p99 >= size.searched.again.p50 > 0
        assert 0.9 <= size.searched.recall <= 1
        assert size.searched.search.endswith("int8")


def test_what_was_found_is_written_as_figures_and_as_one_page(growth, tmp_path, capsys):
    outcome.show(growth)
    assert "not measured" in capsys.readouterr().out  # there is no million
    figures, page = outcome.write(tmp_path / "here", growth)
    assert [size["passages"] for size in json.loads(figures.read_text())["sizes"]] == [20, 60]
    assert page.read_text().count("<svg") == 1
    assert "<script" not in page.read_text()


def test_what_does_not_fit_on_the_disk_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(NoRoom, match="--passages"):
        measure([300, 10**10], "auto", tmp_path, quiet)


def test_passages_are_always_the_same_and_their_sentences_stand_in_them():
    one, other = Generated(PER_DOCUMENT + 3), Generated(PER_DOCUMENT + 3)
    document, passages = one.document(1)
    assert (document, passages) == other.document(1)
    assert len(passages) == 3
    for passage in passages:
        start, end = passage.spans[0]
        assert document.text[start:end] == passage.text
        for sentence in passage.sentences:
            start, end = sentence.spans[0]
            assert document.text[start:end] == passage.text[sentence.start : sentence.end]


def test_vectors_are_of_length_one_and_belong_to_their_sentences():
    found = list(Generated(PER_DOCUMENT + 3).embedded())
    assert len(found) == PER_DOCUMENT + 3
    for one in found:
        assert np.linalg.norm(one.vector) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(one.tokens.vectors, axis=1) == pytest.approx(1, abs=1e-5)
        assert one.tokens.sentences[0, 0] == 0
        assert one.tokens.sentences[-1, 1] == len(one.tokens.ids)


def test_every_fifth_question_has_a_slip():
    asked = [question.text for question in Generated(100).questions(10)]
    slips = [[not is_word(text) for text in question[:-1].split()].count(True) for question in asked]
    assert slips[1:5] == slips[6:] == [0, 0, 0, 0]
    assert max(slips[0], slips[5]) <= 1


def test_every_rank_has_a_word_of_its_own():
    words = [word(rank) for rank in range(10_000)]
    assert len(set(words)) == len(words)
    assert all(is_word(text) and len(text) >= 4 for text in words)
