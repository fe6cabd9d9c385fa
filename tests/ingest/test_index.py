"""The index on disk: what was written comes back, and what is damaged is refused with the mend."""

import gc
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest import index as store
from ingest.build import build
from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnusable
from ingest.records import Passage

TEXT = """# A Review of Needles

## Methods

We looked at electronic medical records (EMRs).¹ They
were many.

Table 1. Devices

| Organ | n |
|---|---|
| Liver | 3 |

## References

1. One A. Title. doi:10.1000/1.
"""


@pytest.fixture
def index(write_corpus, word_encoder, tmp_path) -> Path:
    """An index of one invented document."""
    folder = tmp_path / "index"
    build(write_corpus({"a": TEXT}), folder, "words", lambda step, done, total: None)
    return folder


def current(index: Path) -> Path:
    """The folder of the current generation."""
    return index / (index / "CURRENT").read_text().strip()


def refusal(index: Path, kind: type[IndexUnusable]) -> str:
    with pytest.raises(kind) as error:
        store.open_current(index)
    return str(error.value)


# What was written


def test_the_canonical_text_comes_back(index):
    assert store.open_current(index).documents["a"].text == TEXT


def test_the_bibliography_comes_back(index):
    (reference,) = store.open_current(index).documents["a"].references
    assert (reference.number, reference.doi) == (1, "10.1000/1")


def test_the_abbreviations_come_back(index):
    (pair,) = store.open_current(index).documents["a"].abbreviations
    assert (pair.short, pair.long) == ("EMR", "electronic medical record")


# A paragraph, a table, its row, a reference and the front matter.
def test_the_passages_come_back_in_order(index):
    kinds = [passage.kind for passage in store.open_current(index).passages]
    assert kinds == ["paragraph", "table", "table_row", "reference", "front_matter"]


def test_a_passage_comes_back_whole(index):
    paragraph = store.open_current(index).passages[0]
    assert paragraph.text == "We looked at electronic medical records (EMRs). They were many."
    assert paragraph.references == (1,)
    assert [TEXT[start:end] for start, end in paragraph.sentences[1].spans] == ["They\nwere many."]


def test_a_row_comes_back_with_its_cells(index):
    row = store.open_current(index).passages[2].table
    assert (row.table, row.cells) == ("Table 1", (("Organ", "Liver"), ("n", "3")))


def test_a_passage_is_found_by_its_id(index):
    generation = store.open_current(index)
    assert generation.passage(generation.passages[3].id) is generation.passages[3]


def test_an_unknown_id_is_an_error(index):
    with pytest.raises(KeyError):
        store.open_current(index).passage("a-0000000000")


def test_each_passage_has_its_vector(index, word_encoder):
    generation = store.open_current(index)
    for ordinal, passage in enumerate(generation.passages):
        expected = word_encoder.encode([store.searched_text(passage)]).vectors[0]
        assert np.allclose(generation.vectors.vector(ordinal), expected)


def test_each_passage_has_its_word_pieces(index):
    generation = store.open_current(index)
    for ordinal, passage in enumerate(generation.passages):
        words = store.searched_text(passage).split()
        assert generation.tokens.passage(ordinal).ids.tolist() == [len(word) for word in words]


# "Methods", then nine words of two sentences: "We … (EMRs)." and "They were many."
def test_a_passage_knows_the_word_pieces_of_its_sentences(index):
    assert store.open_current(index).tokens.passage(0).sentences.tolist() == [[1, 8], [8, 11]]


def test_words_are_found_in_the_lexical_index(index):
    scores = store.open_current(index).lexical.scores({"liver": 1})
    assert [score > 0 for score in scores] == [False, True, True, False, False]


def test_the_manifest_counts_the_passages_by_kind(index):
    assert store.read_manifest(current(index)).passages == {
        "paragraph": 1,
        "table": 1,
        "table_row": 1,
        "reference": 1,
        "front_matter": 1,
    }


def test_the_manifest_lists_every_other_file(index):
    folder = current(index)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(store.read_manifest(folder).files) == found - {"manifest.json"}


