"""A publication to a Qdrant server that is killed, or watched, at each of its steps."""

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from qdrant_client import QdrantClient, models
from qdrant_client.local.persistence import CollectionPersistence

from ingest.index import Generation
from ingest.qdrant_reader import QdrantGeneration, open_current_on
from ingest.qdrant_server import collections, current_place
from ingest.qdrant_writer import publish
from service.retrieval.retriever import Retriever
from tests.ingest.conftest import WordEncoder
from tests.qdrant import empty_server

OLD = {
    "one": "# Needles\n\nWe looked at needles of steel, and at how they were placed.",
    "two": "# Care\n\nPatients were looked after well, by nurses and by surgeons.",
}
NEW = {
    "two": "# Care\n\nPatients were looked after well, by nurses and by robots.",
    "three": "# Robots\n\nA robot placed needles of steel, and its errors were small.",
}
# Passages so much longer fill another collection.
LONG = {"two": NEW["two"], "three": NEW["three"] + " needle" * 90}
QUESTIONS = ["Which needles of steel were placed?", "Who looked after patients?"]

Answers = list[list[tuple[str, float]]]


@pytest.fixture(autouse=True)
def _no_waiting_for_the_dead(monkeypatch):
    monkeypatch.setattr("ingest.qdrant_lease.LEASE_SECONDS", 0.0)
    monkeypatch.setattr("ingest.qdrant_lease._POLL_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    """What a killed process has written is there, synced or not."""
    connect = sqlite3.connect

    def connected(*arguments: object, **more: object) -> sqlite3.Connection:
        connection = connect(*arguments, **more)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connected)


def quiet(step, done, total):
    pass


def answers(generation: QdrantGeneration) -> Answers:
    retriever = Retriever(generation, WordEncoder())
    return [
        [(found.passage.id, round(found.score, 4)) for found in retriever.search(question).passages]
        for question in QUESTIONS
    ]


def with_store(store: Path, then: Callable[[QdrantClient], Answers | None]) -> Answers | None:
    client = QdrantClient(path=str(store))
    try:
        return then(client)
    finally:
        client.close()


def read(store: Path) -> Answers | None:
    return with_store(store, lambda client: answers(open_current_on(client)))


def write(store: Path, generation: Generation) -> None:
    with_store(store, lambda client: publish(generation, client, quiet))


def killed_at(step: int, store: Path, generation: Generation) -> bool:
    """Publish in a process that dies by SIGKILL before its `step`-th step; False if it has fewer."""
    child = os.fork()
    if child == 0:
        steps = count()
        try:
            at_each_step(store, lambda: os.kill(os.getpid(), signal.SIGKILL) if next(steps) == step else None)
            write(store, generation)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return os.WIFSIGNALED(status)


def at_each_step(store: Path, then: Callable[[], object]) -> None:
    """Call `then` before each point is written or deleted and each file renamed or removed.

    It cannot be undone, so it is for processes that end.
    """

    def before(function: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object) -> object:
            then()
            return function(*arguments)

        return called

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("os.rename", "shutil.rmtree", "os.mkdir") and str(store) in str(arguments[:1]):
            then()

    sys.addaudithook(heard)
    CollectionPersistence.persist = before(CollectionPersistence.persist)  # type: ignore[method-assign, assignment]
    CollectionPersistence.delete = before(CollectionPersistence.delete)  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("texts", [NEW, LONG], ids=["same_collection", "another_collection"])
def test_killed_at_every_other_step_a_publication_leaves_what_answered_before_or_what_answers_after(
    built, tmp_path, texts
):
    store = tmp_path / "store"
    old, new = built(OLD), built(texts)
    write(store, old)
    write(shutil.copytree(store, tmp_path / "whole"), new)
    before, after = read(store), read(tmp_path / "whole")
    assert before != after
    switched = []
    for step in count(0, 2):
        killed = shutil.copytree(store, tmp_path / f"run{step}")
        if not killed_at(step, killed, new):
            break
        found = read(killed)
        assert found in (before, after)
        switched.append(found == after)
        write(killed, new)
        assert read(killed) == after
        shutil.rmtree(killed)
    assert len(switched) >= 10
    # The switch is one step among them: none before it shows anything new, none after it anything old.
    assert switched == sorted(switched) and {*switched} == {False, True}


def test_while_one_publishes_every_replica_answers_from_before_or_from_after(built, monkeypatch):
    client = empty_server()
    publish(built(OLD), client, quiet)
    kept = open_current_on(client)
    before = answers(kept)
    followed = []

    def watched(function: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **more: object) -> object:
            done = function(*arguments, **more)
            assert answers(kept) == before
            followed.append(answers(open_current_on(client)))
            return done

        return called

    for name in ("upsert", "set_payload", "delete", "create_collection", "delete_collection"):
        monkeypatch.setattr(client, name, watched(getattr(client, name)))
    publish(built(NEW), client, quiet)
    after = answers(open_current_on(client))
    switched = [found == after for found in followed]
    assert all(found in (before, after) for found in followed)
    assert switched == sorted(switched) and {*switched} == {False, True}


def test_nothing_is_left_of_many_publications_but_the_last_two(built):
    client = empty_server()
    for generation in [built(OLD), built(NEW), built(OLD), built(LONG), built(NEW)] * 2:
        publish(generation, client, quiet)
    place = current_place(client)
    assert len(collections(client)) <= 2
    ended = models.Filter(
        must=[models.FieldCondition(key="until", range=models.Range(lt=place.number))],
    )
    assert client.count(place.collection, ended).count == 0
