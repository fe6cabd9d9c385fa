"""Building the index: read what changed, embed what is new, write a generation, switch to it."""

import hashlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest import index as store
from ingest.abbreviations import MeaningsOfCorpus
from ingest.approximate import Choice
from ingest.corpus import Entry, description, fingerprint, read_content, read_entries, read_source
from ingest.earlier import Earlier, open_earlier
from ingest.embedding import Report, embed, fresh
from ingest.encoder import Encoder, load_encoder
from ingest.errors import CorpusError, EncoderChanged, FormatError, IndexNotWritten, NothingReadable
from ingest.generation_writer import GenerationWriter
from ingest.onnx_cache import exported
from ingest.passages import make_passages
from ingest.pending import Embedded, Pending
from ingest.reading import read
from ingest.records import Document, Passage
from ingest.writing import writing

# Changes with the rules of reading: an index built by other rules is built anew, though no document changed.
RULES = 3


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that cannot be read.

    reason: in one line, with the page where it is known, and the mend.
    kept: whether the index keeps what it held of the document before.
    """

    document_id: str
    file: str
    reason: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. passages: count by kind; bytes: of the generation on disk."""

    generation: str
    documents: int
    passages: dict[str, int]
    embedded: int
    reused: int
    seconds: float
    bytes: int
    unchanged: bool
    failed: tuple[Failure, ...] = ()


def build(
    corpus: Path,
    index: Path,
    encoder_name: str,
    report: Report,
    *,
    new_encoder: bool = False,
    vectors: Choice = "auto",
) -> Summary:
    """Bring the index in folder `index` up to date with the corpus in folder `corpus`.

    report: called as `report(step, done, total)` with step "reading", "embedding" or "writing", before them
    as `ingest.writing.writing` does.
    new_encoder: whether an index of another embedding model may be embedded anew.
    vectors: how they are searched (`ingest.approximate`), if a generation is written.
    Only what changed is read and embedded; an unchanged corpus costs no model load. A document that cannot
    be read stays as it was before, if it was there, and is named in the summary. One run at a time works on
    an index: another waits until it is done; a killed one leaves its vectors to the next.
    Raises CorpusError, NothingReadable, EncoderError, EncoderChanged or IndexNotWritten; the current
    generation then stays as it was.
    """
    started = time.monotonic()
    try:
        with writing(index, report):
            return _Build(corpus, index, encoder_name, report, new_encoder, vectors).run(started)
    except OSError as exc:
        raise IndexNotWritten(
            f"the index in {index} cannot be written ({exc.strerror or exc}); make room or give "
            "the right to, and run `needle ingest`; what was there before still answers"
        ) from exc


