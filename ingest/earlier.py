"""The last good generation as a build reads it: document by document, so that it is never held whole."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np

from ingest import index as store
from ingest.checksums import check_files
from ingest.corpus import Entry
from ingest.embedding import key
from ingest.errors import IndexDamaged, IndexUnusable
from ingest.pending import Embedded
from ingest.records import Document, Passage
from ingest.tokens import TokenStore


class _Place(NamedTuple):
    """Where a document stands: the byte of its line in documents.jsonl, of its first in passages.jsonl."""

    document: int
    passages: int
    number: int
    sha256: str
    suffix: str


class Earlier:
    """What a generation holds, by document id and by `ingest.embedding.key`."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexUnusable."""
        store.check_named(folder)
        self.name = folder.name
        self.manifest = store.read_manifest(folder)
        check_files(folder, self.manifest.files, whole=True)
        self._folder = folder
        self._ordinals: dict[bytes, int] = {}
        try:
            self._places = dict(self._find_places())
            self._vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            self._tokens = TokenStore.load(folder)
        except (OSError, ValueError, KeyError, RuntimeError) as exc:
            raise IndexDamaged(f"{folder} cannot be opened ({exc})") from exc

    @property
    def ids(self) -> list[str]:
        """The ids of its documents, in order."""
        return list(self._places)

    @property
    def scale(self) -> float:
        """That of its token vectors."""
        return self._tokens.scale

    def is_of(self, entry: Entry) -> bool:
        """Whether it holds the very file that an entry describes, read as a file of that name is."""
        place = self._places.get(entry.id)
        return place is not None and (place.sha256, place.suffix) == (entry.sha256, _suffix(entry.file))

    def document(self, document_id: str) -> Document:
        """A document with the abbreviations that it explains itself. Raises KeyError."""
        with (self._folder / "documents.jsonl").open("rb") as file:
            file.seek(self._places[document_id].document)
            document = store.DOCUMENT.validate_json(file.readline())
        own = tuple(pair for pair in document.abbreviations if pair.source != "corpus")
        return replace(document, abbreviations=own)

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document, in order. Raises KeyError."""
        place = self._places[document_id]
        with (self._folder / "passages.jsonl").open("rb") as file:
            file.seek(place.passages)
            return [store.PASSAGE.validate_json(file.readline()) for _ in range(place.number)]

    def __contains__(self, passage: bytes) -> bool:
        return passage in self._ordinals

    def get(self, passage: bytes) -> Embedded:
        """The vectors of the passage with this key. Raises KeyError."""
        ordinal = self._ordinals[passage]
        return Embedded(np.asarray(self._vectors[ordinal]), self._tokens.passage(ordinal))

    def _find_places(self) -> Iterator[tuple[str, _Place]]:
        first: dict[str, int] = {}
        count: dict[str, int] = {}
        position = 0
        with (self._folder / "passages.jsonl").open("rb") as lines:
            for ordinal, line in enumerate(lines):
                passage = store.PASSAGE.validate_json(line)
                self._ordinals.setdefault(key(passage), ordinal)
                first.setdefault(passage.document_id, position)
                count[passage.document_id] = count.get(passage.document_id, 0) + 1
                position += len(line)
        position = 0
        with (self._folder / "documents.jsonl").open("rb") as lines:
            for line in lines:
                document = json.loads(line)
                name = document["id"]
                sha256, suffix = document["sha256"], _suffix(document["file"])
                yield name, _Place(position, first.get(name, 0), count.get(name, 0), sha256, suffix)
                position += len(line)


def open_earlier(index: Path) -> Earlier | None:
    """The current generation, or else the newest that can be used; if there is none, all is built anew."""
    try:
        return Earlier(index / store.current_name(index))
    except IndexUnusable:
        return store.newest_whole(index, Earlier)


def _suffix(file: str) -> str:
    return PurePath(file).suffix.lower()
