import numpy as np
import pytest

from eval.baselines import ChunkIndex, ChunkSystem, best_first, chunk, fuse
from eval.catalogue import NAMES, check_names
from eval.errors import UnknownSystem
from eval.systems import Retrieved


@pytest.fixture(scope="module")
def index(encoder):
    texts = ("Cats purr when they are content.", "Dogs bark at strangers.", "Stocks fell on Monday.")
    return ChunkIndex([Retrieved(str(n), "zoo", (), text) for n, text in enumerate(texts)], encoder)


def test_a_chunk_has_the_span_that_it_stands_at():
    text = "\n\n".join(f"Paragraph {n}. " + "More words follow here. " * 12 for n in range(12))
    chunks = chunk({"zoo": text})
    assert len(chunks) > 3
    for piece in chunks:
        ((start, end),) = piece.spans
        assert text[start:end] == piece.text
        assert len(piece.text) <= 1000


def test_only_what_matches_is_ranked():
    assert best_first(np.array([0.5, 0, 2], np.float32)).tolist() == [2, 0]


def test_fusion_by_hand():
    fused = fuse([np.array([3, 2, 0], np.float32), np.array([0, 5, 1], np.float32)])
    assert fused.tolist() == pytest.approx([1 / 61, 1 / 62 + 1 / 61, 1 / 62])


def test_dense_finds_by_meaning(index, ask):
    question = ask("q", "x").model_copy(update={"question": "What sound does a happy kitten make?"})
    assert ChunkSystem("dense", index).search(question, 1).passages[0].id == "0"


def test_bm25_finds_by_stems_and_is_unsure_without_any(index, ask):
    question = ask("q", "x").model_copy(update={"question": "barking"})
    answer = ChunkSystem("bm25", index).search(question, 5)
    assert [passage.id for passage in answer.passages] == ["1"]
    assert answer.confidence > 0
    nothing = ChunkSystem("bm25", index).search(question.model_copy(update={"question": "whale"}), 5)
    assert (nothing.passages, nothing.confidence, nothing.refused) == ((), 0, None)


def test_both_are_fused(index, ask):
    question = ask("q", "x").model_copy(update={"question": "Why do dogs bark?"})
    answer = ChunkSystem("rrf", index).search(question, 5)
    assert answer.passages[0].id == "1"
    assert answer.confidence == pytest.approx(2 / 61)


def test_an_unknown_system_is_refused_with_its_neighbour():
    check_names(NAMES)
    with pytest.raises(
        UnknownSystem, match="no system is called 'lagchain-rrf'; did you mean 'langchain-rrf'"
    ):
        check_names(["full", "lagchain-rrf"])
    with pytest.raises(UnknownSystem, match="there are langchain-dense, "):
        check_names(["xyz"])
