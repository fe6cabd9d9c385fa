"""Building the index: what is new is embedded, what did not change is kept, what fails changes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ingest import index as store
from ingest.build import Summary, build
from ingest.encoder import EncoderInfo
from ingest.errors import CorpusError, EncoderError, IndexMissing

ONE = "# A Review of Needles\n\n## Methods\n\nWe looked at needles.\n\n## Results\n\nThey were sharp."
TWO = "# A Review of Robots\n\n## Methods\n\nWe looked at robots.\n\n## Results\n\nThey were slow."
# In each of them: two paragraphs and the front matter.

Run = Callable[[dict[str, str]], Summary]


@pytest.fixture
def index(tmp_path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def run(write_corpus, word_encoder, index) -> Run:
    """Builds the index of a corpus of invented documents, text by id."""
    return lambda texts: build(write_corpus(texts), index, "words", lambda step, done, total: None)


# From nothing


def test_a_first_build_embeds_everything(run):
    summary = run({"one": ONE, "two": TWO})
    assert (summary.embedded, summary.reused, summary.unchanged) == (6, 0, False)


def test_the_summary_counts_documents_and_passages(run):
    summary = run({"one": ONE, "two": TWO})
    assert (summary.documents, summary.passages) == (2, {"paragraph": 4, "front_matter": 2})


def test_the_summary_names_the_generation_and_its_size(run, index):
    summary = run({"one": ONE})
    assert summary.generation == store.current_name(index)
    assert summary.bytes == store.size_of(index / summary.generation)


def test_each_passage_is_embedded_with_its_section(run, word_encoder):
    run({"one": ONE})
    assert word_encoder.seen == [
        "Methods\nWe looked at needles.",
        "Results\nThey were sharp.",
        "A Review of Needles",
    ]


def test_progress_is_reported_step_by_step(write_corpus, word_encoder, index):
    steps = []
    build(write_corpus({"one": ONE, "two": TWO}), index, "words", lambda *step: steps.append(step))
    assert steps == [
        ("reading", 0, 2),
        ("reading", 1, 2),
        ("reading", 2, 2),
        ("embedding", 0, 6),
        ("embedding", 6, 6),
        ("writing", 0, 1),
        ("writing", 1, 1),
    ]


def test_meanings_are_gathered_over_the_corpus(run, index):
    one = "## Methods\n\nWe do interventional radiology (IR) every day."
    two = "## Methods\n\nTheir IR suite does interventional radiology."
    run({"one": one, "two": two})
    (borrowed,) = store.open_current(index).documents["two"].abbreviations
    assert (borrowed.short, borrowed.long, borrowed.source) == ("IR", "interventional radiology", "corpus")


def test_what_the_manifest_says_of_a_document_is_kept(run, index):
    run({"one": ONE})
    document = store.open_current(index).documents["one"]
    assert (document.title, document.file, document.text) == ("Title of one", "one.txt", ONE)


# A second time


def test_an_unchanged_corpus_embeds_nothing_and_says_so(run, word_encoder):
    run({"one": ONE})
    word_encoder.seen.clear()
    summary = run({"one": ONE})
    assert (summary.unchanged, summary.embedded, summary.reused) == (True, 0, 3)
    assert word_encoder.seen == []


def test_an_unchanged_corpus_keeps_its_generation(run):
    assert run({"one": ONE}).generation == run({"one": ONE}).generation


def test_an_unchanged_corpus_loads_no_model(run, monkeypatch):
    run({"one": ONE})
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: pytest.fail("loaded"))
    assert run({"one": ONE}).unchanged


def test_a_changed_document_embeds_only_what_changed(run, word_encoder):
    run({"one": ONE, "two": TWO})
    word_encoder.seen.clear()
    summary = run({"one": ONE, "two": TWO.replace("slow", "fast")})
    assert word_encoder.seen == ["Results\nThey were fast."]
    assert (summary.embedded, summary.reused) == (1, 5)


def test_a_new_document_embeds_only_itself(run):
    run({"one": ONE})
    summary = run({"one": ONE, "two": TWO})
    assert (summary.embedded, summary.reused) == (3, 3)


def test_a_removed_document_embeds_nothing(run, index):
    run({"one": ONE, "two": TWO})
    assert run({"two": TWO}).embedded == 0
    assert list(store.open_current(index).documents) == ["two"]


def test_words_that_only_moved_are_not_embedded_again(run):
    run({"one": ONE})
    moved = ONE.replace("## Methods", "Jane Doe\n\n## Methods")
    assert run({"one": moved}).embedded == 1  # the front matter


def test_moved_words_have_their_new_place(run, index):
    run({"one": ONE})
    moved = ONE.replace("## Methods", "Jane Doe\n\n## Methods")
    run({"one": moved})
    ((start, end),) = store.open_current(index).passages[0].spans
    assert moved[start:end] == "We looked at needles."


def test_kept_vectors_belong_to_their_passages(run, index, word_encoder):
    run({"one": ONE, "two": TWO})
    run({"two": TWO.replace("slow", "fast"), "one": ONE})
    generation = store.open_current(index)
    for ordinal, passage in enumerate(generation.passages):
        encoded = word_encoder.encode([store.searched_text(passage)])
        kept = generation.tokens.passage(ordinal)
        assert np.allclose(generation.vectors.reconstruct(ordinal), encoded.vectors[0], atol=1e-6)
        assert kept.ids.tolist() == encoded.token_ids[0].tolist()
        # Rounded twice at most, half a step of at most 1 / 127 each time.
        assert np.abs(kept.vectors - encoded.tokens[0]).max() <= 1 / 127 + 1e-6


def test_another_title_is_taken_over_without_embedding(run, write_corpus, index):
    run({"one": ONE})
    manifest = write_corpus({"one": ONE}) / "corpus.toml"
    manifest.write_text(manifest.read_text().replace("Title of one", "Another title"))
    summary = build(manifest.parent, index, "words", lambda step, done, total: None)
    assert (summary.unchanged, summary.embedded) == (False, 0)
    assert store.open_current(index).documents["one"].title == "Another title"


def test_another_model_embeds_everything(run, word_encoder, write_corpus, index):
    run({"one": ONE})
    word_encoder.info = EncoderInfo("others", "e" * 64, 4)
    summary = build(write_corpus({"one": ONE}), index, "others", lambda step, done, total: None)
    assert (summary.embedded, summary.reused) == (3, 0)


def test_other_rules_of_reading_build_the_index_anew(run, monkeypatch):
    run({"one": ONE})
    monkeypatch.setattr("ingest.build.RULES", -1)
    assert not run({"one": ONE}).unchanged


def test_the_generation_before_is_kept_and_the_one_before_that_removed(run, index):
    names = [run({"one": text}).generation for text in (ONE, TWO, ONE + "\n")]
    assert sorted(path.name for path in index.glob("[!.]*") if path.is_dir()) == sorted(names[1:])


@pytest.mark.parametrize("name", ["documents.json", "passages.jsonl", "vectors.faiss", "manifest.json"])
def test_a_damaged_generation_is_built_anew(run, index, name):
    first = run({"one": ONE}).generation
    (index / first / name).write_bytes(b"")
    summary = run({"one": ONE})
    assert (summary.unchanged, summary.embedded) == (False, 3)
    assert store.open_current(index).name == summary.generation


def test_a_generation_of_another_format_is_built_anew(run, index):
    first = run({"one": ONE}).generation
    path = index / first / "manifest.json"
    path.write_text(path.read_text().replace('"format_version": ', '"format_version": 9'))
    assert run({"one": ONE}).embedded == 3


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("text", ["", "\n\n", "---\n"])
def test_a_corpus_without_a_word_can_be_built_and_opened(run, index, text):
    run({"one": text})
    assert store.open_current(index).passages == ()


def test_a_corpus_without_a_word_is_built_without_a_warning(run):
    assert run({"one": ""}).passages == {}


# What fails


class Interrupted(Exception):
    """Stands for whatever may go wrong: a full disk, a killed process."""


def interrupt(*args: object, **kwargs: object) -> None:
    raise Interrupted


@pytest.mark.parametrize(
    "where",
    [
        "ingest.build.make_passages",
        "ingest.embedding.TokenStore.build",
        "ingest.index.faiss.write_index",
        "ingest.index.LexicalIndex.build",
        "ingest.index.os.fsync",
        "ingest.build.store.switch_to",
    ],
)
def test_an_interrupted_build_leaves_the_current_generation_serving(run, index, monkeypatch, where):
    before = run({"one": ONE}).generation
    with monkeypatch.context() as patch:
        patch.setattr(where, interrupt)
        with pytest.raises(Interrupted):
            run({"one": TWO})
    generation = store.open_current(index)
    assert (generation.name, generation.documents["one"].text) == (before, ONE)


def test_an_encoder_that_fails_leaves_the_current_generation_serving(run, index, word_encoder, monkeypatch):
    before = run({"one": ONE}).generation
    monkeypatch.setattr(word_encoder, "encode", interrupt)
    with pytest.raises(Interrupted):
        run({"one": TWO})
    assert store.open_current(index).name == before


def test_the_next_build_removes_what_an_interrupted_one_left(run, index, monkeypatch):
    before = run({"one": ONE}).generation
    with monkeypatch.context() as patch:
        patch.setattr("ingest.index.LexicalIndex.build", interrupt)
        with pytest.raises(Interrupted):
            run({"one": TWO})
    after = run({"one": TWO}).generation
    assert sorted(path.name for path in index.glob("[!.]*")) == sorted(["CURRENT", before, after])


def test_two_builds_at_once_take_turns(write_corpus, word_encoder, index):
    corpora = [write_corpus({"one": ONE}, "a"), write_corpus({"one": TWO}, "b")]
    with ThreadPoolExecutor() as threads:
        runs = [threads.submit(build, corpus, index, "words", lambda *_: None) for corpus in corpora]
    assert [run.result().documents for run in runs] == [1, 1]
    assert store.open_current(index).documents["one"].text in (ONE, TWO)


def test_an_interrupted_first_build_leaves_no_index(run, index, monkeypatch):
    monkeypatch.setattr("ingest.build.store.switch_to", interrupt)
    with pytest.raises(Interrupted):
        run({"one": ONE})
    with pytest.raises(IndexMissing):
        store.open_current(index)


def test_a_bad_corpus_leaves_the_current_generation_serving(run, write_corpus, word_encoder, index):
    before = run({"one": ONE}).generation
    folder = write_corpus({"one": ONE})
    (folder / "one.txt").write_text("Something else.")
    with pytest.raises(CorpusError):
        build(folder, index, "words", lambda step, done, total: None)
    assert store.open_current(index).name == before


def test_a_missing_model_leaves_the_current_generation_serving(run, write_corpus, index, monkeypatch):
    before = run({"one": ONE}).generation

    def missing(name: str) -> None:
        raise EncoderError(name)

    monkeypatch.setattr("ingest.build.load_encoder", missing)
    with pytest.raises(EncoderError):
        build(write_corpus({"one": TWO}), index, "words", lambda step, done, total: None)
    assert store.open_current(index).name == before
