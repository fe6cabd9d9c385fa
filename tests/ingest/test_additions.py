"""Bringing files into a corpus and taking documents out: the folder and its manifest agree all the time."""

import hashlib
import signal
from pathlib import Path

import pytest

from ingest.additions import Change, add, remove
from ingest.corpus import load_corpus, read_entries
from ingest.errors import CorpusError, FormatError
from ingest.formats import Extracted
from ingest.found_files import find_files
from ingest.manifest import ManifestFile

ID = "cryoablation-of-small-needles"
ARTICLE = "# Cryoablation of small needles\n\n## Methods\n\nWe froze them.\n"


@pytest.fixture
def corpus(write_corpus) -> Path:
    return write_corpus({"one": "We looked at needles."})


@pytest.fixture
def papers(tmp_path) -> Path:
    folder = tmp_path / "papers"
    (folder / "2024").mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE)
    (folder / "2024" / "notes.txt").write_text("Some notes about robots.")
    (folder / "2024" / "figure.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text("Hidden.")
    return folder


@pytest.fixture
def put(corpus, tmp_path):
    """Adds paths to the corpus."""

    def _put(*paths: object) -> list[Change]:
        found = list(find_files([str(path) for path in paths], corpus))
        return add(corpus, tmp_path / "index", found, lambda *_: None)

    return _put


def statuses(changes: list[Change]) -> list[tuple[str, str | None]]:
    return [(change.status, change.document_id) for change in changes]


def files(corpus: Path) -> list[str]:
    return sorted(path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file())


def test_a_file_is_copied_and_described(put, corpus, papers):
    assert put(papers / "article.md") == [
        Change(
            str(papers / "article.md"),
            "added",
            ID,
            "Cryoablation of small needles",
        )
    ]
    source = load_corpus(corpus).documents[1]
    assert (source.id, source.file) == (ID, "article.md")
    assert (corpus / "article.md").read_text() == ARTICLE == source.text


def test_what_the_file_states_of_itself_is_written_down(put, corpus, papers, monkeypatch):
    stated = Extracted(
        "T", title="On\x00 \n Needles ", authors=("A. One", " "), doi="10.1000/x", date="2024-05"
    )
    monkeypatch.setattr("ingest.additions.extract_apart", lambda content, name: stated)
    put(papers / "article.md")
    found = read_entries(corpus)[1]
    assert (found.id, found.title, found.authors) == ("on-needles", "On Needles", ["A. One"])
    assert (found.doi, found.date) == ("10.1000/x", "2024-05")


def test_what_the_file_states_wrongly_is_left_out(put, corpus, papers, monkeypatch):
    stated = Extracted("T", title="N", doi="doi:10.1000", date="May 2024")
    monkeypatch.setattr("ingest.additions.extract_apart", lambda content, name: stated)
    put(papers / "article.md")
    found = read_entries(corpus)[1]
    assert (found.doi, found.date) == (None, None)


def test_a_folder_gives_all_that_can_be_read_with_its_folders(put, corpus, papers):
    assert [change.status for change in put(papers)] == ["added", "added"]
    assert files(corpus) == ["2024/notes.txt", "article.md", "corpus.toml", "one.txt"]


def test_a_pattern_gives_what_it_matches(put, papers):
    assert [Path(change.name).name for change in put(papers / "**" / "*.txt")] == [".hidden.txt", "notes.txt"]
    assert [change.name for change in put(papers / "no*.txt")] == [str(papers / "no*.txt")]


def test_a_file_named_twice_is_added_once(put, papers):
    assert len(put(papers / "article.md", papers, papers / "*.md")) == 2


def test_the_same_bytes_are_one_document(put, corpus, papers):
    put(papers / "article.md")
    (papers / "copy.md").write_text(ARTICLE)
    assert statuses(put(papers / "copy.md")) == [("present", ID)]
    assert files(corpus) == ["article.md", "corpus.toml", "one.txt"]


def test_the_same_bytes_bring_back_a_lost_file(put, corpus, papers):
    put(papers / "article.md")
    (corpus / "article.md").unlink()
    assert put(papers / "article.md")[0].status == "present"
    assert (corpus / "article.md").read_text() == ARTICLE


def test_a_changed_file_of_the_same_name_takes_its_place(put, corpus, papers):
    put(papers)
    (papers / "article.md").write_text(ARTICLE.replace("froze", "cooled"))
    changes = put(papers)
    assert statuses(changes)[0] == ("changed", ID)
    assert len(load_corpus(corpus).documents) == 3
    assert "cooled" in (corpus / "article.md").read_text()


def test_two_files_of_one_name_in_one_run_are_two_documents(put, corpus, papers):
    other = papers / "2024" / "article.md"
    other.write_text(ARTICLE.replace("small", "large"))
    assert [change.status for change in put(papers / "article.md", other)] == ["added", "added"]
    assert files(corpus) == ["article-2.md", "article.md", "corpus.toml", "one.txt"]


def test_a_file_that_nobody_described_is_not_overwritten(put, corpus, papers):
    (corpus / "article.md").write_text("Something else.")
    put(papers / "article.md")
    assert (corpus / "article.md").read_text() == "Something else."
    assert (corpus / "article-2.md").read_text() == ARTICLE


def test_a_copy_that_a_killed_run_left_is_used(put, corpus, papers):
    (corpus / "article.md").write_text(ARTICLE)
    put(papers / "article.md")
    assert files(corpus) == ["article.md", "corpus.toml", "one.txt"]


def test_a_file_in_the_corpus_is_described_where_it_lies(put, corpus):
    (corpus / "sub").mkdir()
    (corpus / "sub" / "here is.md").write_text(ARTICLE)
    assert [change.status for change in put(corpus)] == ["present", "added"]
    assert read_entries(corpus)[1].file == "sub/here is.md"
    (corpus / "sub" / "here is.md").write_text(ARTICLE + "More.\n")
    assert [change.status for change in put(corpus)] == ["present", "changed"]
    load_corpus(corpus)


def test_one_that_fails_does_not_keep_the_others_out(put, corpus, papers):
    (papers / "2024" / "latin.txt").write_bytes(b"Caf\xe9")
    changes = put(papers / "2024" / "figure.png", papers / "none.txt", papers)
    assert [change.status for change in changes] == ["failed", "failed", "added", "failed", "added"]
    reasons = [change.reason or "" for change in changes if change.status == "failed"]
    assert "'.png'" in reasons[0]
    assert reasons[1] == f"{papers / 'none.txt'} does not exist; correct the path"
    assert "not UTF-8 (byte 3)" in reasons[2]
    load_corpus(corpus)


def test_a_folder_without_anything_to_read_is_said(put, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no file that ends in" in (put(tmp_path / "empty")[0].reason or "")


def test_a_changed_file_that_cannot_be_read_leaves_the_document(put, corpus, papers, monkeypatch):
    put(papers)

    def refuse(content: bytes, name: str) -> Extracted:
        raise FormatError("page 3 is a scan")

    monkeypatch.setattr("ingest.additions.extract_apart", refuse)
    (papers / "article.md").write_text("New.")
    assert "failed" in [change.status for change in put(papers)]
    assert (corpus / "article.md").read_text() == ARTICLE


def test_ctrl_c_keeps_what_was_read_and_the_next_run_goes_on(corpus, tmp_path):
    papers = many(tmp_path, 8)
    found = list(find_files([str(papers)], corpus))

    def stop(step: str, done: int, total: int) -> None:
        if done == 5:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        add(corpus, tmp_path / "index", found, stop)
    assert len(load_corpus(corpus).documents) == 1 + 5
    assert files(corpus) == ["corpus.toml", "one.txt", *(f"p{n}.md" for n in range(5))]
    again = add(corpus, tmp_path / "index", found, lambda *_: None)
    assert [change.status for change in again] == ["present"] * 5 + ["added"] * 3


def test_ctrl_c_waits_for_what_belongs_together(put, corpus, tmp_path, monkeypatch):
    papers = many(tmp_path, 3)
    put(papers)
    for path in papers.iterdir():
        path.write_text(path.read_text() + "More.\n")
    saved = ManifestFile.save

    def interrupted(manifest: ManifestFile) -> None:
        signal.raise_signal(signal.SIGINT)
        saved(manifest)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ManifestFile, "save", interrupted)
        put(papers)
    assert [source.text[-6:] for source in load_corpus(corpus).documents[1:]] == ["More.\n"] * 3
    assert [path for path in corpus.iterdir() if path.name.startswith(".")] == []


def test_the_manifest_is_not_saved_for_each_file(put, corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.additions._SAVED_AFTER", 4)
    saves: list[int] = []
    saved = ManifestFile.save
    monkeypatch.setattr(
        ManifestFile,
        "save",
        lambda manifest: (saves.append(len(manifest.entries)), saved(manifest)),
    )
    papers = many(tmp_path, 60)
    put(papers)
    # With one that was there: each time a fifth more, or four, and the rest.
    assert saves == [5, 9, 13, 17, 22, 28, 35, 44, 55, 61]
    saves.clear()
    for path in papers.iterdir():
        path.write_text(path.read_text() + "More.\n")
    put(papers)
    assert saves == [61] * 5


def many(folder: Path, number: int) -> Path:
    """A folder of so many articles."""
    papers = folder / "many"
    papers.mkdir()
    for n in range(number):
        (papers / f"p{n}.md").write_text(f"# Needle number {n}\n\n## Methods\n\nWe froze them.\n")
    return papers


def test_a_new_corpus_can_be_begun(tmp_path, papers):
    found = list(find_files([str(papers)], tmp_path / "new"))
    add(tmp_path / "new", tmp_path / "index", found, lambda *_: None)
    assert len(load_corpus(tmp_path / "new").documents) == 2


def test_a_corpus_that_cannot_be_written_to_is_one_line(put, corpus, papers, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.durable.os.fsync", full)
    with pytest.raises(CorpusError, match=r"cannot be written to \(No space left on device\)"):
        put(papers)
    assert files(corpus) == ["corpus.toml", "one.txt"]


def test_a_removed_document_is_gone_with_its_file_and_folder(put, corpus, papers, tmp_path):
    put(papers)
    removed = remove(corpus, tmp_path / "index", ["notes", "nobody"], lambda *_: None)
    assert statuses(removed) == [("removed", "notes"), ("failed", None)]
    assert "no document has the id 'nobody'" in (removed[1].reason or "")
    assert files(corpus) == ["article.md", "corpus.toml", "one.txt"]
    assert not (corpus / "2024").exists()


def test_the_last_document_stays(corpus, tmp_path):
    with pytest.raises(CorpusError, match="one would leave no document"):
        remove(corpus, tmp_path / "index", ["one"], lambda *_: None)
    assert files(corpus) == ["corpus.toml", "one.txt"]


def test_removing_a_link_leaves_what_it_leads_to(put, corpus, papers, tmp_path):
    content = ARTICLE.encode()
    (corpus / "real.md").write_bytes(content)
    (corpus / "link.md").symlink_to(corpus / "real.md")
    with (corpus / "corpus.toml").open("a") as file:
        sha256 = hashlib.sha256(content).hexdigest()
        file.write(f'[[documents]]\nid = "l"\nfile = "link.md"\ntitle = "L"\nsha256 = "{sha256}"\n')
    remove(corpus, tmp_path / "index", ["l"], lambda *_: None)
    assert files(corpus) == ["corpus.toml", "one.txt", "real.md"]