def test_the_size_is_that_of_all_files(index):
    folder = current(index)
    assert store.size_of(folder) == sum(len(p.read_bytes()) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    ("context", "index_text", "expected"),
    [
        ("Methods > Search", None, "Methods > Search\nWe searched."),
        ("", None, "We searched."),
        ("", "Summary", "Summary"),
        ("Methods", "Summary", "Methods\nSummary"),
    ],
)
def test_a_passage_is_searched_by_its_context_and_its_words(context, index_text, expected):
    passage = Passage("a-1", "a", "paragraph", "We searched.", ((0, 12),), ())
    assert store.searched_text(replace(passage, context=context, index_text=index_text)) == expected


# The real index


def test_the_real_index_has_a_vector_for_every_passage(generation):
    assert len(generation.vectors) == len(generation.passages) == len(generation.ordinals)


def test_the_real_index_holds_91_rows_and_87_references(generation):
    assert (generation.manifest.passages["table_row"], generation.manifest.passages["reference"]) == (91, 87)


def test_the_real_index_says_which_weights_made_it(generation):
    assert generation.manifest.encoder.sha256 == (
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    )


def test_both_meanings_of_ir_are_in_the_real_index(generation):
    meanings = {pair.long.lower() for pair in generation.documents["lim"].abbreviations if pair.short == "IR"}
    assert {"iterative reconstruction", "interventional radiology"} <= meanings


# What is missing or damaged


def test_a_missing_index_is_said_with_the_mend(tmp_path):
    message = refusal(tmp_path / "index", IndexMissing)
    assert str(tmp_path / "index") in message
    assert "needle ingest" in message


def test_a_pointer_to_nothing_is_refused_with_its_name(index):
    (index / "CURRENT").write_text("20200101T000000Z-gone\n")
    message = refusal(index, IndexDamaged)
    assert all(part in message for part in ("CURRENT", "20200101T000000Z-gone", str(index), "needle ingest"))


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"."])
def test_a_damaged_pointer_is_refused(index, content):
    (index / "CURRENT").write_bytes(content)
    assert "needle ingest" in refusal(index, IndexDamaged)


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def first_byte_flipped(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])


def middle_byte_flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [removed, emptied, cut_short, first_byte_flipped, middle_byte_flipped])
def test_damage_to_any_file_is_refused_with_its_name(index, damage):
    names = sorted(store.read_manifest(current(index)).files)
    assert len(names) > 5
    for name in names:
        path = current(index) / name
        content = path.read_bytes()
        damage(path)
        message = refusal(index, IndexDamaged)
        path.write_bytes(content)
        assert str(path) in message, name
        assert "needle ingest" in message, name


@pytest.mark.parametrize("place", [n / 40 for n in range(40)])
def test_a_bit_flipped_anywhere_in_the_manifest_is_refused(index, place):
    path = current(index) / "manifest.json"
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 1
    path.write_bytes(content)
    assert "needle ingest" in refusal(index, IndexUnusable)


@pytest.mark.parametrize("damage", [removed, emptied, cut_short, first_byte_flipped, middle_byte_flipped])
def test_damage_to_the_manifest_is_refused_with_its_name(index, damage):
    path = current(index) / "manifest.json"
    damage(path)
    message = refusal(index, IndexDamaged)
    assert str(path) in message
    assert "needle ingest" in message


def rewritten(index: Path, **fields: object) -> None:
    path = current(index) / "manifest.json"
    content = json.loads(path.read_text()) | fields
    del content["sha256"]
    path.write_text(json.dumps(content | {"sha256": store.seal(content)}))


@pytest.mark.parametrize("content", ["[]", "null", "{}", '{"format_version": 3}'])
def test_a_manifest_of_another_form_is_refused(index, content):
    (current(index) / "manifest.json").write_text(content)
    assert "needle ingest" in refusal(index, IndexUnusable)


