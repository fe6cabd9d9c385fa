"""The index on disk: immutable generations, the pointer to the current one, their reader.

index/
├── CURRENT                     the name of the generation to open, switched by an atomic rename
├── .lock                       held by whoever writes to the index or the corpus
├── .pending/                   what an unfinished build has embedded so far (`ingest.pending`)
└── <generation>/               (`ingest.generation_writer`)
    ├── manifest.json           format, encoder, corpus fingerprint, counts, sha256 of every other file and of
    │                           itself; a shared lock on it keeps one that is read from being collected
    ├── documents.*             one document a line: canonical text, bibliography and abbreviations
    ├── heads.jsonl             the same without what is long, and how many passages of each kind it has
    ├── abbreviations.json      short and long forms of all documents
    ├── passages.*              one passage a line, document by document; a passage's ordinal is its line
    ├── kinds.npy               (n,) uint8, each passage's kind: its place in `PASSAGE_KINDS`
    ├── ids.*                   the ordinal of each passage by its id (`ingest.string_table`)
    ├── vectors.*               one vector a passage (`ingest.vectors`)
    ├── tokens.*.npy            one vector a word piece, for late interaction (`ingest.tokens`)
    ├── lexical/                BM25 (`ingest.lexical`)
    └── *.crc32                 the blocks of a large file (`ingest.checksums`)

What grows with the passages stays on the disk; in memory are the heads, the abbreviations, what was read
last, and of each passage some 40 bytes of offsets (of many, their vectors as int8 too).
"""

import fcntl
import hashlib
import json
import os
import shutil
import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.checksums import MEND, check_files
from ingest.durable import prepared, sync_path
from ingest.encoder import EncoderInfo, Float32, Int32
from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnusable, first_line
from ingest.lexical import LexicalIndex
from ingest.record_file import RecordFile, RecordsById
from ingest.records import Document, Passage
from ingest.string_table import StringTable
from ingest.tokens import PassageTokens, TokenStore
from ingest.vectors import VectorIndex

FORMAT_VERSION = 4
CURRENT = "CURRENT"
PENDING = ".pending"
# A document takes 100 KB, as many as an answer cites many times over; a passage 3 KB.
_DOCUMENTS_KEPT, _PASSAGES_KEPT = 64, 4096

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself.

    fingerprint: of the corpus (`Corpus.fingerprint`).
    passages: count by kind.
    files: sha256 by path inside the generation.
    """

    format_version: int
    created: str
    encoder: EncoderInfo
    fingerprint: str
    documents: int
    passages: dict[str, int]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """What is kept at hand of a document.

    document: without its text, pages, references, abbreviations and oddities. kinds: count of its passages.
    """

    document: Document
    kinds: dict[str, int]


@dataclass(frozen=True)
class Generation:
    """An opened generation. It stays readable while another becomes current.

    heads: of each document, by id. kind_of: (n,) uint8, each passage's kind, its place in `PASSAGE_KINDS`.
    abbreviations: (short form, long form) of all documents, each pair once.
    ordinals: by the passage's id.
    """

    name: str
    manifest: Manifest
    heads: Mapping[str, Head]
    documents: Mapping[str, Document]
    abbreviations: Sequence[tuple[str, str]]
    passages: Sequence[Passage]
    kind_of: NDArray[np.uint8]
    vectors: VectorIndex
    tokens: TokenStore
    lexical: LexicalIndex
    ordinals: Mapping[str, int]

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises KeyError if there is none."""
        return self.passages[self.ordinals[passage_id]]

    @property
    def described(self) -> Mapping[str, Document]:
        """The documents without what is long about them, by id, in the order of the corpus."""
        return {document_id: head.document for document_id, head in self.heads.items()}

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Every term that occurs."""
        return self.lexical.vocabulary

    @property
    def words(self) -> Mapping[str, int]:
        """How often each word of four letters or more occurs as it is written, in lower case."""
        return self.lexical.words

    def words_starting(self, letter: str) -> Sequence[str]:
        """Those of the words that start with a letter, in order."""
        return self.lexical.words_starting(letter)

    def searched_texts(self) -> Iterator[str]:
        """What is searched of each passage, in order."""
        return map(searched_text, self.passages)

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document."""
        place = self.ordinals[passage.id]
        before = self.passages[place - 1] if place else None
        after = self.passages[place + 1] if place + 1 < len(self.passages) else None
        return _of_document(before, passage.document_id), _of_document(after, passage.document_id)

    def kinds(self) -> Mapping[str, Mapping[str, int]]:
        """How many passages of each kind each document has, by the document's id."""
        return {document_id: head.kinds for document_id, head in self.heads.items()}

    def tokens_of(self, passages: Sequence[Passage]) -> list[PassageTokens]:
        """The token vectors of each of some passages."""
        return [self.tokens.passage(self.ordinals[passage.id]) for passage in passages]

    def rarity(self, ids: Int32) -> Float32:
        """The idf of word pieces, (t,) float32, as in `TokenStore`."""
        return self.tokens.rarity(ids)


