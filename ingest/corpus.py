"""The corpus: a folder of documents and `corpus.toml`, which describes each of them."""

import hashlib
import posixpath
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import CorpusError
from ingest.formats import extract

MANIFEST = "corpus.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """A document as the manifest describes it, with its canonical text, read and checked.

    pages: the offset in `text` at which each page begins; () where the format has no pages.
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


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents, in the manifest's order."""

    documents: tuple[Source, ...]

    @property
    def fingerprint(self) -> str:
        """sha256 over all that a reader of the index can see of the sources."""
        digest = hashlib.sha256()
        for source in self.documents:
            described = (source.id, source.file, source.title, source.sha256, *source.authors)
            optional = (source.date, source.doi, source.url, source.publisher, source.rights)
            digest.update(repr((described, optional)).encode())
        return digest.hexdigest()


class _Entry(BaseModel):
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

    documents: list[_Entry] = Field(min_length=1)


def load_corpus(folder: Path) -> Corpus:
    """Read `corpus.toml` in `folder` and every document that it names.

    Raises CorpusError, naming the file and the mend, for whatever breaks a rule of the corpus.
    """
    entries = _read_manifest(folder / MANIFEST).documents
    _check_unique(folder / MANIFEST, "id", [entry.id for entry in entries])
    _check_unique(folder / MANIFEST, "file", [posixpath.normpath(entry.file) for entry in entries])
    return Corpus(tuple(_read_source(folder, entry) for entry in entries))


def _read_manifest(path: Path) -> _Manifest:
    try:
        return _Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as exc:
        raise CorpusError(
            f"{path} does not exist; name the folder that holds {MANIFEST} in NEEDLE_CORPUS"
        ) from exc
    except OSError as exc:
        raise CorpusError(f"{path} cannot be read ({exc.strerror}); make it a readable file") from exc
    except UnicodeDecodeError as exc:
        raise CorpusError(f"{path} is not UTF-8 (byte {exc.start}); save it as UTF-8") from exc
    except tomllib.TOMLDecodeError as exc:
        raise CorpusError(f"{path} is not valid TOML: {exc}; mend that line") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise CorpusError(
            f"{path}: {place} is {first['input']!r:.80}: {first['msg']}; mend that field"
        ) from exc


def _check_unique(path: Path, name: str, values: Sequence[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise CorpusError(f"{path}: two documents have the {name} {value!r}; give each its own")


def _read_source(folder: Path, entry: _Entry) -> Source:
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
    extracted = extract(content, str(path))
    described = entry.model_dump(exclude={"authors"})
    return Source(text=extracted.text, pages=extracted.pages, authors=tuple(entry.authors), **described)
