"""Editing `corpus.toml`: entries come and go, and every line that a person wrote stays as it is."""

import shutil
from pathlib import Path

import tomlkit
from tomlkit.items import AoT, Comment, Table, Whitespace

from ingest.corpus import MANIFEST, Entry, parse_entries
from ingest.durable import prepared
from ingest.errors import CorpusError

_HEAD = "# The documents; `needle add` and `needle remove` edit this file, and so may you.\n"


class ManifestFile:
    """The manifest of a corpus folder, to be changed by one writer at a time and saved."""

    def __init__(self, folder: Path) -> None:
        """Read it, if it is there. Raises CorpusError if it breaks a rule."""
        # A link stays a link; the file that it leads to is replaced.
        self._path = (folder / MANIFEST).resolve()
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = _HEAD
        except (OSError, UnicodeDecodeError) as exc:
            raise CorpusError(f"{self._path} cannot be read ({exc}); make it readable UTF-8") from exc
        found = parse_entries(self._path, text) if text != _HEAD else []
        self._entries = {entry.id: entry for entry in found}
        self._document = tomlkit.parse(text)
        if found and not isinstance(self._document["documents"], AoT):
            raise CorpusError(
                f"{self._path} writes its documents as one list, which cannot be edited here; write each as "
                "a table [[documents]]"
            )

    @property
    def entries(self) -> list[Entry]:
        """All entries, in order."""
        return list(self._entries.values())

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._entries

    def add(self, entry: Entry) -> None:
        """Append an entry, whose id and file no other has."""
        table = tomlkit.table()
        table.trivia.indent = "\n"  # a blank line before it
        for name, value in entry.model_dump().items():
            if value:
                table.add(name, value)
        if "documents" not in self._document:
            self._document.add("documents", tomlkit.aot())
        self._tables.append(table)
        self._entries[entry.id] = entry

    def change(self, document_id: str, sha256: str) -> None:
        """Note that the file of a document has other content now."""
        self._tables[self._place(document_id)]["sha256"] = sha256
        self._entries[document_id] = self._entries[document_id].model_copy(update={"sha256": sha256})

    def remove(self, document_id: str) -> Entry:
        """Take out an entry, one of several. Comments below its fields stay: they speak of the next one."""
        place = self._place(document_id)
        tables = self._tables
        below = _below(tables[place])
        del tables[place]
        if place < len(tables):
            trivia = tables[place].trivia
            trivia.indent = "".join(item.as_string() for item in below) + trivia.indent
        else:
            for item in below:
                tables[place - 1].value.append(None, item)
        return self._entries.pop(document_id)

    def save(self) -> None:
        """Replace the file, all at once."""
        text = tomlkit.dumps(self._document)
        parse_entries(self._path, text)
        pending = prepared(self._path, text.encode())
        if self._path.exists():
            shutil.copymode(self._path, pending)
        pending.replace(self._path)

    @property
    def _tables(self) -> AoT:
        tables = self._document["documents"]
        assert isinstance(tables, AoT)
        return tables

    def _place(self, document_id: str) -> int:
        return list(self._entries).index(document_id)


def _below(table: Table) -> list[Comment | Whitespace]:
    """The comments below the last field of a table, with the blank lines between them."""
    found: list[Comment | Whitespace] = []
    for name, item in reversed(table.value.body):
        if name is not None or not isinstance(item, Comment | Whitespace):
            break
        found.insert(0, item)
    # Without a comment they are the blank lines before the next table, which it does not need twice.
    return found if any(isinstance(item, Comment) for item in found) else []
