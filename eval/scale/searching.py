"""Opening and searching an index of generated passages, as a service does, in one thread."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import psutil

from eval.bench.figures import percentile
from eval.scale.generated import INFO, Asked, Generated, is_word
from ingest import index as store
from ingest.embedding import Report
from ingest.encoder import Encoded, EncoderInfo
from ingest.index import Generation
from service.retrieval.elsewhere import Elsewhere
from service.retrieval.retriever import Retriever

QUESTIONS = 300
NEIGHBOURS = 10


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a search, without the encoder's pass.

    processor: those of them that it computed, the median; neither waiting for the disk nor for others' work.
    """

    p50: float
    p99: float
    processor: float


@dataclass(frozen=True, slots=True)
class Searched:
    """What an index takes to open and to search.

    cold_open, warm_open: seconds until it can be asked, with nothing of it in the system's cache, with all.
    first: of questions of which nothing that is read of the passages found is in the cache; again: of the
    same questions once more, when it is.
    own_mb: memory of this process alone; resident_mb: with what is mapped from files and was read, which the
    system takes back when it needs it.
    recall: share of the ten nearest passages, by an exact search, that are found.
    search: how the vectors are searched.
    """

    cold_open: float
    warm_open: float
    first: Times
    again: Times
    own_mb: float
    resident_mb: float
    recall: float
    search: str


def search(folder: Path, size: int, report: Report) -> Searched:
    """Measure the index in `folder`, of `size` generated passages, in this process."""
    generation_folder = folder / store.current_name(folder)
    for path in store.files_of(generation_folder):
        _forget(path)
    asked = list(Generated(size).questions(QUESTIONS))
    encoder = _Given(asked[0])
    # What a service keeps of its encoder is made once, and not among this user's own.
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    Elsewhere(encoder)
    started = time.monotonic()
    generation, retriever = _opened(folder, encoder)
    cold_open = time.monotonic() - started
    first = _asked(retriever, encoder, asked)
    report(f"{size:,}: questions", 1, 3)
    # Another one remembers no search.
    again = _asked(Retriever(generation, encoder), encoder, asked)
    report(f"{size:,}: questions", 2, 3)
    memory = psutil.Process().memory_full_info()
    recall = _recall(generation, asked)
    how = generation.vectors.described
    del generation, retriever
    started = time.monotonic()
    _opened(folder, encoder)
    warm_open = time.monotonic() - started
    report(f"{size:,}: questions", 3, 3)
    return Searched(cold_open, warm_open, first, again, memory.uss / 1e6, memory.rss / 1e6, recall, how)


def _opened(folder: Path, encoder: "_Given") -> tuple[Generation, Retriever]:
    generation = store.open_current(folder)
    return generation, Retriever(generation, encoder)


def _asked(retriever: Retriever, encoder: "_Given", questions: Sequence[Asked]) -> Times:
    took, computed = [], []
    for question in questions:
        encoder.question = question
        started, began = time.perf_counter(), time.thread_time()
        retriever.search(question.text)
        took.append(1000 * (time.perf_counter() - started))
        computed.append(1000 * (time.thread_time() - began))
    return Times(percentile(took, 0.5), percentile(took, 0.99), percentile(computed, 0.5))


def _recall(generation: Generation, questions: Sequence[Asked]) -> float:
    queries = np.stack([question.vector for question in questions])
    exact = faiss.knn(queries, generation.vectors.rows, NEIGHBOURS, metric=faiss.METRIC_INNER_PRODUCT)[1]
    found = [generation.vectors.nearest(query, NEIGHBOURS) for query in queries]
    return float(np.mean([len(np.intersect1d(a, b)) / len(a) for a, b in zip(exact, found, strict=True)]))


def _forget(path: Path) -> None:
    """Have the system drop a file from its cache."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class _Given:
    """Stands in for the encoder: gives the vectors of the question that is being asked, whatever it reads."""

    info: EncoderInfo = INFO

    def __init__(self, question: Asked) -> None:
        self.question = question

    def is_word(self, word: str) -> bool:
        return is_word(word)

    def encode(self, texts: Sequence[str]) -> Encoded:
        one, count = self.question, len(texts)
        starts = np.zeros(len(one.ids), np.int32)
        return Encoded(
            np.stack([one.vector] * count), [one.tokens] * count, [one.ids] * count, [starts] * count
        )
