"""Writing a generation of the index, piece by piece, so that memory does not grow with the documents."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import faiss
import numpy as np

from ingest import index as store
from ingest.embedding import key
from ingest.encoder import EncoderInfo
from ingest.lexical import LexicalIndex
from ingest.pending import Embedded
from ingest.records import Document, Passage
from ingest.tokens import PassageTokens, write_tokens

_CHUNK = 1024  # vectors that are handed to FAISS at once


class GenerationWriter:
    """Writes one generation: first `add` each document, then `finish`; or `discard` what was written.

    folder: made anew; its name ends with the first digits of the fingerprint.
    """

    def __init__(self, index: Path, fingerprint: str) -> None:
        self._now = datetime.now(UTC)
        self.folder = index / f"{self._now:%Y%m%dT%H%M%S%f}Z-{fingerprint[:8]}"
        self.folder.mkdir(parents=True)
        self._documents = 0
        self._counts: Counter[str] = Counter()

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Write a document and its passages."""
        with (self.folder / "documents.jsonl").open("ab") as file:
            file.write(store.DOCUMENT.dump_json(document) + b"\n")
        with (self.folder / "passages.jsonl").open("ab") as file:
            file.writelines(store.PASSAGE.dump_json(passage) + b"\n" for passage in passages)
        self._documents += 1
        self._counts.update(passage.kind for passage in passages)

    def passages(self) -> Iterator[Passage]:
        """All passages so far, in order."""
        with (self.folder / "passages.jsonl").open("rb") as lines:
            yield from map(store.PASSAGE.validate_json, lines)

    def revise(self, changed: Callable[[Document], Document]) -> None:
        """Write each document again as `changed` gives it."""
        path = self.folder / "documents.jsonl"
        revised = path.with_suffix(".new")
        with path.open("rb") as lines, revised.open("wb") as file:
            for line in lines:
                file.write(store.DOCUMENT.dump_json(changed(store.DOCUMENT.validate_json(line))) + b"\n")
        revised.replace(path)

    def finish(
        self,
        encoder: EncoderInfo,
        fingerprint: str,
        embedded: Callable[[bytes], Embedded],
        scale: float,
    ) -> store.Manifest:
        """Write vectors, words and manifest, and sync everything to the disk.

        embedded: the vectors of a passage by its key. scale: as in `ingest.tokens.write_tokens`.
        """
        vectors = _Vectors(encoder.dimension)
        write_tokens(self.folder, self._tokens(embedded, vectors), encoder.dimension, scale)
        self._write(vectors.finished())
        LexicalIndex.build(map(store.searched_text, self.passages())).save(self.folder / "lexical")
        files = {
            path.relative_to(self.folder).as_posix(): store.sha256(path)
            for path in store.files_of(self.folder)
        }
        manifest = store.Manifest(
            store.FORMAT_VERSION,
            self._now.isoformat(timespec="seconds"),
            encoder,
            fingerprint,
            self._documents,
            dict(self._counts),
            files,
        )
        store.write_manifest(self.folder, manifest)
        store.sync(self.folder)
        return manifest

    def discard(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, vectors: faiss.Index) -> None:
        try:
            faiss.write_index(vectors, str(self.folder / "vectors.faiss"))
        except RuntimeError as exc:  # FAISS has no other for a full disk
            raise OSError(f"vectors.faiss: {exc}") from exc

    def _tokens(self, embedded: Callable[[bytes], Embedded], vectors: "_Vectors") -> Iterator[PassageTokens]:
        for passage in self.passages():
            one = embedded(key(passage))
            vectors.add(one.vector)
            yield one.tokens


class _Vectors:
    """A flat FAISS index that is filled some vectors at a time."""

    def __init__(self, dimension: int) -> None:
        self._flat = faiss.IndexFlatIP(dimension)
        self._waiting: list[np.ndarray] = []

    def add(self, vector: np.ndarray) -> None:
        self._waiting.append(vector)
        if len(self._waiting) == _CHUNK:
            self._flush()

    def finished(self) -> faiss.Index:
        if self._waiting:
            self._flush()
        return self._flat

    def _flush(self) -> None:
        self._flat.add(np.stack(self._waiting))
        self._waiting.clear()
