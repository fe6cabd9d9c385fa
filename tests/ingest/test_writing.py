"""One writer at a time: whoever comes second waits, and knows for whom."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.build import build
from ingest.writing import write_lock, writing
from service.cli.progress import reporting


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("ingest.writing.PATIENCE_SECONDS", 0.1)


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock of `index`; gives its id and how to let it go."""
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with writing(tmp_path / "index", lambda *_: None):
                os.write(ready[1], b".")
                os.read(go[0], 1)
        finally:
            os._exit(0)
    os.read(ready[0], 1)
    yield child, lambda: os.write(go[1], b".")
    os.write(go[1], b".")
    os.waitpid(child, 0)
    for descriptor in (*ready, *go):
        os.close(descriptor)


def test_a_second_ingestion_waits_and_says_for_which_process(other, write_corpus, word_encoder, tmp_path):
    holder, let_go = other
    told = threading.Event()
    steps = []

    def report(step: str, done: int, total: int) -> None:
        steps.append((step, done, total))
        told.set()

    with ThreadPoolExecutor(1) as threads:
        second = threads.submit(build, write_corpus({"one": "Needles."}), tmp_path / "index", "words", report)
        assert told.wait(20)
        assert steps == [(f"waiting for process {holder}", 0, 1)]
        assert not (tmp_path / "index" / "CURRENT").exists()
        let_go()
        assert second.result(timeout=20).documents == 1
    assert steps[1][0] == "reading"


def test_who_has_not_to_wait_is_told_nothing(tmp_path):
    steps = []
    with writing(tmp_path, lambda *step: steps.append(step)):
        assert write_lock(tmp_path).lock_file
    assert steps == []


def test_a_holder_that_left_no_number_is_another_process(other, tmp_path):
    (tmp_path / "index" / ".lock").write_bytes(b"")
    steps = []

    def report(*step: object) -> None:
        steps.append(step)
        other[1]()

    with writing(tmp_path / "index", report):
        assert steps == [("waiting for another process", 0, 1)]


def test_in_a_pipe_waiting_is_a_line_when_it_begins(capsys):
    with reporting() as report:
        report("waiting for process 4711", 0, 1)
        report("reading", 0, 1)
    assert capsys.readouterr().err == "waiting for process 4711\n"
