"""Editing corpus.toml: entries come and go, every other line stays."""

import pytest

from ingest.corpus import Entry, read_entries
from ingest.errors import CorpusError
from ingest.manifest import ManifestFile

ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)
TEXT = f"""# Head.

[[documents]]
id = 'one'   # as in the paper
file = "one.txt"
title = "One"
sha256 = "{ONE}"

# About two.
[[documents]]
id = "two"
file = "two.txt"
title = \"\"\"Two\"\"\"
sha256 = "{TWO}"

# The end.
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def saved(manifest: ManifestFile, folder) -> str:
    manifest.save()
    return (folder / "corpus.toml").read_text(encoding="utf-8")


def entry(**fields: object) -> Entry:
    return Entry.model_validate({"id": "new", "file": "n.txt", "title": "N", "sha256": THREE} | fields)


def test_saving_what_nobody_changed_changes_nothing(folder):
    assert saved(ManifestFile(folder), folder) == TEXT


def test_an_added_entry_stands_at_the_end(folder):
    manifest = ManifestFile(folder)
    manifest.add(entry(authors=["A", 'B "C"'], date="2026-01"))
    assert saved(manifest, folder) == TEXT + (
        '\n[[documents]]\nid = "new"\nfile = "n.txt"\ntitle = "N"\nauthors = ["A", "B \\"C\\""]\n'
        f'date = "2026-01"\nsha256 = "{THREE}"\n'
    )


def test_a_changed_file_has_its_new_sha256_and_nothing_else_changes(folder):
    manifest = ManifestFile(folder)
    manifest.change("one", THREE)
    assert saved(manifest, folder) == TEXT.replace(ONE, THREE)


@pytest.mark.parametrize(
    ("removed", "left"),
    [("one", ["# Head.", "# About two.", "# The end."]), ("two", ["# Head.", "# The end."])],
)
def test_a_removed_entry_leaves_the_comments_around_it(folder, removed, left):
    manifest = ManifestFile(folder)
    assert manifest.remove(removed).id == removed
    text = saved(manifest, folder)
    assert all(comment in text for comment in left)
    assert [found.id for found in read_entries(folder)] == [{"one": "two", "two": "one"}[removed]]


def test_the_comment_of_the_next_entry_stays_above_it(folder):
    manifest = ManifestFile(folder)
    manifest.remove("one")
    assert '# About two.\n[[documents]]\nid = "two"\n' in saved(manifest, folder)


def test_a_folder_without_a_manifest_gets_one(tmp_path):
    manifest = ManifestFile(tmp_path)
    assert manifest.entries == []
    manifest.add(entry())
    manifest.add(entry(id="other", file="o.txt"))
    text = saved(manifest, tmp_path)
    assert text.startswith("# The documents; ")
    assert [found.id for found in read_entries(tmp_path)] == ["new", "other"]


def test_what_would_break_a_rule_is_not_saved(folder):
    manifest = ManifestFile(folder)
    manifest.add(entry(file="one.txt"))
    with pytest.raises(CorpusError, match=r"two documents have the file 'one\.txt'"):
        manifest.save()
    assert (folder / "corpus.toml").read_text(encoding="utf-8") == TEXT
    assert [path.name for path in folder.iterdir()] == ["corpus.toml"]


def test_documents_written_as_one_list_are_left_to_a_person(tmp_path):
    text = f'documents = [{{id = "a", file = "a.txt", title = "A", sha256 = "{ONE}"}}]\n'
    (tmp_path / "corpus.toml").write_text(text)
    with pytest.raises(CorpusError, match=r"write each as a table \[\[documents\]\]"):
        ManifestFile(tmp_path)


def test_a_link_stays_a_link(folder, tmp_path_factory):
    real = tmp_path_factory.mktemp("elsewhere") / "real.toml"
    (folder / "corpus.toml").rename(real)
    (folder / "corpus.toml").symlink_to(real)
    manifest = ManifestFile(folder)
    manifest.change("two", THREE)
    manifest.save()
    assert (folder / "corpus.toml").is_symlink()
    assert real.read_text() == TEXT.replace(TWO, THREE)
