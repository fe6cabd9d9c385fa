"""Passages to vectors: only those that no earlier generation has searched by the same words are encoded."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Protocol

import numpy as np

from ingest.encoder import Encoder, Int32
from ingest.index import searched_text
from ingest.pending import Embedded, Pending
from ingest.records import Passage
from ingest.tokens import PassageTokens

Report = Callable[[str, int, int], None]
# Passages that are kept on the disk together, in case the run is killed: ten seconds' work on a laptop.
# Among so many, sorting by length leaves next to no padding.
BATCH = 512
# Progress is told this often, in passages.
_STEP = 64


class Known(Protocol):
    """Vectors of passages by their key."""

    def __contains__(self, passage: bytes) -> bool: ...

    def get(self, passage: bytes) -> Embedded:
        """The vectors of a passage. Raises KeyError."""


def key(passage: Passage) -> bytes:
    """What a passage's vectors depend on, as 16 bytes: the words that it is searched by, its sentences."""
    bounds = [(sentence.start, sentence.end) for sentence in passage.sentences]
    described = repr((searched_text(passage), passage.index_text is None, bounds))
    return hashlib.sha256(described.encode("utf-8", "surrogatepass")).digest()[:16]


def fresh(passages: Iterable[Passage], known: Known | None) -> dict[bytes, int]:
    """The keys of the passages that `known` does not have, in order, with the length of their words."""
    found = ((key(passage), passage) for passage in passages)
    return {
        digest: len(searched_text(passage))
        for digest, passage in found
        if known is None or digest not in known
    }


def embed(
    passages: Iterable[Passage], missing: dict[bytes, int], encoder: Encoder, pending: Pending, report: Report
) -> int:
    """Encode those of `passages` whose key is in `missing`, unless `pending` has them; add them to it.

    missing: as `fresh` gives it. Returns how many were encoded.
    """
    before = done = sum(digest in pending for digest in missing)
    report("embedding", done, len(missing))
    for batch in _batches(passages, missing, pending):
        embedded: dict[bytes, Embedded] = {}
        # Texts of like length are encoded together, the longest first: padding is work for nothing.
        order = sorted(batch, key=lambda digest: -missing[digest])
        steps = [order[first : first + _STEP] for first in range(0, len(order), _STEP)]
        # A call keeps one processor busy, so as many calls run at once as there are processors.
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            texts = [[batch[digest] for digest in step] for step in steps]
            found = threads.map(_encoded, texts, repeat(encoder))
            for step, vectors in zip(steps, found, strict=True):
                embedded |= zip(step, vectors, strict=True)
                report("embedding", done + len(embedded), len(missing))
        pending.add(list(batch), [embedded[digest] for digest in batch])
        done += len(batch)
    return done - before


def _batches(
    passages: Iterable[Passage], missing: dict[bytes, int], pending: Pending
) -> Iterator[dict[bytes, Passage]]:
    batch: dict[bytes, Passage] = {}
    for passage in passages:
        digest = key(passage)
        if digest in missing and digest not in pending:
            batch[digest] = passage
        if len(batch) == BATCH:
            yield batch
            batch = {}
    if batch:
        yield batch


def _encoded(passages: list[Passage], encoder: Encoder) -> list[Embedded]:
    encoded = encoder.encode([searched_text(passage) for passage in passages])
    return [
        Embedded(
            encoded.vectors[n],
            PassageTokens(
                encoded.tokens[n], encoded.token_ids[n], _sentence_rows(passage, encoded.token_starts[n])
            ),
        )
        for n, passage in enumerate(passages)
    ]


def _sentence_rows(passage: Passage, starts: Int32) -> Int32:
    """The token rows [first, last) of each sentence, given where each token begins in the searched text."""
    if passage.index_text is not None:
        return np.zeros((0, 2), np.int32)
    own = len(searched_text(passage)) - len(passage.text)
    bounds = [(own + sentence.start, own + sentence.end) for sentence in passage.sentences]
    rows = np.searchsorted(starts, np.asarray(bounds, np.int32).reshape(-1, 2))
    return rows.astype(np.int32)
