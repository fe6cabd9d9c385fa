"""The index on disk: immutable generations, the pointer to the current one, their writer and their reader.

index/
├── CURRENT                     the name of the generation to open, switched by an atomic rename
└── <generation>/
    ├── manifest.json           format, encoder, corpus fingerprint, counts, sha256 of every other file
    ├── documents.json          documents with canonical text, bibliography and abbreviations
    ├── passages.jsonl          one passage a line; a passage's ordinal is its line
    ├── vectors.faiss           FAISS, inner product: one L2-normalised vector a passage
    ├── tokens.*.npy            one vector a word piece, for late interaction (`ingest.tokens`)
    └── lexical/                BM25 (`ingest.lexical`)
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
from pydantic import TypeAdapter

from ingest.encoder import EncoderInfo, Float32
from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing
from ingest.lexical import LexicalIndex
from ingest.records import Document, Passage
from ingest.tokens import TokenStore

FORMAT_VERSION = 2
CURRENT = "CURRENT"
_MEND = "run `needle ingest` to build it anew"


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


@dataclass(frozen=True)
class Generation:
    """An opened generation. It stays readable while another becomes current."""

    name: str
    manifest: Manifest
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    vectors: faiss.Index
    tokens: TokenStore
    lexical: LexicalIndex
    ordinals: dict[str, int]

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises KeyError if there is none."""
        return self.passages[self.ordinals[passage_id]]


_MANIFEST = TypeAdapter(Manifest)
_DOCUMENTS = TypeAdapter(dict[str, Document])
_PASSAGE = TypeAdapter(Passage)


def current_name(folder: Path) -> str:
    """The name of the current generation. Raises IndexMissing if there is none yet."""
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError as exc:
        raise IndexMissing(f"there is no index in {folder}; run `needle ingest` to build it") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise IndexDamaged(f"{folder / CURRENT} cannot be read ({exc}); {_MEND}") from exc


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`.

    Raises IndexDamaged if it is missing or unreadable, IndexMismatch if another version wrote it.
    """
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content.get("format_version")
        if version != FORMAT_VERSION:
            raise IndexMismatch(
                f"{folder} has format {version}, this version reads {FORMAT_VERSION}; {_MEND}"
            )
        return _MANIFEST.validate_python(content)
    except (OSError, ValueError, AttributeError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({_first_line(exc)}); {_MEND}") from exc


def open_current(folder: Path) -> Generation:
    """Open the current generation of the index in `folder`, checking every file against its checksum.

    Raises IndexMissing, IndexDamaged or IndexMismatch, naming the file and the mend.
    """
    name = current_name(folder)
    return open_generation(folder / name)


def open_generation(folder: Path) -> Generation:
    """Open the generation in `folder`. Raises as `open_current` does."""
    if not folder.is_dir():
        raise IndexDamaged(f"{CURRENT} names {folder.name!r}, which {folder.parent} does not hold; {_MEND}")
    manifest = read_manifest(folder)
    _check_files(folder, manifest.files)
    try:
        documents = _DOCUMENTS.validate_json((folder / "documents.json").read_bytes())
        lines = (folder / "passages.jsonl").read_bytes().splitlines()
        passages = tuple(_PASSAGE.validate_json(line) for line in lines)
        _check_counts(folder, manifest, documents, passages)
        return Generation(
            name=folder.name,
            manifest=manifest,
            documents=documents,
            passages=passages,
            vectors=faiss.read_index(str(folder / "vectors.faiss")),
            tokens=TokenStore.load(folder),
            lexical=LexicalIndex.load(folder / "lexical", len(passages)),
            ordinals={passage.id: ordinal for ordinal, passage in enumerate(passages)},
        )
    except (OSError, ValueError, KeyError, RuntimeError) as exc:
        raise IndexDamaged(f"{folder} cannot be opened ({_first_line(exc)}); {_MEND}") from exc


def _check_files(folder: Path, files: Mapping[str, str]) -> None:
    for name, expected in files.items():
        path = folder / name
        try:
            found = _sha256(path)
        except OSError as exc:
            raise IndexDamaged(f"{path} cannot be read ({exc.strerror}); {_MEND}") from exc
        if found != expected:
            raise IndexDamaged(f"{path} has changed since it was written (sha256 {found[:12]}…); {_MEND}")


def _check_counts(
    folder: Path, manifest: Manifest, documents: Mapping[str, Document], passages: Sequence[Passage]
) -> None:
    held = len(documents), _counts(passages)
    if held != (manifest.documents, manifest.passages):
        raise IndexDamaged(f"{folder / 'manifest.json'} counts other passages than {folder} holds; {_MEND}")


def _counts(passages: Sequence[Passage]) -> dict[str, int]:
    return dict(Counter(passage.kind for passage in passages))


def write_generation(
    folder: Path,
    *,
    created: str,
    encoder: EncoderInfo,
    fingerprint: str,
    documents: Mapping[str, Document],
    passages: Sequence[Passage],
    vectors: Float32,
    tokens: TokenStore,
) -> Manifest:
    """Write a complete generation into `folder`, which must not exist, and sync it to the disk.

    vectors: (n, d) float32, L2-normalised rows in the order of `passages`.
    """
    folder.mkdir(parents=True)
    (folder / "documents.json").write_bytes(_DOCUMENTS.dump_json(dict(documents)))
    (folder / "passages.jsonl").write_bytes(b"".join(_PASSAGE.dump_json(p) + b"\n" for p in passages))
    flat = faiss.IndexFlatIP(encoder.dimension)
    flat.add(vectors)
    faiss.write_index(flat, str(folder / "vectors.faiss"))
    tokens.save(folder)
    LexicalIndex.build([searched_text(passage) for passage in passages]).save(folder / "lexical")
    files = {path.relative_to(folder).as_posix(): _sha256(path) for path in _files(folder)}
    manifest = Manifest(
        FORMAT_VERSION, created, encoder, fingerprint, len(documents), _counts(passages), files
    )
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    _sync(folder)
    return manifest


def searched_text(passage: Passage) -> str:
    """What is embedded and lexically indexed of a passage: its context, if it has one, then its text."""
    own = passage.index_text or passage.text
    return f"{passage.context}\n{own}" if passage.context else own


def switch_to(folder: Path, name: str) -> None:
    """Make generation `name` the current one of the index in `folder`, all at once."""
    pending = folder / f"{CURRENT}.new"
    pending.write_text(name + "\n", encoding="utf-8")
    _sync_path(pending)
    pending.replace(folder / CURRENT)
    _sync_path(folder)


def collect(folder: Path, keep: Sequence[str]) -> None:
    """Remove all generations, whole or half written, but those in `keep`."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


def size_of(folder: Path) -> int:
    """Bytes of all files below `folder`."""
    return sum(path.stat().st_size for path in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in _files(folder):
        _sync_path(path)
    _sync_path(folder)
    _sync_path(folder.parent)


def _sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _first_line(exc: Exception) -> str:
    return str(exc).splitlines()[0] if str(exc) else type(exc).__name__