def test_another_format_version_is_refused_with_both_and_the_mend(index):
    rewritten(index, format_version=99)
    message = refusal(index, IndexMismatch)
    assert all(part in message for part in ("99", str(store.FORMAT_VERSION), "needle ingest"))


def test_a_manifest_that_counts_other_passages_is_refused(index):
    rewritten(index, passages={"paragraph": 9})
    refusal(index, IndexDamaged)


def test_a_refusal_is_one_line(index):
    (current(index) / "manifest.json").write_text(
        json.dumps({"format_version": store.FORMAT_VERSION, "created": []})
    )
    assert "\n" not in refusal(index, IndexDamaged)


# Generations


def test_an_open_generation_stays_readable_when_another_becomes_current(index):
    opened = store.open_current(index)
    shutil.copytree(current(index), index / "next")
    store.switch_to(index, "next")
    assert opened.tokens.passage(0).vectors.shape == (11, 4)
    assert opened.lexical.scores({"liver": 1})[1] > 0


def test_the_pointer_is_switched(index):
    shutil.copytree(current(index), index / "next")
    store.switch_to(index, "next")
    assert (store.current_name(index), store.open_current(index).name) == ("next", "next")


def test_nothing_but_the_pointer_is_left_of_the_switch(index):
    store.switch_to(index, store.current_name(index))
    assert sorted(path.name for path in index.glob("[!.]*")) == sorted(["CURRENT", current(index).name])


def generations(index: Path) -> list[str]:
    return sorted(path.name for path in index.glob("[!.]*") if path.is_dir())


def test_the_newest_whole_generation_is_found_whatever_the_pointer_says(index):
    old = current(index)
    for name in ("20990101T000000Z-newest", "20980101T000000Z-newer"):
        shutil.copytree(old, index / name)
    (index / "20990101T000000Z-newest" / "passages.jsonl").write_bytes(b"")
    (index / "CURRENT").write_text("gone\n")
    found = store.newest_whole(index, store.open_generation)
    assert found and found.name == "20980101T000000Z-newer"


def test_without_a_whole_generation_there_is_no_newest(index, tmp_path):
    (current(index) / "manifest.json").unlink()
    assert store.newest_whole(index, store.open_generation) is None
    assert store.newest_whole(tmp_path / "nowhere", store.open_generation) is None


@pytest.mark.parametrize("content", ["gone\n", "", None])
def test_with_a_damaged_pointer_nothing_is_removed(index, content):
    kept = generations(index)
    (index / "CURRENT").unlink() if content is None else (index / "CURRENT").write_text(content)
    with pytest.raises(IndexUnusable):
        store.collect(index)
    assert generations(index) == kept


def test_generations_that_nobody_reads_are_removed(index):
    for name in ("half-written", "old"):
        (index / name).mkdir()
        (index / name / "passages.jsonl").write_text("{}")
    store.collect(index)
    assert generations(index) == [store.current_name(index)]


def test_a_generation_is_kept_as_long_as_somebody_reads_it(index):
    first = current(index).name
    opened = store.open_current(index)
    shutil.copytree(current(index), index / "next")
    store.switch_to(index, "next")
    store.collect(index)
    assert generations(index) == sorted([first, "next"])
    del opened
    gc.collect()
    store.collect(index)
    assert generations(index) == ["next"]


def test_a_generation_of_another_process_is_kept_too(index):
    shutil.copytree(current(index), index / "other")
    reads = (
        "import sys, time; from pathlib import Path; from ingest.index import open_generation;"
        "g = open_generation(Path(sys.argv[1])); print(g.name, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", reads, str(index / "other")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout and process.stdout.readline() == "other\n"
        store.collect(index)
        assert "other" in generations(index)
        process.kill()
    store.collect(index)
    assert "other" not in generations(index)


def test_a_reader_that_comes_late_opens_the_generation_after(index, monkeypatch):
    first = current(index)
    shutil.copytree(first, index / "next")
    names = iter([first.name, "next", "next"])
    shutil.rmtree(first)
    monkeypatch.setattr(store, "current_name", lambda folder: next(names))
    assert store.open_current(index).name == "next"
