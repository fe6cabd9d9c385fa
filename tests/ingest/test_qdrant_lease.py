"""One writer at a time on a Qdrant server."""

import os
import threading

import pytest

from ingest import qdrant_lease
from ingest.errors import IndexMissing, IndexNotWritten
from ingest.qdrant_lease import writing_to
from ingest.qdrant_reader import open_current_on
from ingest.qdrant_server import Place, current_place
from ingest.qdrant_writer import publish
from tests.qdrant import empty_server

PLACE = Place("needle-1", 1, "first")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(qdrant_lease, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(qdrant_lease, "_POLL_SECONDS", 0.01)


def quiet(step, done, total):
    pass


def test_one_writes_after_the_other():
    client = empty_server()
    with writing_to(client, quiet) as lease:
        assert lease.place is None
        lease.switch(PLACE)
    with writing_to(client, quiet) as lease:
        assert lease.place == PLACE == current_place(client)


def test_what_nobody_has_switched_to_is_no_index():
    client = empty_server()
    with writing_to(client, quiet), pytest.raises(IndexMissing):
        current_place(client)


def test_a_second_writer_waits_and_says_for_which(built):
    client = empty_server()
    first, second = built({"one": "We looked at needles."}), built({"one": "We looked at robots."})
    told, waiting = [], threading.Event()

    def note(step, done, total):
        told.append(step)
        waiting.set()

    other = threading.Thread(target=publish, args=(second, client, note))
    with writing_to(client, quiet) as lease:
        other.start()
        assert waiting.wait(timeout=20)
        lease.switch(PLACE)
    other.join(timeout=20)
    assert told[0].startswith(f"waiting for process {os.getpid()} on ")
    assert open_current_on(client).name == second.name
    publish(first, client, quiet)
    assert open_current_on(client).name == first.name


def test_a_writer_that_is_silent_is_replaced_and_can_neither_go_on_nor_switch(monkeypatch):
    client = empty_server()
    monkeypatch.setattr(qdrant_lease, "LEASE_SECONDS", 0.05)
    monkeypatch.setattr(qdrant_lease, "_BEAT_SECONDS", 0.0)
    with writing_to(client, quiet) as dead:
        with writing_to(client, quiet) as lease:
            lease.beat()
            lease.switch(PLACE)
            with pytest.raises(IndexNotWritten, match="taken over"):
                dead.beat()
            with pytest.raises(IndexNotWritten, match="taken over"):
                dead.switch(Place("needle-2", 2, "second"))
            lease.beat()
        assert current_place(client) == PLACE


def test_a_writer_that_says_that_it_is_alive_is_not_replaced(monkeypatch):
    client = empty_server()
    monkeypatch.setattr(qdrant_lease, "LEASE_SECONDS", 0.2)
    monkeypatch.setattr(qdrant_lease, "_BEAT_SECONDS", 0.0)
    held = []

    def second():
        with writing_to(client, quiet):
            held.append("second")

    other = threading.Thread(target=second)
    with writing_to(client, quiet) as lease:
        other.start()
        for _ in range(20):
            other.join(timeout=0.03)
            lease.beat()
        held.append("first")
    other.join(timeout=20)
    assert held == ["first", "second"]
