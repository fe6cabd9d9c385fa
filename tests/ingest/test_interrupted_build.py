"""A build that is killed, or has no room, leaves the last good generation; the next run goes on."""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import index as store
from ingest.build import build
from ingest.errors import IndexNotWritten

OLD = {"one": "We looked at needles."}
NEW = {f"d{n}": f"## Part {n}\n\nWe looked at robot number {n}." for n in range(6)}


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr("ingest.embedding.BATCH", 2)


def killed(run: Callable[[], object]) -> None:
    """Run it in a process of its own, which is expected to die by SIGKILL."""
    child = os.fork()
    if child == 0:
        try:
            run()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def kill_at(step: str, done: int) -> Callable[[str, int, int], None]:
    def report(now: str, so_far: int, _: int) -> None:
        if (now, so_far) == (step, done):
            os.kill(os.getpid(), signal.SIGKILL)

    return report


# Six passages in batches of two: a batch is kept when its two have been encoded, and killed before that.
@pytest.mark.parametrize(
    ("step", "done", "left"),
    [("reading", 3, 6), ("embedding", 0, 6), ("embedding", 4, 4), ("embedding", 6, 2), ("writing", 0, 0)],
)
def test_a_killed_build_leaves_the_old_and_the_next_goes_on(
    write_corpus, word_encoder, tmp_path, step, done, left
):
    index = tmp_path / "index"
    before = build(write_corpus(OLD), index, "words", lambda *_: None).generation
    corpus = write_corpus(NEW)
    killed(lambda: build(corpus, index, "words", kill_at(step, done)))
    assert store.open_current(index).name == before
    word_encoder.seen.clear()
    summary = build(corpus, index, "words", lambda *_: None)
    assert (summary.embedded, len(word_encoder.seen)) == (left, left)
    assert sorted(path.name for path in index.iterdir()) == sorted([".lock", "CURRENT", summary.generation])
    assert list(store.open_current(index).documents) == list(NEW)


@pytest.mark.parametrize("function", ["sync_path", "switch_to", "collect"])
def test_a_build_killed_while_it_writes_leaves_a_whole_generation(
    write_corpus, word_encoder, tmp_path, monkeypatch, function
):
    index = tmp_path / "index"
    build(write_corpus(OLD), index, "words", lambda *_: None)
    corpus = write_corpus(NEW)

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(store, function, die)
        killed(lambda: build(corpus, index, "words", lambda *_: None))
    documents = list(store.open_current(index).documents)
    assert documents == (list(NEW) if function == "collect" else ["one"])
    assert build(corpus, index, "words", lambda *_: None).documents == len(NEW)


@pytest.mark.parametrize("room", [200, 1000, 2000])
def test_a_full_disk_is_one_line_and_leaves_the_old(write_corpus, word_encoder, tmp_path, room):
    index = tmp_path / "index"
    before = build(write_corpus(OLD), index, "words", lambda *_: None).generation
    corpus = write_corpus(NEW)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(IndexNotWritten, match="make room") as error:
            build(corpus, index, "words", lambda *_: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "\n" not in str(error.value)
    assert store.open_current(index).name == before
    assert [path.name for path in Path(index).glob("[!.]*") if path.is_dir()] == [before]
    assert build(corpus, index, "words", lambda *_: None).documents == len(NEW)
