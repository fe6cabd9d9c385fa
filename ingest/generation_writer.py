"""Writing a generation of the index, piece by piece, so that memory does not grow with the documents."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest import index as store
from ingest.approximate import Choice
from ingest.checksums import sha256, write_blocks
from ingest.embedding import key
from ingest.encoder import EncoderInfo
from ingest.growing_array import GrowingArray
from ingest.lexical import LexicalIndex
from ingest.pending import Embedded
from ingest.record_file import write_offsets
from ingest.records import PASSAGE_KINDS, Document, Passage
from ingest.string_table import write_table
from ingest.tokens import PassageTokens, write_tokens
from ingest.vectors import write_index


class GenerationWriter:
    """Writes one generation: first `add` each document, then `finish`; or `discard` what was written.

    folder: made anew; its name ends with the first digits of the fingerprint.
    """

    def __init__(self, index: Path, fingerprint: str) -> None:
        self._now = datetime.now(UTC)
        self.folder = index / f"{self._now:%Y%m%dT%H%M%S%f}Z-{fingerprint[:8]}"
        self.folder.mkdir(parents=True)
        self._kinds: list[Counter[str]] = []  # of each document

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Write a document and its passages."""
        with (self.folder / "documents.jsonl").open("ab") as file:
            file.write(store.DOCUMENT.dump_json(document) + b"\n")
        with (self.folder / "passages.jsonl").open("ab") as file:
            file.writelines(store.PASSAGE.dump_json(passage) + b"\n" for passage in passages)
        self._kinds.append(Counter(passage.kind for passage in passages))

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
        choice: Choice = "auto",
    ) -> store.Manifest:
        """Write vectors, words and manifest, and sync everything to the disk.

        embedded: the vectors of a passage by its key. scale: as in `ingest.tokens.write_tokens`.
        choice: how the vectors are searched (`ingest.approximate`).
        """
        with GrowingArray(self.folder / "vectors.npy", np.float32, encoder.dimension) as vectors:
            write_tokens(self.folder, self._tokens(embedded, vectors), encoder.dimension, scale)
        write_index(self.folder, choice)
        LexicalIndex.build(map(store.searched_text, self.passages())).save(self.folder / "lexical")
        self._write_documents()
        self._write_places()
        for path in store.files_of(self.folder):
            write_blocks(path)
        files = {
            path.relative_to(self.folder).as_posix(): sha256(path) for path in store.files_of(self.folder)
        }
        manifest = store.Manifest(
            store.FORMAT_VERSION,
            self._now.isoformat(timespec="seconds"),
            encoder,
            fingerprint,
            len(self._kinds),
            dict(sum(self._kinds, Counter())),
            files,
        )
        store.write_manifest(self.folder, manifest)
        store.sync(self.folder)
        return manifest

    def discard(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _tokens(
        self, embedded: Callable[[bytes], Embedded], vectors: GrowingArray
    ) -> Iterator[PassageTokens]:
        for passage in self.passages():
            one = embedded(key(passage))
            vectors.append(one.vector[np.newaxis])
            yield one.tokens

    def _write_documents(self) -> None:
        """Write what is known of all documents together, and where each is."""
        path = self.folder / "documents.jsonl"
        pairs: dict[tuple[str, str], None] = {}
        with path.open("rb") as lines, (self.folder / "heads.jsonl").open("wb") as heads:
            for line, kinds in zip(lines, self._kinds, strict=True):
                document = store.DOCUMENT.validate_json(line)
                pairs |= {(pair.short, pair.long): None for pair in document.abbreviations}
                short = replace(document, text="", pages=(), references=(), abbreviations=(), oddities=())
                heads.write(store.HEAD.dump_json(store.Head(short, dict(kinds))) + b"\n")
        (self.folder / "abbreviations.json").write_bytes(store.PAIRS.dump_json(tuple(pairs)))
        write_offsets(path)

    def _write_places(self) -> None:
        """Write where each passage is, and its kind."""
        write_offsets(self.folder / "passages.jsonl")
        kinds = bytearray()
        ids: list[tuple[str, int]] = []
        for ordinal, passage in enumerate(self.passages()):
            kinds.append(PASSAGE_KINDS.index(passage.kind))
            ids.append((passage.id, ordinal))
        np.save(self.folder / "kinds.npy", np.frombuffer(kinds, np.uint8))
        write_table(self.folder, "ids", ids)
