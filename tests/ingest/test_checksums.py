"""Checksums of whole files, and of the blocks of large ones."""

import numpy as np
import pytest

from ingest import checksums
from ingest.build import build
from ingest.checksums import BLOCK, check_files, guard, guarded_rows, sha256, write_blocks
from ingest.errors import IndexDamaged
from ingest.index import open_current


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A file of two and a half blocks that counts as large."""
    monkeypatch.setattr(checksums, "LARGE", BLOCK)
    path = tmp_path / "large"
    path.write_bytes(bytes(range(256)) * (BLOCK // 256 * 5 // 2))
    write_blocks(path)
    return path


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_of_a_small_file_there_are_no_blocks(tmp_path):
    path = tmp_path / "small"
    path.write_bytes(b"few")
    write_blocks(path)
    assert list(tmp_path.iterdir()) == [path]
    guard(path)(0, 3)


def test_a_damaged_block_is_named_when_it_is_read_and_the_others_are_not(large):
    flip(large, BLOCK + 5)
    check = guard(large)
    check(0, BLOCK)
    check(2 * BLOCK, 2 * BLOCK + 1)
    with pytest.raises(IndexDamaged, match=f"{large} has changed .*needle ingest"):
        check(BLOCK - 1, BLOCK + 1)


@pytest.mark.parametrize("missing", [1, BLOCK])
def test_a_large_file_that_was_cut_short_is_named_when_it_is_opened(large, missing):
    large.write_bytes(large.read_bytes()[:-missing])
    with pytest.raises(IndexDamaged, match=str(large)):
        guard(large)


def test_a_large_file_is_compared_as_a_whole_only_where_that_is_asked(large):
    folder = large.parent
    files = {path.name: sha256(path) for path in folder.iterdir()}
    flip(large, 0)
    check_files(folder, files, whole=False)
    with pytest.raises(IndexDamaged, match=str(large)):
        check_files(folder, files, whole=True)


def test_rows_are_guarded_by_their_place_in_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(checksums, "LARGE", BLOCK)
    path = tmp_path / "rows.npy"
    np.save(path, np.zeros((100, BLOCK // 8), np.int64))
    write_blocks(path)
    # numpy's header of 128 bytes comes first: row 7 ends in the block of the file with number 7.
    flip(path, 128 + 8 * BLOCK - 1)
    check = guarded_rows(path)[1]
    check(0, 6)
    with pytest.raises(IndexDamaged):
        check(7, 8)


def test_damage_to_a_large_file_is_named_by_whoever_reads_it(
    write_corpus, word_encoder, tmp_path, monkeypatch
):
    monkeypatch.setattr(checksums, "LARGE", 0)
    build(write_corpus({"a": "One robot.\n\nTwo robots."}), tmp_path / "index", "words", lambda *_: None)
    generation = open_current(tmp_path / "index")
    folder = tmp_path / "index" / generation.name
    del generation
    reads = {
        "documents.jsonl": lambda g: g.documents["a"],
        "passages.jsonl": lambda g: g.passages[0],
        "tokens.codes.npy": lambda g: g.tokens.similarities(np.ones((1, 4), np.float32), np.asarray([0])),
        "tokens.ids.npy": lambda g: g.tokens.passage(0),
        "lexical/gains.npy": lambda g: g.lexical.scores({"robot": 1}),
        "lexical/ordinals.npy": lambda g: g.lexical.scores({"robot": 1}),
    }
    for name, read in reads.items():
        before = (folder / name).read_bytes()
        flip(folder / name, len(before) - 1)
        with pytest.raises(IndexDamaged, match=name):
            read(open_current(tmp_path / "index"))
        (folder / name).write_bytes(before)
