"""Building the index: read the corpus, embed what is new, write a generation, switch to it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from ingest import index as store
from ingest.abbreviations import with_meanings_of_corpus
from ingest.corpus import Corpus, load_corpus
from ingest.embedding import Report, embed
from ingest.encoder import load_encoder
from ingest.errors import IndexUnusable
from ingest.passages import make_passages
from ingest.reading import Reading, read
from ingest.records import Document, Passage

# Changes with the rules of reading: an index built by other rules is built anew, though no document changed.
RULES = 1


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


def build(corpus: Path, index: Path, encoder_name: str, report: Report) -> Summary:
    """Bring the index in folder `index` up to date with the corpus in folder `corpus`.

    report: called as `report(step, done, total)` with step "reading", "embedding" or "writing".
    Passages that did not change keep their vectors; an unchanged corpus costs no model load. One run at a
    time works on an index: another waits until it is done.
    Raises CorpusError or EncoderError; the current generation then stays as it was.
    """
    started = time.monotonic()
    index.mkdir(parents=True, exist_ok=True)
    with FileLock(index / ".lock"):
        return _build(corpus, index, encoder_name, report, started)


def _build(corpus: Path, index: Path, encoder_name: str, report: Report, started: float) -> Summary:
    loaded = load_corpus(corpus)
    fingerprint = f"{loaded.fingerprint}-{RULES}"
    current = _current(index)
    if (
        current
        and current.manifest.fingerprint == fingerprint
        and current.manifest.encoder.name == encoder_name
    ):
        return _summary(index / current.name, current.manifest, 0, started, unchanged=True)
    documents, passages = _read_all(loaded, report)
    encoder = load_encoder(encoder_name)
    known = current if current and current.manifest.encoder == encoder.info else None
    vectors, tokens, embedded = embed(passages, encoder, known, report)
    report("writing", 0, 1)
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S%f}Z-{fingerprint[:8]}"
    manifest = store.write_generation(
        index / name,
        created=now.isoformat(timespec="seconds"),
        encoder=encoder.info,
        fingerprint=fingerprint,
        documents=documents,
        passages=passages,
        vectors=vectors,
        tokens=tokens,
    )
    store.switch_to(index, name)
    store.collect(index, keep=[name, *([current.name] if current else [])])
    report("writing", 1, 1)
    return _summary(index / name, manifest, embedded, started, unchanged=False)


def _current(index: Path) -> store.Generation | None:
    """The current generation if it can be used; a missing or damaged one is simply built anew."""
    try:
        return store.open_current(index)
    except IndexUnusable:
        return None


def _read_all(corpus: Corpus, report: Report) -> tuple[dict[str, Document], list[Passage]]:
    readings: list[Reading] = []
    for done, source in enumerate(corpus.documents):
        report("reading", done, len(corpus.documents))
        readings.append(read(source))
    report("reading", len(corpus.documents), len(corpus.documents))
    meanings = with_meanings_of_corpus({r.source.id: (r.source.text, r.abbreviations) for r in readings})
    documents = {}
    for reading in readings:
        source = reading.source
        documents[source.id] = Document(
            id=source.id,
            file=source.file,
            sha256=source.sha256,
            title=source.title,
            text=source.text,
            pages=source.pages,
            authors=source.authors,
            date=source.date,
            doi=source.doi,
            url=source.url,
            publisher=source.publisher,
            rights=source.rights,
            references=reading.references,
            abbreviations=meanings[source.id],
            oddities=reading.oddities,
        )
    return documents, [passage for reading in readings for passage in make_passages(reading)]


def _summary(
    folder: Path, manifest: store.Manifest, embedded: int, started: float, *, unchanged: bool
) -> Summary:
    total = sum(manifest.passages.values())
    return Summary(
        generation=folder.name,
        documents=manifest.documents,
        passages=dict(manifest.passages),
        embedded=embedded,
        reused=total - embedded,
        seconds=time.monotonic() - started,
        bytes=store.size_of(folder),
        unchanged=unchanged,
    )
