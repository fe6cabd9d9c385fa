"""A generation on a Qdrant server holds what the one in a folder holds."""

from dataclasses import replace

import numpy as np
import pytest

from ingest.errors import IndexMismatch, IndexMissing, IndexUnreachable
from ingest.lexical import LexicalIndex
from ingest.qdrant_reader import open_current_on
from ingest.qdrant_server import (
    connect,
    current_collection,
    documents_of,
    generation_of,
    generations,
    number_of,
    point_of,
)
from ingest.qdrant_writer import _saturated, publish
from ingest.searchable import Searchable
from tests.qdrant import empty_server


def quiet(step, done, total):
    pass


def test_both_hold_the_same(generation, qdrant_generation):
    both: list[Searchable] = [generation, qdrant_generation]
    embedded, remote = both
    assert remote.name == embedded.name
    assert remote.manifest == replace(embedded.manifest, files={})
    assert dict(remote.documents) == embedded.documents
    assert list(remote.documents) == list(embedded.documents)
    assert (remote.words, remote.vocabulary) == (embedded.words, set(embedded.vocabulary))
    assert remote.kinds() == embedded.kinds()
    assert sorted(remote.searched_texts()) == sorted(embedded.searched_texts())


def test_passages_are_found_by_id_with_those_beside_them(generation, qdrant_generation):
    # The last passage of one document and the first of the next are no neighbours.
    border = next(
        n for n, p in enumerate(generation.passages) if p.document_id != generation.passages[0].document_id
    )
    for passage in (*generation.passages[:3], *generation.passages[border - 1 : border + 1]):
        assert qdrant_generation.passage(passage.id) == passage
        assert qdrant_generation.neighbours(passage) == generation.neighbours(passage)
    with pytest.raises(KeyError):
        qdrant_generation.passage("unknown")


def test_tokens_and_their_rarity_are_the_same(generation, qdrant_generation):
    passages = generation.passages[:4]
    for here, there in zip(
        generation.tokens_of(passages), qdrant_generation.tokens_of(passages), strict=True
    ):
        # Half of the last decimal that is sent.
        assert np.abs(there.vectors - here.vectors).max() < 6e-6
        assert there.ids.tolist() == here.ids.tolist()
        assert there.sentences.tolist() == here.sentences.tolist()
    ids = np.asarray([2023, 29000, 10**6], np.int32)
    assert qdrant_generation.rarity(ids) == pytest.approx(generation.rarity(ids))


def test_what_is_stored_of_a_term_makes_bm25_with_its_idf():
    # Two passages of 3 and 1 terms, 2 on average: tf 2 gives 2 / (2 + 1.2 (.25 + .75 · 3/2)) = .5479.
    found = _saturated(["needl", "needl", "ice"], 2.0)
    weights = dict(zip(found.indices, found.values, strict=True))
    assert weights[number_of("needl")] == pytest.approx(2 / 3.65)
    # "needl" is in one of two: idf ln(1 + 1.5 / 1.5) = .6931.
    lexical = LexicalIndex.build(["needle needle ice", "ice"])
    assert lexical.scores({"needl": 1.0})[0] == pytest.approx(np.log(2) * 2 / 3.65)


def test_a_newer_generation_is_switched_to_and_the_one_before_stays(generation, index_folder, tmp_path):
    client = empty_server()
    with pytest.raises(IndexMissing, match="needle ingest"):
        current_collection(client)
    small = replace(generation, passages=generation.passages[:2])
    names = ["20260101T000000000000Z-a", "20260102T000000000000Z-b", "20260103T000000000000Z-c"]
    for name in names:
        publish(replace(small, name=name), client, quiet)
        assert open_current_on(client).name == name
    assert [generation_of(collection) for collection in generations(client)] == names[1:]
    # Another machine whose corpus is the older one publishes last: its word counts, and nothing is lost.
    publish(replace(small, name=names[1]), client, quiet)
    assert open_current_on(client).name == names[1]
    assert [generation_of(collection) for collection in generations(client)] == names[1:]


def test_the_current_generation_is_not_written_again(generation, qdrant):
    reports = []
    publish(generation, qdrant, lambda *step: reports.append(step))
    assert reports == []


def test_a_generation_of_another_format_is_refused(generation):
    client = empty_server()
    publish(replace(generation, passages=generation.passages[:1]), client, quiet)
    documents = documents_of(current_collection(client))
    point = point_of("manifest", "")
    client.set_payload(documents, {"manifest": {"format_version": 0}}, points=[point])
    with pytest.raises(IndexMismatch, match="format 0"):
        open_current_on(client)


def test_a_server_that_does_not_answer_is_named_as_such():
    client = connect("http://127.0.0.1:1", None)
    with pytest.raises(IndexUnreachable, match="NEEDLE_INDEX"):
        current_collection(client)
    client.close()
