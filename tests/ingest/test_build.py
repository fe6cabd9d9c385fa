"""Building the index: what is new is embedded, what did not change is kept, what fails changes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest import index as store
from ingest import reading
from ingest.build import Summary, build
from ingest.encoder import EncoderInfo
from ingest.errors import CorpusError, EncoderChanged, EncoderError, IndexMissing, NothingReadable

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
    assert sorted(word_encoder.seen) == [
        "A Review of Needles",
        "Methods\nWe looked at needles.",
        "Results\nThey were sharp.",
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
        assert np.allclose(generation.vectors.vector(ordinal), encoded.vectors[0], atol=1e-6)
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


def test_another_model_embeds_everything_once_that_is_agreed(run, word_encoder, write_corpus, index):
    run({"one": ONE})
    word_encoder.info = EncoderInfo("others", "e" * 64, 4)
    corpus = write_corpus({"one": ONE})
    with pytest.raises(EncoderChanged, match=r"the index has 3 passages embedded with words .* --yes"):
        build(corpus, index, "others", lambda step, done, total: None)
    summary = build(corpus, index, "others", lambda step, done, total: None, new_encoder=True)
    assert (summary.embedded, summary.reused) == (3, 0)
    assert store.open_current(index).manifest.encoder.name == "others"


def test_the_same_model_under_another_name_embeds_nothing(run, word_encoder, write_corpus, index):
    run({"one": ONE})
    word_encoder.info = replace(word_encoder.info, name="others")
    summary = build(write_corpus({"one": ONE}), index, "others", lambda step, done, total: None)
    assert (summary.unchanged, summary.embedded) == (False, 0)
    assert store.open_current(index).manifest.encoder.name == "others"


def test_other_rules_of_reading_build_the_index_anew(run, monkeypatch):
    run({"one": ONE})
    monkeypatch.setattr("ingest.build.RULES", -1)
    assert not run({"one": ONE}).unchanged


def test_only_the_generation_written_last_is_kept(run, index):
    names = [run({"one": text}).generation for text in (ONE, TWO, ONE + "\n")]
    assert [path.name for path in index.glob("[!.]*") if path.is_dir()] == names[2:]


@pytest.mark.parametrize("name", ["documents.jsonl", "passages.jsonl", "vectors.npy", "manifest.json"])
def test_a_damaged_generation_is_built_anew(run, index, name):
    first = run({"one": ONE}).generation
    (index / first / name).write_bytes(b"")
    summary = run({"one": ONE})
    assert (summary.unchanged, summary.embedded) == (False, 3)
    assert store.open_current(index).name == summary.generation


@pytest.mark.parametrize("pointer", ["20200101T000000Z-gone\n", "", "\x00\n", None])
def test_a_damaged_pointer_is_mended_without_embedding(run, index, word_encoder, pointer):
    first = run({"one": ONE}).generation
    (index / "CURRENT").unlink() if pointer is None else (index / "CURRENT").write_text(pointer)
    word_encoder.seen.clear()
    summary = run({"one": ONE})
    assert (summary.unchanged, word_encoder.seen) == (True, [])
    assert store.open_current(index).name == first


def test_a_generation_of_another_format_is_built_anew(run, index):
    first = run({"one": ONE}).generation
    path = index / first / "manifest.json"
    path.write_text(path.read_text().replace('"format_version": ', '"format_version": 9'))
    assert run({"one": ONE}).embedded == 3


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("text", ["", "\n\n", "---\n"])
def test_a_corpus_without_a_word_can_be_built_and_opened(run, index, text):
    run({"one": text})
    assert list(store.open_current(index).passages) == []


def test_a_corpus_without_a_word_is_built_without_a_warning(run):
    assert run({"one": ""}).passages == {}


# Only what changed


def test_only_what_changed_is_read(run, monkeypatch):
    run({"one": ONE, "two": TWO})
    read = []
    monkeypatch.setattr("ingest.build.read", lambda source: read.append(source.id) or reading.read(source))
    run({"one": ONE, "two": TWO.replace("slow", "fast")})
    assert read == ["two"]


def test_a_document_that_is_not_read_again_is_the_same_as_one_that_is(run, index, tmp_path, write_corpus):
    texts = {"one": "Interventional radiology (IR).\n\n" + ONE, "two": "Our IR.\n\n" + TWO}
    run(texts)
    run({**texts, "three": "Interventional radiology is IR."})
    run({"two": texts["two"], "one": texts["one"]})
    fresh = tmp_path / "fresh"
    build(write_corpus({"two": texts["two"], "one": texts["one"]}), fresh, "words", lambda *_: None)
    kept, anew = store.open_current(index), store.open_current(fresh)
    assert list(kept.documents.items()) == list(anew.documents.items())
    assert list(kept.passages) == list(anew.passages)
    for ordinal in range(len(anew.passages)):
        assert np.array_equal(kept.tokens.passage(ordinal).ids, anew.tokens.passage(ordinal).ids)
        assert np.allclose(kept.vectors.vector(ordinal), anew.vectors.vector(ordinal))
    assert kept.lexical.vocabulary == anew.lexical.vocabulary


def held(index: Path) -> bytes:
    """All bytes of the index, in lower case."""
    return b"".join(path.read_bytes() for path in index.rglob("*") if path.is_file()).lower()


@pytest.mark.parametrize(
    "later",
    [{"two": TWO}, {"one": ONE.replace("needles", "catheters"), "two": TWO}],
    ids=["removed", "edited"],
)
def test_what_was_taken_out_leaves_no_trace_in_any_store(run, index, later):
    secret = ONE.replace("sharp", "sharp, says Quixotebury (QXB)")
    run({"one": secret, "two": TWO})
    assert b"quixotebury" in held(index)
    run(later)
    assert not [trace for trace in (b"quixotebury", b"qxb", b"quixoteburi") if trace in held(index)]
    assert later.keys() == store.open_current(index).documents.keys()


# What cannot be read


def broken(corpus: Path, file: str) -> Path:
    """The corpus with a file whose sha256 is not the one in the manifest."""
    (corpus / file).write_text("Something else.")
    return corpus


def test_a_document_that_fails_is_named_and_the_others_go_in(write_corpus, word_encoder, index):
    corpus = broken(write_corpus({"one": ONE, "two": TWO}), "one.txt")
    summary = build(corpus, index, "words", lambda *_: None)
    (failure,) = summary.failed
    assert (failure.document_id, failure.file, failure.kept) == ("one", "one.txt", False)
    assert failure.reason.startswith(f"{corpus / 'one.txt'} has sha256 ")
    assert list(store.open_current(index).documents) == ["two"]


def test_a_document_that_fails_later_stays_as_it_was_read_last(run, write_corpus, index):
    run({"one": ONE, "two": TWO})
    corpus = broken(write_corpus({"one": ONE, "two": TWO.replace("slow", "fast")}), "one.txt")
    summary = build(corpus, index, "words", lambda *_: None)
    assert [(failure.document_id, failure.kept) for failure in summary.failed] == [("one", True)]
    documents = store.open_current(index).documents
    assert [documents[name].text for name in ("one", "two")] == [ONE, TWO.replace("slow", "fast")]


def test_a_failure_is_told_again_as_long_as_it_lasts(write_corpus, word_encoder, index):
    corpus = broken(write_corpus({"one": ONE, "two": TWO}), "one.txt")
    runs = [build(corpus, index, "words", lambda *_: None) for _ in range(2)]
    assert [(len(run.failed), run.unchanged) for run in runs] == [(1, False), (1, True)]
    assert [path.name for path in index.glob("[!.]*") if path.is_dir()] == [runs[0].generation]


def test_a_file_that_was_put_back_is_read(write_corpus, word_encoder, index):
    build(broken(write_corpus({"one": ONE, "two": TWO}), "one.txt"), index, "words", lambda *_: None)
    summary = build(write_corpus({"one": ONE, "two": TWO}), index, "words", lambda *_: None)
    assert (summary.failed, summary.documents) == ((), 2)


def test_a_corpus_of_which_nothing_can_be_read_is_an_error(write_corpus, word_encoder, index):
    corpus = broken(write_corpus({"one": ONE}), "one.txt")
    with pytest.raises(NothingReadable, match=r"no document of .* can be read; the first of 1: .* sha256"):
        build(corpus, index, "words", lambda *_: None)
    assert [path.name for path in index.iterdir()] == [".lock"]


# What fails


class Interrupted(Exception):
    """Stands for whatever may go wrong: a full disk, a killed process."""


def interrupt(*args: object, **kwargs: object) -> None:
    raise Interrupted


@pytest.mark.parametrize(
    "where",
    [
        "ingest.build.make_passages",
        "ingest.build.embed",
        "ingest.generation_writer.write_tokens",
        "ingest.generation_writer.write_index",
        "ingest.generation_writer.LexicalIndex.build",
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
        patch.setattr("ingest.generation_writer.LexicalIndex.build", interrupt)
        with pytest.raises(Interrupted):
            run({"one": TWO})
    after = run({"one": TWO}).generation
    assert before != after
    assert sorted(path.name for path in index.iterdir()) == sorted([".lock", "CURRENT", after])


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
    (folder / "corpus.toml").write_text("documents = 1")
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