def _of_document(passage: Passage | None, document_id: str) -> Passage | None:
    return passage if passage and passage.document_id == document_id else None


_MANIFEST = TypeAdapter(Manifest)
DOCUMENT = TypeAdapter(Document)
PASSAGE = TypeAdapter(Passage)
HEAD = TypeAdapter(Head)
PAIRS = TypeAdapter(tuple[tuple[str, str], ...])


def current_name(folder: Path) -> str:
    """The name of the current generation. Raises IndexMissing if there is none yet, else IndexDamaged."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError as exc:
        raise IndexMissing(f"there is no index in {folder}; run `needle ingest` to build it") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise IndexDamaged(f"{folder / CURRENT} cannot be read ({exc}); {MEND}") from exc
    if not name or name.startswith(".") or "/" in name:
        raise IndexDamaged(f"{folder / CURRENT} names {name[:80]!r}, which is no generation; {MEND}")
    return name


def is_current(folder: Path, name: str) -> bool:
    """Whether CURRENT names this generation."""
    try:
        return current_name(folder) == name
    except IndexUnusable:
        return False


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of the generation in `folder`."""
    content = asdict(manifest)
    sealed = json.dumps({**content, "sha256": seal(content)}, indent=1)
    (folder / "manifest.json").write_text(sealed, encoding="utf-8")


