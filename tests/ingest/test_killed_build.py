"""An ingestion that is killed, fifty times, at steps spread from its first to its last."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from ingest import approximate
from ingest import index as store
from ingest.additions import add
from ingest.build import build
from ingest.found_files import find_files
from ingest.records import Span
from service.retrieval.retriever import Retriever
from tests.ingest.conftest import WordEncoder

KILLS = 50
OLD = {"one": "We looked at needles.", "two": "## Care\n\nPatients were looked after well."}
PAPERS = {f"paper{n}": f"# Paper {n}\n\n## Part {n}\n\nWe looked at robot number {n}." for n in range(5)}
QUESTIONS = ["Which robot was looked at?", "What about needles?", "Were patients looked after?"]

Answers = list[list[tuple[str, tuple[Span, ...], float]]]


@pytest.fixture
def place(write_corpus, word_encoder, tmp_path, monkeypatch) -> Path:
    """A folder with a corpus, its index, and papers that are to be added."""
    monkeypatch.setattr("ingest.embedding.BATCH", 2)
    papers = tmp_path / "place" / "papers"
    papers.mkdir(parents=True)
    build(write_corpus(OLD, "place/corpus"), tmp_path / "place" / "index", "words", lambda *_: None)
    for name, text in PAPERS.items():
        (papers / f"{name}.md").write_text(text)
    return tmp_path / "place"


def ingest(place: Path) -> None:
    """Add the papers and index them."""
    corpus, index = place / "corpus", place / "index"
    found = list(find_files([str(place / "papers")], corpus))
    add(corpus, index, found, lambda *_: None)
    build(corpus, index, "words", lambda *_: None)


def answers(place: Path) -> Answers:
    """What the service finds: passages, their spans and scores."""
    retriever = Retriever(store.open_current(place / "index"), WordEncoder())
    return [
        [
            (found.passage.id, found.passage.spans, round(found.score, 6))
            for found in retriever.search(q).passages
        ]
        for q in QUESTIONS
    ]


def killed_at(step: int, place: Path) -> bool:
    """Ingest in a process that dies by SIGKILL before its `step`-th step; False if it has fewer."""
    child = os.fork()
    if child == 0:
        steps = count()
        try:
            at_each_step(place, lambda: os.kill(os.getpid(), signal.SIGKILL) if next(steps) == step else None)
            ingest(place)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return os.WIFSIGNALED(status)


def at_each_step(place: Path, then: Callable[[], object]) -> None:
    """Call `then` before each file or folder is opened, listed, renamed or removed, each text embedded, each
    sync. It cannot be undone, so it is for processes that end."""

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(("open", "os.", "shutil.")) and str(place) in str(arguments[:1]):
            then()

    def before(function: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object) -> object:
            then()
            return function(*arguments)

        return called

    sys.addaudithook(heard)
    os.fsync = before(os.fsync)  # type: ignore[assignment]
    approximate.FLAT = 0  # so that FAISS writes a file as well, itself
    approximate.faiss.write_index = before(approximate.faiss.write_index)
    WordEncoder.encode = before(WordEncoder.encode)  # type: ignore[method-assign, assignment]


def steps_of(place: Path) -> int:
    """How many steps an ingestion has that nobody kills."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            at_each_step(place, lambda: os.write(writing, b"."))
            ingest(place)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        steps = len(told.read())
    assert os.waitpid(child, 0)[1] == 0
    return steps


def test_killed_fifty_times_an_ingestion_leaves_what_answered_before_or_what_answers_after(place, tmp_path):
    def copied(name: str) -> Path:
        # Names of one length, so that nothing else differs between two runs.
        return shutil.copytree(place, tmp_path / name)

    before, first = answers(place), store.current_name(place / "index")
    steps = steps_of(copied("whole"))
    after = answers(tmp_path / "whole")
    assert before != after
    kills = 0
    switched = []
    for n in range(KILLS):
        killed = copied(f"run{n:02}")
        kills += killed_at(n * (steps - 1) // (KILLS - 1), killed)
        found = answers(killed)
        assert found in (before, after)
        switched.append(found == after)
        ingest(killed)
        assert answers(killed) == after
        # The first generation may stay, since this test has it open.
        left = {path.name for path in (killed / "index").iterdir()} - {first}
        assert left == {".lock", "CURRENT", store.current_name(killed / "index")}
        shutil.rmtree(killed)
    assert kills == KILLS
    assert steps >= 3 * KILLS
    # The switch is one step among them: none before it shows anything new, none after it anything old.
    assert switched == sorted(switched) and {*switched} == {False, True}
