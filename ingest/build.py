"""Building the index: read the corpus, embed what is new, write a generation, switch to it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock

from ingest import index as store
from ingest.abbreviations import with_meanings_of_corpus
from ingest.corpus import Corpus, load_corpus
from ingest.encoder import Encoder, Float32, Int32, load_encoder
from ingest.errors import IndexUnusable
from ingest.passages import make_passages
from ingest.reading import Reading, read
from ingest.records import Document, Passage
from ingest.tokens import PassageTokens, TokenStore

Report = Callable[[str, int, int], None]
# Changes with the rules of reading: an index built by other rules is built anew, though no document changed.
RULES = 1
_STEP = 32


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
    vectors, tokens, embedded = _embed(passages, encoder, known, report)
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


def _embed(
    passages: Sequence[Passage], encoder: Encoder, known: store.Generation | None, report: Report
) -> tuple[Float32, TokenStore, int]:
    """The vectors of all passages, from `known` where it has a passage that is searched by the same words.

    Returns the (n, d) float32 sentence vectors, the token vectors, and how many passages were encoded.
    """
    dimension = encoder.info.dimension
    vectors = np.zeros((len(passages), dimension), np.float32)
    tokens: dict[int, PassageTokens] = {}
    earlier = {store.searched_text(p): n for n, p in enumerate(known.passages)} if known else {}
    for ordinal, passage in enumerate(passages):
        old = earlier.get(store.searched_text(passage))
        if known and old is not None and len(known.passages[old].sentences) == len(passage.sentences):
            vectors[ordinal] = known.vectors.reconstruct(old)
            tokens[ordinal] = known.tokens.passage(old)
    fresh = [ordinal for ordinal in range(len(passages)) if ordinal not in tokens]
    for first in range(0, len(fresh), _STEP):
        report("embedding", first, len(fresh))
        step = fresh[first : first + _STEP]
        encoded = encoder.encode([store.searched_text(passages[ordinal]) for ordinal in step])
        for n, ordinal in enumerate(step):
            vectors[ordinal] = encoded.vectors[n]
            sentences = _sentence_rows(passages[ordinal], encoded.token_starts[n])
            tokens[ordinal] = PassageTokens(encoded.tokens[n], encoded.token_ids[n], sentences)
    report("embedding", len(fresh), len(fresh))
    ordered = [tokens[ordinal] for ordinal in range(len(passages))]
    return vectors, TokenStore.build(ordered, dimension), len(fresh)


def _sentence_rows(passage: Passage, starts: Int32) -> Int32:
    """The token rows [first, last) of each sentence, given where each token begins in the searched text."""
    if passage.index_text is not None:
        return np.zeros((0, 2), np.int32)
    own = len(store.searched_text(passage)) - len(passage.text)
    bounds = [(own + sentence.start, own + sentence.end) for sentence in passage.sentences]
    return np.searchsorted(starts, np.asarray(bounds, np.int32)).astype(np.int32)


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