class _Build:
    """One run, under the write lock."""

    def __init__(
        self,
        corpus: Path,
        index: Path,
        encoder_name: str,
        report: Report,
        new_encoder: bool,
        choice: Choice,
    ) -> None:
        self._corpus = corpus
        self._index = index
        self._encoder_name = encoder_name
        self._encoder: Encoder | None = None
        self._report = report
        self._new_encoder = new_encoder
        self._choice = choice
        self._failures: list[Failure] = []
        self._earlier = open_earlier(index)
        # The generation whose vectors fit: another model's do not.
        self._known: Earlier | None = None
        self._entries: list[Entry] = []

    def run(self, started: float) -> Summary:
        self._entries = read_entries(self._corpus)
        earlier = self._earlier
        renamed = bool(earlier and earlier.manifest.encoder.name != self._encoder_name)
        described = with_rules(fingerprint(self._entries))
        if earlier and not renamed and earlier.manifest.fingerprint == described:
            for entry in self._entries:
                self._failed(entry, self._check(entry))
            return self._unchanged(earlier, started)
        self._known = earlier
        if renamed:
            self._load_encoder()
        writer = GenerationWriter(self._index, described)
        try:
            found = with_rules(self._read_all(writer))
            if earlier and not renamed and earlier.manifest.fingerprint == found:
                writer.discard()
                return self._unchanged(earlier, started)
            embedded, manifest = self._finish(writer, found)
        except BaseException:
            writer.discard()
            raise
        return self._summary(writer.folder.name, manifest, embedded, started, unchanged=False)

    def _read_all(self, writer: GenerationWriter) -> str:
        """Write every document that can be read; give the fingerprint of them all."""
        digest = hashlib.sha256()
        meanings = MeaningsOfCorpus()
        read_any = False
        for done, entry in enumerate(self._entries):
            self._report("reading", done, len(self._entries))
            document, passages = self._read(entry)
            if document:
                read_any = True
                digest.update(description(document))
                meanings.add(document.abbreviations)
                writer.add(document, passages)
        self._report("reading", len(self._entries), len(self._entries))
        if not read_any:
            raise NothingReadable(
                f"no document of {self._corpus} can be read; the first of {len(self._failures)}: "
                f"{self._failures[0].reason}"
            )
        writer.revise(lambda d: replace(d, abbreviations=meanings.completed(d.text, d.abbreviations)))
        return digest.hexdigest()

    def _read(self, entry: Entry) -> tuple[Document | None, Sequence[Passage]]:
        """A document with the abbreviations that it explains itself, and its passages; None if it fails."""
        earlier = self._earlier
        try:
            if earlier and _same_rules(earlier) and earlier.is_of(entry):
                self._failed(entry, self._check(entry))
                known = earlier.document(entry.id)
                return _described(known, entry), earlier.passages(entry.id)
            return _as_read(self._corpus, entry)
        except (CorpusError, FormatError) as exc:
            if not self._failed(entry, str(exc)):
                return None, ()
            assert earlier
            return earlier.document(entry.id), earlier.passages(entry.id)

    def _check(self, entry: Entry) -> str | None:
        """What is wrong with the file of a document that need not be read again."""
        try:
            read_content(self._corpus, entry)
        except CorpusError as exc:
            return str(exc)
        return None

    def _failed(self, entry: Entry, reason: str | None) -> bool:
        """Note a failure, if it is one; whether the index holds the document from before."""
        kept = bool(self._earlier and entry.id in self._earlier.ids)
        if reason is not None:
            self._failures.append(Failure(entry.id, entry.file, reason, kept))
        return kept

    def _finish(self, writer: GenerationWriter, found: str) -> tuple[int, store.Manifest]:
        missing = fresh(writer.passages(), self._known)
        if self._encoder is None and (missing or not self._earlier):
            self._load_encoder()
            missing = fresh(writer.passages(), self._known)
        if self._encoder:
            info = self._encoder.info
        else:
            assert self._earlier
            info = self._earlier.manifest.encoder
        pending = Pending(self._index, info)
        embedded = 0
        if self._encoder and missing:
            encoder = exported(self._encoder, map(store.searched_text, writer.passages()))
            embedded = embed(writer.passages(), missing, encoder, pending, self._report)
        known = self._known

        def vectors(key: bytes) -> Embedded:
            return known.get(key) if known and key in known else pending.get(key)

        self._report("writing", 0, 1)
        # Vectors of the earlier generation that meet the scale they were rounded to are not rounded again.
        scale = max(pending.largest / 127, known.scale if known else 0.0) or 1 / 127
        manifest = writer.finish(info, found, vectors, scale, self._choice)
        store.switch_to(self._index, writer.folder.name)
        pending.discard()
        store.collect(self._index)
        self._report("writing", 1, 1)
        return embedded, manifest

    def _load_encoder(self) -> None:
        """Load the model. Raises EncoderChanged if the index has another one's vectors and nobody agreed."""
        self._encoder = load_encoder(self._encoder_name)
        if self._earlier is None:
            return
        old, new = self._earlier.manifest.encoder, self._encoder.info
        if (old.sha256, old.dimension) == (new.sha256, new.dimension):
            return
        self._known = None
        if not self._new_encoder:
            count = sum(self._earlier.manifest.passages.values())
            raise EncoderChanged(
                f"the index has {count:,} passages embedded with {old.name} ({old.sha256[:8]}…); with "
                f"{new.name} ({new.sha256[:8]}…) all are embedded anew; agree with `needle ingest --yes`, or "
                f"set NEEDLE_ENCODER={old.name}"
            )

    def _unchanged(self, earlier: Earlier, started: float) -> Summary:
        """Nothing but what a run leaves that was killed after its switch, or a pointer that was damaged."""
        if not store.is_current(self._index, earlier.name):
            store.switch_to(self._index, earlier.name)
        shutil.rmtree(self._index / store.PENDING, ignore_errors=True)
        store.collect(self._index)
        return self._summary(earlier.name, earlier.manifest, 0, started, unchanged=True)

    def _summary(
        self, name: str, manifest: store.Manifest, embedded: int, started: float, *, unchanged: bool
    ) -> Summary:
        return Summary(
            generation=name,
            documents=manifest.documents,
            passages=dict(manifest.passages),
            embedded=embedded,
            reused=sum(manifest.passages.values()) - embedded,
            seconds=time.monotonic() - started,
            bytes=store.size_of(self._index / name),
            unchanged=unchanged,
            failed=tuple(self._failures),
        )


def with_rules(digest: str) -> str:
    """What a generation of a corpus with this fingerprint, read by these rules, has as its own."""
    return f"{digest}-{RULES}"


def _same_rules(earlier: Earlier) -> bool:
    return earlier.manifest.fingerprint.endswith(f"-{RULES}")


def _described(document: Document, entry: Entry) -> Document:
    """A document as its entry describes it now."""
    return replace(document, **entry.model_dump(exclude={"authors"}), authors=tuple(entry.authors))


def _as_read(corpus: Path, entry: Entry) -> tuple[Document, list[Passage]]:
    reading = read(read_source(corpus, entry))
    document = Document(
        **entry.model_dump(exclude={"authors"}),
        authors=tuple(entry.authors),
        text=reading.source.text,
        pages=reading.source.pages,
        references=reading.references,
        abbreviations=reading.abbreviations,
        oddities=reading.oddities,
    )
    return document, make_passages(reading)
