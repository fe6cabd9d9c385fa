"""The corpus: a good one is read whole, a bad one is one clear error that names the file and the mend."""

import hashlib

import pytest

from ingest.corpus import load_corpus
from ingest.errors import CorpusError, FormatError

TEXT = "Ablation destroys tumors with heat.\n"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()


def entry(**fields: object) -> str:
    """A table of the manifest: that of a sound document, with some fields changed or, with None, left out."""
    values = {"id": "a", "file": "a.txt", "title": "A", "sha256": SHA256} | fields
    lines = [f"{key} = {value!r}" for key, value in values.items() if value is not None]
    return "\n".join(["[[documents]]", *lines, ""])


@pytest.fixture
def folder(tmp_path):
    """A folder with one sound document and its manifest."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "corpus.toml").write_text(entry(), encoding="utf-8")
    return tmp_path


def refusal(folder, manifest: str | None = None) -> str:
    if manifest is not None:
        (folder / "corpus.toml").write_text(manifest, encoding="utf-8")
    with pytest.raises((CorpusError, FormatError)) as error:
        load_corpus(folder)
    return str(error.value)


# The real one


def test_the_corpus_holds_the_three_documents_in_the_manifests_order(corpus):
    assert [source.id for source in corpus.documents] == ["lim", "dinc", "hmp"]


# Found with `sha256sum corpus/*.txt`.
@pytest.mark.parametrize(
    ("number", "sha256"),
    [
        (0, "f7b9b4b83cbd3ca4ccb16bda229acd8277ec1fb1b1fe39c2c3b7cb9090b513de"),
        (1, "b68bf0ce08b5ef4238c152c338b9710fc53638a52431071049e1afbc9bb2bf82"),
        (2, "7b923363eaa8cf91ecc4ed6b9b2388fa37de94eea66923cc7838aecbeb798dd6"),
    ],
)
def test_a_document_is_byte_for_byte_as_given(corpus, number, sha256):
    assert hashlib.sha256(corpus.documents[number].text.encode()).hexdigest() == sha256


def test_lim_states_three_authors_and_no_date(corpus):
    lim = corpus.documents[0]
    assert lim.authors == ("Hwa-Pyung David Lim", "Keith M. Horton", "Emil I. Cohen")
    assert lim.date is None


def test_dinc_states_its_date_and_doi(corpus):
    dinc = corpus.documents[1]
    assert (dinc.date, dinc.doi) == ("2017-01-05", "10.5281/zenodo.1799909")


def test_hmp_names_no_author(corpus):
    assert corpus.documents[2].authors == ()


# A good one


def test_the_text_is_the_files_own(folder):
    assert load_corpus(folder).documents[0].text == TEXT


def test_windows_line_ends_stay_as_they_are(folder):
    (folder / "a.txt").write_bytes(b"One.\r\nTwo.\r\n")
    sha256 = hashlib.sha256(b"One.\r\nTwo.\r\n").hexdigest()
    (folder / "corpus.toml").write_text(entry(sha256=sha256))
    assert load_corpus(folder).documents[0].text == "One.\r\nTwo.\r\n"


def test_the_fingerprint_of_an_unchanged_corpus_is_the_same(folder):
    assert load_corpus(folder).fingerprint == load_corpus(folder).fingerprint


@pytest.mark.parametrize(
    "change", [{"title": "B"}, {"id": "b"}, {"authors": ["A. Author"]}, {"date": "2024"}, {"rights": "CC0"}]
)
def test_the_fingerprint_changes_with_what_the_manifest_says(folder, change):
    before = load_corpus(folder).fingerprint
    (folder / "corpus.toml").write_text(entry(**change), encoding="utf-8")
    assert load_corpus(folder).fingerprint != before


def test_the_fingerprint_changes_with_the_text(folder):
    before = load_corpus(folder).fingerprint
    (folder / "a.txt").write_text("Other words.\n", encoding="utf-8")
    sha256 = hashlib.sha256(b"Other words.\n").hexdigest()
    (folder / "corpus.toml").write_text(entry(sha256=sha256), encoding="utf-8")
    assert load_corpus(folder).fingerprint != before


# Bad ones: the documents


def test_a_changed_file_is_named_with_both_hashes_and_the_mend(folder):
    (folder / "a.txt").write_text("Ablation destroys tumors with cold.\n", encoding="utf-8")
    found = hashlib.sha256(b"Ablation destroys tumors with cold.\n").hexdigest()
    message = refusal(folder)
    assert all(part in message for part in (str(folder / "a.txt"), found, SHA256, "restore the file"))


def test_a_missing_file_is_named_with_its_document_and_the_mend(folder):
    (folder / "a.txt").unlink()
    message = refusal(folder)
    assert all(part in message for part in (str(folder / "a.txt"), "'a'", "put it there or remove"))


def test_a_folder_in_place_of_a_file_is_named(folder):
    (folder / "a.txt").unlink()
    (folder / "a.txt").mkdir()
    message = refusal(folder)
    assert str(folder / "a.txt") in message
    assert "make it a readable file" in message


def test_a_file_that_is_not_utf_8_is_named_with_the_place_and_the_mend(folder):
    latin = "Caf\u00e9".encode("latin-1")
    (folder / "a.txt").write_bytes(latin)
    message = refusal(folder, entry(sha256=hashlib.sha256(latin).hexdigest()))
    assert all(part in message for part in (str(folder / "a.txt"), "not UTF-8", "byte 3", "convert it"))


@pytest.mark.parametrize("file", ["../a.txt", "/etc/hostname", "b/../../a.txt"])
def test_a_path_outside_the_folder_is_refused(folder, file):
    (folder.parent / "a.txt").write_text(TEXT, encoding="utf-8")
    message = refusal(folder, entry(file=file))
    assert file in message
    assert "put the file inside that folder" in message


def test_a_link_that_leads_outside_the_folder_is_refused(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    elsewhere.write_text(TEXT, encoding="utf-8")
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to(elsewhere)
    assert "outside" in refusal(folder)


# Bad ones: the manifest


def test_a_missing_manifest_is_named_with_the_mend(tmp_path):
    message = refusal(tmp_path)
    assert str(tmp_path / "corpus.toml") in message
    assert "NEEDLE_CORPUS" in message


def test_bad_toml_is_named_with_its_line(folder):
    message = refusal(folder, '[[documents]]\nid = "a\n')
    assert all(part in message for part in (str(folder / "corpus.toml"), "line 2", "mend that line"))


def test_a_manifest_that_is_not_utf_8_is_named(folder):
    (folder / "corpus.toml").write_bytes(b'title = "\xe9"')
    message = refusal(folder)
    assert all(part in message for part in (str(folder / "corpus.toml"), "not UTF-8", "save it as UTF-8"))


def test_an_unknown_field_is_named_with_its_document(folder):
    message = refusal(folder, entry() + entry(id="b", file="b.txt", colour="red"))
    assert all(part in message for part in ("corpus.toml", "documents.2.colour", "'red'", "mend that field"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Lim 2025"),
        ("sha256", "abc"),
        ("date", "January 2017"),
        ("doi", "doi:10.1000/1"),
        ("url", "example.org"),
        ("title", ""),
    ],
)
def test_a_field_of_the_wrong_form_is_named_with_its_value(folder, field, value):
    message = refusal(folder, entry(**{field: value}))
    assert f"documents.1.{field} is {value!r}" in message


def test_a_missing_field_is_named(folder):
    assert "documents.1.sha256" in refusal(folder, entry(sha256=None))


def test_a_manifest_without_documents_is_refused(folder):
    assert "documents" in refusal(folder, "")


def test_a_duplicate_id_is_named_with_the_mend(folder):
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")
    message = refusal(folder, entry() + entry(file="b.txt"))
    assert all(part in message for part in ("corpus.toml", "id 'a'", "give each its own"))


def test_a_duplicate_file_is_named_with_the_mend(folder):
    message = refusal(folder, entry() + entry(id="b"))
    assert all(part in message for part in ("corpus.toml", "file 'a.txt'", "give each its own"))


def test_a_duplicate_file_is_found_however_its_path_is_written(folder):
    assert "a.txt" in refusal(folder, entry() + entry(id="b", file="./a.txt"))


def test_a_file_name_with_a_null_character_is_refused(folder):
    refusal(folder, entry(file=None) + 'file = "a\\u0000.txt"')


def test_a_refusal_is_one_line(folder):
    assert "\n" not in refusal(folder, entry(title="", sha256="abc"))