def seal(content: Mapping[str, Any]) -> str:
    """sha256 of what a manifest says."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`.

    Raises IndexDamaged if it is missing or unreadable, IndexMismatch if another version wrote it.
    """
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content.get("format_version")
        if version != FORMAT_VERSION:
            raise IndexMismatch(f"{folder} has format {version}, this version reads {FORMAT_VERSION}; {MEND}")
        if content.pop("sha256", None) != seal(content):
            raise IndexDamaged(f"{path} has changed since it was written; {MEND}")
        return _MANIFEST.validate_python(content)
    except (OSError, ValueError, AttributeError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({first_line(exc)}); {MEND}") from exc


def open_current(folder: Path) -> Generation:
    """Open the current generation of the index in `folder`, checking every file against its checksum.

    Raises IndexMissing, IndexDamaged or IndexMismatch, naming the file and the mend.
    """
    name = current_name(folder)
    try:
        return open_generation(folder / name)
    except IndexDamaged:
        # Between reading the name and holding the generation, another may have become current.
        if current_name(folder) == name:
            raise
        return open_current(folder)


def newest_whole(folder: Path, opened: Callable[[Path], T]) -> T | None:
    """The newest generation of the index in `folder` that `opened` opens, whatever CURRENT names.

    None if there is none. For when the current one cannot be opened.
    """
    for path in sorted(_generations(folder), reverse=True):  # their names begin with the time
        with suppress(IndexUnusable):
            return opened(path)
    return None


def open_generation(folder: Path) -> Generation:
    """Open the generation in `folder` and hold it against collection. Raises as `open_current` does."""
    manifest, held = _hold(folder)
    try:
        generation = _opened(folder, manifest)
    except BaseException:
        os.close(held)
        raise
    weakref.finalize(generation, os.close, held)
    return generation


def _hold(folder: Path) -> tuple[Manifest, int]:
    """The manifest of a generation and the descriptor whose shared lock says that it is being read."""
    check_named(folder)
    try:
        descriptor = os.open(folder / "manifest.json", os.O_RDONLY)
    except OSError as exc:
        raise IndexDamaged(f"{folder / 'manifest.json'} cannot be read ({exc.strerror}); {MEND}") from exc
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return read_manifest(folder), descriptor
    except BaseException:
        os.close(descriptor)
        raise


def check_named(folder: Path) -> None:
    """Raises IndexDamaged if the generation that CURRENT names is not there."""
    if not folder.is_dir():
        raise IndexDamaged(f"{CURRENT} names {folder.name!r}, which {folder.parent} does not hold; {MEND}")


def _opened(folder: Path, manifest: Manifest) -> Generation:
    check_files(folder, manifest.files, whole=False)
    try:
        with (folder / "heads.jsonl").open("rb") as lines:
            heads = {head.document.id: head for head in map(HEAD.validate_json, lines)}
        _check_counts(folder, manifest, heads)
        documents = RecordFile(folder / "documents.jsonl", DOCUMENT, _DOCUMENTS_KEPT)
        passages = RecordFile(folder / "passages.jsonl", PASSAGE, _PASSAGES_KEPT)
        return Generation(
            name=folder.name,
            manifest=manifest,
            heads=heads,
            documents=RecordsById(documents, {key: place for place, key in enumerate(heads)}),
            abbreviations=PAIRS.validate_json((folder / "abbreviations.json").read_bytes()),
            passages=passages,
            kind_of=np.load(folder / "kinds.npy"),
            vectors=VectorIndex.load(folder),
            tokens=TokenStore.load(folder),
            lexical=LexicalIndex.load(folder / "lexical", len(passages)),
            ordinals=StringTable(folder, "ids"),
        )
    except (OSError, ValueError, KeyError, RuntimeError) as exc:
        raise IndexDamaged(f"{folder} cannot be opened ({first_line(exc)}); {MEND}") from exc


def _check_counts(folder: Path, manifest: Manifest, heads: Mapping[str, Head]) -> None:
    kinds: Counter[str] = Counter()
    for head in heads.values():
        kinds.update(head.kinds)
    if (len(heads), dict(kinds)) != (manifest.documents, manifest.passages):
        raise IndexDamaged(f"{folder / 'manifest.json'} counts other passages than {folder} holds; {MEND}")


def searched_text(passage: Passage) -> str:
    """What is embedded and lexically indexed of a passage: its context, if it has one, then its text."""
    own = passage.index_text or passage.text
    return f"{passage.context}\n{own}" if passage.context else own


def switch_to(folder: Path, name: str) -> None:
    """Make generation `name` the current one of the index in `folder`, all at once."""
    prepared(folder / CURRENT, f"{name}\n".encode()).replace(folder / CURRENT)
    sync_path(folder)


def collect(folder: Path) -> bool:
    """Remove all generations, whole or half written, but the current one and those that are being read.

    To be called by who holds the write lock: a generation that is being written is not being read.
    Returns whether the current one alone is left.
    Raises IndexUnusable, and removes nothing, if CURRENT names none: any other may be the last good one.
    """
    current = current_name(folder)
    check_named(folder / current)
    alone = True
    for path in _generations(folder):
        if path.name != current:
            if _is_read(path):
                alone = False
            else:
                shutil.rmtree(path, ignore_errors=True)
    return alone


def _generations(folder: Path) -> Iterator[Path]:
    """The folders of all generations, whole or half written."""
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _is_read(generation: Path) -> bool:
    try:
        descriptor = os.open(generation / "manifest.json", os.O_RDONLY)
    except OSError:
        return False  # half written
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def size_of(folder: Path) -> int:
    """Bytes of all files below `folder`."""
    return sum(path.stat().st_size for path in files_of(folder))


def files_of(folder: Path) -> list[Path]:
    """All files below `folder`, in order of their paths."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sync(folder: Path) -> None:
    """Have the disk hold all files below `folder`, and its own entry."""
    for path in files_of(folder):
        sync_path(path)
    sync_path(folder)
    sync_path(folder.parent)
