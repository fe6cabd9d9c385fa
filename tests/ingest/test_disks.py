"""A disk that is full, and one that may only be read: real ones, in a name space of their own."""

import ctypes
import os
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import index as store
from ingest.build import build
from ingest.errors import IndexNotWritten

OLD = {"one": "We looked at needles."}
NEW = {f"d{n}": f"## Part {n}\n\nWe looked at robot number {n}." for n in range(40)}
_NEW_USER_AND_MOUNTS = 0x10000000 | 0x00020000  # CLONE_NEWUSER | CLONE_NEWNS


def with_own_mounts(run: Callable[[], object]) -> object:
    """What `run` returns in a process that may mount what it likes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            result: object = None
            try:
                result = run() if become_root_of_own_mounts() else "not allowed"
            except Exception as exc:
                result = exc
            with os.fdopen(writing, "wb") as file:
                pickle.dump(result, file)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        result = pickle.load(file)
    os.waitpid(child, 0)
    if isinstance(result, Exception):
        raise result
    if result == "not allowed":
        pytest.skip("this machine allows no mounts of one's own")
    return result


def become_root_of_own_mounts() -> bool:
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None).unshare(_NEW_USER_AND_MOUNTS) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    return True


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


# NEW takes some 30 blocks of 4 KiB, so that a build of it stops at one step or another.
@pytest.mark.parametrize("free_blocks", [0, 4, 12, 20])
def test_on_a_full_disk_a_build_says_so_and_the_old_generation_answers(
    write_corpus, word_encoder, tmp_path, free_blocks
):
    index = tmp_path / "disk" / "index"
    (tmp_path / "disk").mkdir()
    old, new = write_corpus(OLD, "old"), write_corpus(NEW, "new")

    def run() -> tuple[str, int]:
        mount("-t", "tmpfs", "-o", "size=1m", "none", str(index.parent))
        before = build(old, index, "words", lambda *_: None).generation
        filler = index.parent / "filler"
        filler.write_bytes(bytes(4096 * (os.statvfs(index.parent).f_bfree - free_blocks)))
        try:
            build(new, index, "words", lambda *_: None)
        except IndexNotWritten as exc:
            said = str(exc)
        left = [path.name for path in index.glob("[!.]*") if path.is_dir()]
        opened = store.open_current(index).name
        assert left == [opened] == [before]
        filler.unlink()
        return said, build(new, index, "words", lambda *_: None).documents

    said, documents = with_own_mounts(run)
    assert "No space left on device" in said and "make room" in said
    assert documents == len(NEW)


def test_on_a_disk_that_may_only_be_read_the_old_generation_answers(write_corpus, word_encoder, tmp_path):
    index = tmp_path / "index"
    before = build(write_corpus(OLD, "old"), index, "words", lambda *_: None).generation
    new = write_corpus(NEW, "new")

    def run() -> tuple[str, str]:
        mount("--bind", str(index), str(index))
        mount("-o", "remount,bind,ro", str(index))
        try:
            build(new, index, "words", lambda *_: None)
        except IndexNotWritten as exc:
            return str(exc), store.open_current(index).name
        raise AssertionError("it was written")

    said, opened = with_own_mounts(run)
    assert "Read-only file system" in said and "give the right to" in said
    assert opened == before
