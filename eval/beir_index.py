"""The index of a collection in BEIR's layout, cached: to encode a thousand abstracts takes half a minute."""

import hashlib
import os
from pathlib import Path

import ingest
from eval.beir import Collection
from eval.runs import Report
from ingest import index as store
from ingest.embedding import embed, fresh
from ingest.encoder import Encoder
from ingest.errors import IndexUnusable
from ingest.generation_writer import GenerationWriter
from ingest.index import Generation
from ingest.pending import Pending
from ingest.records import Document, Passage, Sentence
from ingest.sentences import split_sentences


def cache_folder() -> Path:
    """Where such indexes are kept from run to run."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(home).expanduser() / "needle" / "beir"


def open_or_build(collection: Collection, encoder: Encoder, cache: Path, report: Report) -> Generation:
    """The index of the collection, from `cache` if one is there that the same code would write."""
    folder = cache / collection.name
    fingerprint = _fingerprint(collection, encoder)
    if kept := _kept(folder, fingerprint):
        return kept
    name = _write(collection, encoder, folder, fingerprint, report)
    store.switch_to(folder, name)
    store.collect(folder)
    return store.open_current(folder)


def _kept(folder: Path, fingerprint: str) -> Generation | None:
    try:
        generation = store.open_current(folder)
    except IndexUnusable:
        return None
    return generation if generation.manifest.fingerprint == fingerprint else None


def _fingerprint(collection: Collection, encoder: Encoder) -> str:
    """Of all that the index depends on: documents, model, and the code that reads and writes."""
    digest = hashlib.sha256(repr((collection.documents, encoder.info)).encode())
    for path in sorted(Path(ingest.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _write(collection: Collection, encoder: Encoder, folder: Path, fingerprint: str, report: Report) -> str:
    """Write a generation; give its name."""
    writer = GenerationWriter(folder, fingerprint)
    for key, title, text in collection.documents:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        document = Document(key, "corpus.jsonl", sha256, title, text)
        writer.add(document, [_passage(document)])
    pending = Pending(folder, encoder.info)
    embed(writer.passages(), fresh(writer.passages(), None), encoder, pending, report)
    writer.finish(encoder.info, fingerprint, pending.get, pending.largest / 127)
    pending.discard()
    return writer.folder.name


def _passage(document: Document) -> Passage:
    text = document.text
    return Passage(
        id=document.id,
        document_id=document.id,
        kind="paragraph",
        text=text,
        spans=((0, len(text)),),
        sentences=tuple(Sentence(start, end, ((start, end),)) for start, end in split_sentences(text)),
        context=document.title,
    )
