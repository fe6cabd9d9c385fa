"""Publishing to a Qdrant server: only what is new is sent, and whoever reads a generation keeps it."""

from collections import Counter
from dataclasses import replace

import pytest
from qdrant_client import QdrantClient, models

from ingest.errors import IndexMissing
from ingest.index import Generation
from ingest.qdrant_reader import QdrantGeneration, open_current_on
from ingest.qdrant_server import OPEN, collections, current_place, having, held_by
from ingest.qdrant_writer import publish
from service.retrieval.retriever import Retriever
from tests.ingest.conftest import WordEncoder
from tests.qdrant import empty_server

# Of about as many words each, so that the mean length of passages hardly changes.
OLD = {
    "one": "# Needles\n\nWe looked at needles of steel, and at how they were placed.",
    "two": "# Care\n\nPatients were looked after well, by nurses and by surgeons.",
}
NEW = {
    "one": OLD["one"],
    "two": "# Care\n\nPatients were looked after well, by nurses and by robots.",
    "three": "# Robots\n\nA robot placed needles of steel, and its errors were small.",
}
QUESTIONS = ["Which needles of steel were placed?", "Who looked after patients?", "What did the robot do?"]


def quiet(step, done, total):
    pass


def sent(client: QdrantClient, generation: Generation, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many points of each part, and of which documents, a publication sends."""
    counts: Counter[str] = Counter()

    def upsert(collection: str, points: list[models.PointStruct], **more: object) -> object:
        for point in points:
            payload = point.payload or {}
            counts[f"{payload.get('part')} {payload.get('document_id', '')}".strip()] += 1
        return QdrantClient.upsert(client, collection, points, **more)

    with monkeypatch.context() as patch:
        patch.setattr(client, "upsert", upsert)
        publish(generation, client, quiet)
    return counts


def answers(generation) -> list[list[tuple[str, dict[str, float]]]]:
    """The ranking for each question, with the scores that it is made of."""
    retriever = Retriever(generation, WordEncoder())
    return [
        [
            (found.passage.id, {name: round(score, 6) for name, score in found.scores.items()})
            for found in retriever.search(question).passages
        ]
        for question in QUESTIONS
    ]


def same(remote: QdrantGeneration, embedded: Generation) -> bool:
    for there, here in zip(answers(remote), answers(embedded), strict=True):
        assert [passage for passage, _ in there] == [passage for passage, _ in here]
        for (_, theirs), (_, ours) in zip(there, here, strict=True):
            assert theirs == pytest.approx(ours, abs=1e-3)  # a server's vectors are float16
    assert remote.manifest == replace(embedded.manifest, files={})
    assert list(remote.documents.items()) == list(embedded.documents.items())
    assert remote.words == embedded.words
    assert sorted(remote.searched_texts()) == sorted(embedded.searched_texts())
    for passage in embedded.passages:
        assert remote.passage(passage.id) == passage
        assert remote.neighbours(passage) == embedded.neighbours(passage)
    return True


def test_only_documents_that_changed_are_sent_and_those_that_went_are_gone(built, monkeypatch):
    client = empty_server()
    first = built(OLD)
    assert {"passage one", "passage two"} <= sent(client, first, monkeypatch).keys()
    assert same(open_current_on(client), first)
    second = built(NEW)
    counts = sent(client, second, monkeypatch)
    kept = len([p for p in second.passages if p.document_id != "one"])
    assert sum(counts[name] for name in ("passage two", "passage three")) == kept
    assert {name for name in counts if " " in name} == {
        *("passage two", "passage three", "document two", "document three"),
    }
    assert same(open_current_on(client), second)
    third = built({"one": NEW["one"], "three": NEW["three"]})
    assert not [name for name in sent(client, third, monkeypatch) if " " in name]
    assert same(open_current_on(client), third)
    assert collections(client) == [current_place(client).collection]


def test_documents_in_another_order_are_sent_without_their_passages(built, monkeypatch):
    client = empty_server()
    publish(built(OLD), client, quiet)
    turned = built(dict(reversed(OLD.items())))
    assert {name for name in sent(client, turned, monkeypatch) if " " in name} == {"document one"}
    assert same(open_current_on(client), turned)


def test_the_current_generation_is_not_written_again(built, monkeypatch):
    client = empty_server()
    generation = built(OLD)
    publish(generation, client, quiet)
    assert not sent(client, generation, monkeypatch)


def test_whoever_reads_a_generation_keeps_it_while_the_next_one_is_current(built):
    client = empty_server()
    publish(built(OLD), client, quiet)
    reader = open_current_on(client)
    before = answers(reader)
    publish(built(NEW), client, quiet)
    assert answers(reader) == before != answers(open_current_on(client))
    assert dict(open_current_on(client).documents) != dict(reader.documents)


def test_a_reader_of_what_has_been_replaced_twice_is_told_so_and_gets_no_part_of_it(built):
    client = empty_server()
    publish(built(OLD), client, quiet)
    reader = open_current_on(client)
    publish(built(NEW), client, quiet)
    publish(built(OLD | {"four": OLD["two"]}), client, quiet)
    with pytest.raises(IndexMissing, match="ask again"):
        answers(reader)
    with pytest.raises(IndexMissing, match="ask again"):
        reader.documents["two"]


def test_an_older_generation_that_is_published_last_is_current(built):
    client = empty_server()
    first, second = built(OLD), built(NEW)
    for generation in (first, second, first):
        publish(generation, client, quiet)
        assert same(open_current_on(client), generation)


def test_what_a_stopped_writer_has_left_is_of_no_generation(built):
    client = empty_server()
    first, second = built(OLD), built(NEW)
    publish(first, client, quiet)
    place = current_place(client)
    left = models.PointStruct(
        id=1, vector={}, payload={"part": "passage", "document_id": "x", "since": 2, "until": OPEN}
    )
    client.upsert(place.collection, [left])
    client.set_payload(place.collection, {"until": 2}, points=held_by(1, having("document_id", "one")))
    assert same(open_current_on(client), first)
    publish(second, client, quiet)
    assert same(open_current_on(client), second)


def test_a_generation_that_lacks_points_is_written_anew(built):
    client = empty_server()
    generation = built(OLD)
    publish(generation, client, quiet)
    broken = current_place(client)
    client.delete(broken.collection, held_by(1, having("document_id", "two")))
    publish(generation, client, quiet)
    assert current_place(client).collection != broken.collection
    assert same(open_current_on(client), generation)


def test_another_model_or_much_longer_passages_fill_another_collection_and_readers_keep_theirs(built):
    client = empty_server()
    publish(built(OLD), client, quiet)
    reader, before = open_current_on(client), current_place(client)
    kept = answers(reader)
    longer = built({"one": OLD["one"], "two": OLD["two"] + " needle" * 90})
    publish(longer, client, quiet)
    assert current_place(client).collection != before.collection
    assert same(open_current_on(client), longer)
    assert answers(reader) == kept
    other = replace(longer.manifest.encoder, sha256="0" * 64)
    manifest = replace(longer.manifest, encoder=other)
    publish(replace(longer, name="other", manifest=manifest), client, quiet)
    assert len(collections(client)) == 2
    assert before.collection not in collections(client)
