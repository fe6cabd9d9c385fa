import json
import math

import pytest

from eval import beir, beir_index
from eval.errors import CollectionError, UnknownSystem
from eval.remembering import RememberingEncoder

DOCUMENTS = {
    "1": "Cats purr when they are content. They sleep a lot.",
    "2": "Dogs bark at strangers.",
    "3": "Birds sing at dawn.",
    "4": "Fish swim in the sea. Some fish fly.",
    "5": "Horses run fast.",
}
QUERIES = {"a": "why do cats purr", "b": "barking dogs", "unjudged": "cows"}
QRELS = "query-id\tcorpus-id\tscore\na\t1\t1\nb\t2\t1\nb\t5\t1\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "zoo"
    (folder / "qrels").mkdir(parents=True)
    lines = [json.dumps({"_id": key, "title": "", "text": text}) for key, text in DOCUMENTS.items()]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    lines = [json.dumps({"_id": key, "text": text, "metadata": {}}) for key, text in QUERIES.items()]
    (folder / "queries.jsonl").write_text("\n".join(lines))
    (folder / "qrels" / "test.tsv").write_text(QRELS)
    return folder


def quiet(*step):
    pass


def test_only_judged_queries_are_asked(folder):
    collection = beir.load_collection(folder)
    assert collection.name == "zoo"
    assert list(collection.queries) == ["a", "b"]
    assert len(collection.documents) == 5


def test_the_rankings_are_measured(folder, tmp_path, encoder):
    collection = beir.load_collection(folder)
    remembering = RememberingEncoder(encoder)
    generation = beir_index.open_or_build(collection, remembering, tmp_path / "cache", quiet)
    (scores,) = beir.measure(collection, ["bm25"], generation, remembering, quiet, remembering.clock)
    # "a" is perfect; "b" finds the first of its two documents, at rank 1, and not the second.
    second = 1 / math.log2(3)
    assert scores.ndcg_at_10 == pytest.approx((1 + 1 / (1 + second)) / 2)
    assert scores.recall_at_100 == pytest.approx((1 + 1 / 2) / 2)
    assert scores.p50 > 0


def test_a_document_is_one_passage_with_its_sentences(folder, tmp_path, encoder):
    generation = beir_index.open_or_build(beir.load_collection(folder), encoder, tmp_path / "cache", quiet)
    assert [passage.id for passage in generation.passages] == list(DOCUMENTS)
    fourth = generation.passage("4")
    assert [fourth.text[s.start : s.end] for s in fourth.sentences] == [
        "Fish swim in the sea.",
        "Some fish fly.",
    ]
    (first, last), (second, end) = generation.tokens.passage(3).sentences.tolist()
    assert (first, last) == (0, second)
    assert end == len(generation.tokens.passage(3).ids)


def test_the_index_is_built_once(folder, tmp_path, encoder):
    collection = beir.load_collection(folder)
    first = beir_index.open_or_build(collection, encoder, tmp_path / "cache", quiet)
    steps = []
    again = beir_index.open_or_build(
        collection, encoder, tmp_path / "cache", lambda *step: steps.append(step)
    )
    assert (again.name, steps) == (first.name, [])


def test_a_changed_collection_is_indexed_anew(folder, tmp_path, encoder):
    first = beir_index.open_or_build(beir.load_collection(folder), encoder, tmp_path / "cache", quiet).name
    with (folder / "corpus.jsonl").open("a") as file:
        file.write('\n{"_id": "6", "text": "Cows moo."}')
    second = beir_index.open_or_build(beir.load_collection(folder), encoder, tmp_path / "cache", quiet)
    assert len(second.passages) == 6
    assert not (tmp_path / "cache" / "zoo" / first).exists()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("corpus.jsonl", '{"_id": "1"}', r"corpus\.jsonl line 1: text: Field required"),
        ("queries.jsonl", "{", r"queries\.jsonl line 1"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\na 1 1", r"test\.tsv line 2 is 'a 1 1'"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nx\t1\t1", "holds no document or no judged query"),
    ],
)
def test_a_broken_collection_is_refused(folder, file, content, said):
    (folder / file).write_text(content)
    with pytest.raises(CollectionError, match=said):
        beir.load_collection(folder)


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(CollectionError, match=r"corpus\.jsonl cannot be read"):
        beir.load_collection(tmp_path)


def test_a_baseline_is_no_ranking():
    with pytest.raises(UnknownSystem, match="no ranking is called 'langchain-rrf'"):
        beir.check_rankings(["full", "langchain-rrf"])
