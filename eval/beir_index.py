"""The index of a collection in BEIR's layout, cached: to encode a thousand abstracts takes half a minute."""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import ingest
from eval.beir import Collection
from eval.runs import Report
from ingest import index as store
from ingest.encoder import Encoder, Int32
from ingest.errors import IndexUnusable
from ingest.index import Generation
from ingest.records import Document, Passage, Sentence
from ingest.sentences import split_sentences
from ingest.tokens import PassageTokens, TokenStore

_STEP = 64


def cache_folder() -> Path:
    """Where such indexes are kept from run to run."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(home).expanduser() / "needle" / "beir"


def open_or_build(collection: Collection, encoder: Encoder, cache: Path, report: Report) -> Generation:
    """The index of the collection, from `cache` if one is there that the same code would write."""
    folder = cache / collection.name
    fingerprint = _fingerprint(collection, encoder)
    try:
        generation = store.open_current(folder)
        if generation.manifest.fingerprint == fingerprint:
            return generation
    except IndexUnusable:
        pass
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{fingerprint[:8]}"
    _write(collection, encoder, folder / name, fingerprint, report)
    store.switch_to(folder, name)
    store.collect(folder, keep=[name])
    return store.open_current(folder)


def _fingerprint(collection: Collection, encoder: Encoder) -> str:
    """Of all that the index depends on: documents, model, and the code that reads and writes."""
    digest = hashlib.sha256(repr((collection.documents, encoder.info)).encode())
    for path in sorted(Path(ingest.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _write(collection: Collection, encoder: Encoder, folder: Path, fingerprint: str, report: Report) -> None:
    documents = {
        key: Document(key, "corpus.jsonl", hashlib.sha256(text.encode()).hexdigest(), title, text)
        for key, title, text in collection.documents
    }
    passages = [_passage(document) for document in documents.values()]
    vectors, tokens = [], []
    for first in range(0, len(passages), _STEP):
        report("embedding", first, len(passages))
        step = passages[first : first + _STEP]
        encoded = encoder.encode([store.searched_text(passage) for passage in step])
        vectors.append(encoded.vectors)
        tokens += [
            PassageTokens(encoded.tokens[n], encoded.token_ids[n], _rows(passage, encoded.token_starts[n]))
            for n, passage in enumerate(step)
        ]
    report("embedding", len(passages), len(passages))
    store.write_generation(
        folder,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=encoder.info,
        fingerprint=fingerprint,
        documents=documents,
        passages=passages,
        vectors=np.concatenate(vectors),
        tokens=TokenStore.build(tokens, encoder.info.dimension),
    )


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


def _rows(passage: Passage, starts: Int32) -> Int32:
    """The token rows [first, last) of each sentence, given where each token begins in the searched text."""
    own = len(store.searched_text(passage)) - len(passage.text)
    bounds: Sequence[tuple[int, int]] = [(own + one.start, own + one.end) for one in passage.sentences]
    return np.searchsorted(starts, np.array(bounds, np.int32).reshape(-1, 2)).astype(np.int32)
