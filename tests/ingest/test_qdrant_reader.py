"""A generation on a Qdrant server holds what the one in a folder holds."""

from dataclasses import replace

import numpy as np
import pytest

from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnreachable
from ingest.qdrant_reader import open_current_on
from ingest.qdrant_server import connect, current_place, having, held_by
from ingest.qdrant_writer import publish
from ingest.searchable import Searchable
from tests.qdrant import empty_server


def quiet(step, done, total):
    pass


def test_both_hold_the_same(generation, qdrant_generation):
    both: list[Searchable] = [generation, qdrant_generation]
    embedded, remote = both
    assert remote.name == embedded.name
    assert remote.manifest == replace(embedded.manifest, files={})
    assert dict(remote.documents) == dict(embedded.documents)
    assert list(remote.documents) == list(embedded.documents)
    # The empty term stands for passages without words, of which there are none.
    assert (remote.words, {*remote.vocabulary, ""}) == (embedded.words, set(embedded.vocabulary))
    assert remote.described == embedded.described
    assert list(remote.abbreviations) == list(embedded.abbreviations)
    assert list(remote.words_starting("n")) == list(embedded.words_starting("n"))
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
        assert np.abs(there.vectors - here.vectors).max() < 6e-5
        assert there.ids.tolist() == here.ids.tolist()
        assert there.sentences.tolist() == here.sentences.tolist()
    ids = np.asarray([2023, 29000, 10**6], np.int32)
    assert qdrant_generation.rarity(ids) == pytest.approx(generation.rarity(ids))


def test_where_there_is_none_it_is_said_how_to_make_one():
    with pytest.raises(IndexMissing, match="needle ingest"):
        current_place(empty_server())


def test_a_generation_of_another_format_or_without_its_manifest_is_refused(built):
    client = empty_server()
    publish(built({"one": "We looked at needles."}), client, quiet)
    place = current_place(client)
    manifest = held_by(place.number, having("part", "manifest"))
    client.set_payload(place.collection, {"manifest": {"format_version": 0}}, points=manifest)
    with pytest.raises(IndexMismatch, match="format 0"):
        open_current_on(client)
    client.delete(place.collection, manifest)
    with pytest.raises(IndexDamaged, match="needle ingest"):
        open_current_on(client)


def test_a_server_that_does_not_answer_is_named_as_such():
    client = connect("http://127.0.0.1:1", None)
    with pytest.raises(IndexUnreachable, match="NEEDLE_INDEX"):
        current_place(client)
    client.close()
