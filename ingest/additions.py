"""Bringing files into the corpus, and taking documents out of it: the folder and `corpus.toml` together.

Only the corpus is written; `ingest.build` brings the index up to date with it.
"""

import hashlib
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import current_thread, main_thread
from typing import Literal

from pydantic import ValidationError

from ingest.corpus import Entry
from ingest.durable import prepared
from ingest.embedding import Report
from ingest.errors import CorpusError, FormatError
from ingest.formats import Extracted
from ingest.formats.apart import extract_apart
from ingest.found_files import FoundFile
from ingest.manifest import ManifestFile
from ingest.naming import document_id, numbered, safe_path
from ingest.structure import read_blocks
from ingest.writing import writing

Status = Literal["added", "present", "changed", "removed", "failed"]
# The manifest is saved after so many files, or after this share of those that it holds, whichever is more: a
# killed run reads no more than those again, and saving takes a time in proportion to the files.
_SAVED_AFTER = 100
_SAVED_SHARE = 0.2
_TITLE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one file, or of one document that was to be removed.

    name: as it was given. document_id: of the document that it is, or was; None if it failed.
    reason: why it failed, in one line with the mend; else None.
    """

    name: str
    status: Status
    document_id: str | None = None
    title: str | None = None
    reason: str | None = None


def add(corpus: Path, index: Path, found: Sequence[FoundFile], report: Report) -> list[Change]:
    """Copy files into the folder `corpus` and describe each in its manifest, as far as it describes itself.

    found: as `ingest.found_files.find_files` gives them.
    report: called with step "adding", before it as `ingest.writing.writing` does.
    One file's failure does not keep the others out.
    A file whose bytes are a document's already is "present". One that has a document's place in the folder
    and other bytes replaces them: "changed".
    Raises CorpusError if the manifest cannot be used or the folder cannot be written to.
    """
    with _writing(corpus, index, report):
        adding = _Adding(corpus)
        try:
            return list(adding.all(found, report))
        finally:
            adding.save()


def remove(corpus: Path, index: Path, document_ids: Sequence[str], report: Report) -> list[Change]:
    """Take documents out of the manifest, and delete their files.

    report: called as `ingest.writing.writing` does.
    Raises CorpusError if the manifest cannot be used, the folder cannot be written to or no document would
    be left.
    """
    with _writing(corpus, index, report):
        manifest = ManifestFile(corpus)
        known = list(dict.fromkeys(name for name in document_ids if name in manifest))
        if len(known) == len(manifest.entries):
            raise CorpusError(
                f"{', '.join(known)} would leave no document in {corpus}; add another first, or delete the "
                "folders of corpus and index"
            )
        removed = [manifest.remove(name) for name in known]
        if removed:
            manifest.save()
        for entry in removed:
            _delete(corpus, entry.file)
        changes = [Change(entry.id, "removed", entry.id, entry.title) for entry in removed]
        unknown = [name for name in document_ids if name not in known]
        return changes + [Change(name, "failed", reason=_unknown(name, manifest)) for name in unknown]


@contextmanager
def _writing(corpus: Path, index: Path, report: Report) -> Iterator[None]:
    try:
        corpus.mkdir(parents=True, exist_ok=True)
        with writing(index, report):
            yield
    except OSError as exc:
        raise CorpusError(
            f"{exc.filename or corpus} cannot be written to ({exc.strerror}); make room or give the right to"
        ) from exc


class _Adding:
    """The corpus while files are added to it."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._manifest = ManifestFile(corpus)
        self._by_sha256 = {entry.sha256: entry for entry in self._manifest.entries}
        self._by_file = {entry.file: entry for entry in self._manifest.entries}
        # A second file of one name in one run is another document, not a new version of the first.
        self._written: set[str] = set()
        # Places in the folder that no new file may have.
        self._taken = set(self._by_file)
        # Written and not yet in the place of the document that they are the new version of.
        self._versions: list[tuple[Path, Path]] = []
        self._unsaved = 0

    def all(self, found: Sequence[FoundFile], report: Report) -> Iterator[Change]:
        for done, file in enumerate(found):
            report("adding", done, len(found))
            try:
                yield self._one(file)
            except (CorpusError, FormatError, ValueError) as exc:
                yield Change(file.name, "failed", reason=str(exc))
            if self._unsaved >= max(_SAVED_AFTER, _SAVED_SHARE * len(self._by_file)):
                self.save()
        report("adding", len(found), len(found))

    def save(self) -> None:
        """Make folder and manifest agree with each other, and with what was added so far."""
        if not self._unsaved:
            return
        # Together, since a file that is not the one that the manifest describes cannot be read; if the run
        # is killed in between, adding the file again mends that.
        with _uninterrupted():
            while self._versions:
                version, path = self._versions.pop()
                version.replace(path)
            self._manifest.save()
            self._unsaved = 0

    def _one(self, found: FoundFile) -> Change:
        content = found.read()
        sha256 = hashlib.sha256(content).hexdigest()
        if same := self._by_sha256.get(sha256):
            if not (self._corpus / same.file).exists():
                _write(self._corpus / same.file, content)
            return Change(found.name, "present", same.id, same.title)
        extracted = extract_apart(content, found.name)
        file = found.inside or safe_path(*found.parts)
        before = self._by_file.get(file)
        if before and file not in self._written:
            return self._replace(found, before, content, sha256)
        entry = self._entry(extracted, found, self._free(file, found, content), sha256)
        with _uninterrupted():
            if not found.inside:
                _write(self._corpus / entry.file, content)
            self._manifest.add(entry)
            self._note(entry)
        return Change(found.name, "added", entry.id, entry.title)

    def _replace(self, found: FoundFile, before: Entry, content: bytes, sha256: str) -> Change:
        with _uninterrupted():
            if not found.inside:
                path = self._corpus / before.file
                self._versions.append((_version(path, content), path))
            self._manifest.change(before.id, sha256)
            del self._by_sha256[before.sha256]
            self._note(before.model_copy(update={"sha256": sha256}))
        return Change(found.name, "changed", before.id, before.title)

    def _note(self, entry: Entry) -> None:
        self._by_sha256[entry.sha256] = self._by_file[entry.file] = entry
        self._written.add(entry.file)
        self._taken.add(entry.file)
        self._unsaved += 1

    def _free(self, file: str, found: FoundFile, content: bytes) -> str:
        """The place for a new file: none that a document has, nor one that holds anything else."""
        if found.inside:
            return file
        while (place := numbered(file, self._taken)) and (self._corpus / place).exists():
            # Left by a run that was killed before it saved the manifest.
            with suppress(OSError):
                if (self._corpus / place).read_bytes() == content:
                    return place
            self._taken.add(place)
        return place

    def _entry(self, extracted: Extracted, found: FoundFile, file: str, sha256: str) -> Entry:
        title = _title(extracted) or PurePosixPath(file).stem.replace("_", " ").replace("-", " ")
        fields = {
            "id": document_id(title, self._manifest),
            "file": file,
            "title": title,
            "authors": [name for name in map(_folded, extracted.authors) if name],
            "date": extracted.date,
            "doi": extracted.doi,
            "sha256": sha256,
        }
        try:
            return Entry.model_validate(fields)
        except ValidationError as exc:
            # What a file says of itself is left out where it breaks a rule of the manifest.
            wrong = {str(error["loc"][0]) for error in exc.errors()} & {"date", "doi"}
            if not wrong:
                raise CorpusError(f"{found.name} cannot be described ({exc.errors()[0]['msg']})") from exc
            return Entry.model_validate({name: fields[name] for name in fields.keys() - wrong})


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until what belongs together is done."""
    if current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


def _title(extracted: Extracted) -> str:
    """As the file states it, else as it prints it above its text; "" if it does neither."""
    if extracted.title and _folded(extracted.title):
        return _folded(extracted.title)
    printed = [block.text for block in read_blocks(extracted.text) if block.kind == "title"]
    return _folded(printed[0]) if printed else ""


def _folded(text: str) -> str:
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.split())[:_TITLE_LENGTH].strip()


def _write(path: Path, content: bytes) -> None:
    """Write a file, all at once."""
    _version(path, content).replace(path)


def _version(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return prepared(path, content)


def _delete(corpus: Path, file: str) -> None:
    """Delete a document's file, and the folders that it leaves empty; a link's target stays."""
    path = corpus / file
    if not path.parent.resolve().is_relative_to(corpus.resolve()):
        return
    path.unlink(missing_ok=True)
    for folder in path.relative_to(corpus).parents[:-1]:
        with suppress(OSError):
            (corpus / folder).rmdir()


def _unknown(document_id: str, manifest: ManifestFile) -> str:
    known = ", ".join(entry.id for entry in manifest.entries[:8])
    return f"no document has the id {document_id[:80]!r}; the first of the corpus are {known}"
