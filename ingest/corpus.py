"""The corpus: a folder of documents and `corpus.toml`, which describes each of them."""

import hashlib
import posixpath
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import CorpusError
from ingest.formats import READ_AS_TEXT
from ingest.formats.apart import extract_apart
from ingest.records import Document

MANIFEST = "corpus.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """A document as the manifest describes it, with its canonical text, read and checked.

    pages: the offset in `text` at which each page begins; () where the format has no pages.
    oddities: what is strange about the file, in words.
    """

    id: str
    file: str
    title: str
    sha256: str
    text: str = field(repr=False)
    authors: tuple[str, ...] = ()
    date: str | None = None
    doi: str | None = None
    url: str | None = None
    publisher: str | None = None
    rights: str | None = None
    pages: tuple[int, ...] = ()
    oddities: tuple[str, ...] = ()

    @property
    def extracted(self) -> bool:
        """Whether the text is not the file's own."""
        return PurePath(self.file).suffix.lower() not in READ_AS_TEXT


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents, in the manifest's order."""

    documents: tuple[Source, ...]

    @property
    def fingerprint(self) -> str:
        """sha256 over all that a reader of the index can see of the sources."""
        return fingerprint(self.documents)


class Entry(BaseModel):
    """A table `[[documents]]` of the manifest."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    file: str = Field(min_length=1, pattern=r"^[^\x00]*$")
    title: str = Field(min_length=1)
    authors: list[str] = []
    date: str | None = Field(default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$")
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    publisher: str | None = None
    rights: str | None = None
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    documents: list[Entry] = Field(min_length=1)


def fingerprint(described: Iterable[Entry | Source | Document]) -> str:
    """sha256 over all that a reader of an index can see of the sources that it was made from."""
    digest = hashlib.sha256()
    for source in described:
        digest.update(description(source))
    return digest.hexdigest()


def description(source: Entry | Source | Document) -> bytes:
    """A document's part of the fingerprint."""
    required = (source.id, source.file, source.title, source.sha256, *source.authors)
    optional = (source.date, source.doi, source.url, source.publisher, source.rights)
    return repr((required, optional)).encode()


def load_corpus(folder: Path) -> Corpus:
    """Read `corpus.toml` in `folder` and every document that it names.

    Raises CorpusError or FormatError, naming the file and the mend, for whatever breaks a rule of the corpus.
    """
    return Corpus(tuple(read_source(folder, entry) for entry in read_entries(folder)))


def read_entries(folder: Path) -> list[Entry]:
    """What `corpus.toml` in `folder` says of each document. Raises CorpusError."""
    path = folder / MANIFEST
    try:
        return parse_entries(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise CorpusError(
            f"{path} does not exist; name the folder that holds {MANIFEST} in NEEDLE_CORPUS"
        ) from exc
    except OSError as exc:
        raise CorpusError(f"{path} cannot be read ({exc.strerror}); make it a readable file") from exc
    except UnicodeDecodeError as exc:
        raise CorpusError(f"{path} is not UTF-8 (byte {exc.start}); save it as UTF-8") from exc


def parse_entries(path: Path, text: str) -> list[Entry]:
    """The entries of a manifest with this text. Raises CorpusError, naming `path` and the rule."""
    try:
        entries = _Manifest.model_validate(tomllib.loads(text)).documents
    except tomllib.TOMLDecodeError as exc:
        raise CorpusError(f"{path} is not valid TOML: {exc}; mend that line") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise CorpusError(
            f"{path}: {place} is {first['input']!r:.80}: {first['msg']}; mend that field"
        ) from exc
    _check_unique(path, "id", [entry.id for entry in entries])
    _check_unique(path, "file", [posixpath.normpath(entry.file) for entry in entries])
    return entries


def _check_unique(path: Path, name: str, values: Sequence[str]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            raise CorpusError(f"{path}: two documents have the {name} {value!r}; give each its own")


def read_source(folder: Path, entry: Entry) -> Source:
    """The document of one entry. Raises CorpusError or FormatError, naming the file and the mend."""
    extracted = extract_apart(read_content(folder, entry), str(folder / entry.file))
    return Source(
        **entry.model_dump(exclude={"authors"}),
        authors=tuple(entry.authors),
        text=extracted.text,
        pages=extracted.pages,
        oddities=extracted.oddities,
    )


def read_content(folder: Path, entry: Entry) -> bytes:
    """The bytes of a document's file, which lies in `folder` and is the one that its entry describes.

    Raises CorpusError, naming the file and the mend.
    """
    path = folder / entry.file
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"{path} lies outside {folder}; put the file inside that folder")
    try:
        content = path.read_bytes()
    except FileNotFoundError as exc:
        raise CorpusError(
            f"{path} does not exist; put it there or remove document {entry.id!r} from {MANIFEST}"
        ) from exc
    except OSError as exc:
        raise CorpusError(f"{path} cannot be read ({exc.strerror}); make it a readable file") from exc
    found = hashlib.sha256(content).hexdigest()
    if found != entry.sha256:
        raise CorpusError(
            f"{path} has sha256 {found}, {MANIFEST} says {entry.sha256}; restore the file, or, "
            "if the change is meant, write its new sha256 there"
        )
    return content
