"""Any collection in BEIR's layout (Thakur et al. 2021), to see that a ranking holds elsewhere.

DIR/corpus.jsonl        _id, title, text
DIR/queries.jsonl       _id, text
DIR/qrels/test.tsv      query-id, corpus-id, score, with a header

A document is one passage.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import R, nDCG
from pydantic import BaseModel, Field, ValidationError

from eval.errors import CollectionError, UnknownSystem
from eval.runs import Report
from ingest.encoder import Encoder
from ingest.index import Generation
from service.retrieval.ranking import RANKINGS
from service.retrieval.retriever import Retriever

DEPTH = 100


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection: documents as (id, title, text), queries as id to text, judgements."""

    name: str
    documents: tuple[tuple[str, str, str], ...]
    queries: dict[str, str]
    qrels: tuple[ir_measures.Qrel, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """What a ranking reached on a collection; p50 is in milliseconds a query."""

    ranking: str
    ndcg_at_10: float
    recall_at_100: float
    p50: float


class _Entry(BaseModel):
    id: str = Field(alias="_id", min_length=1)
    title: str = ""
    text: str


def load_collection(folder: Path) -> Collection:
    """Read the collection in `folder`; queries without a judgement are left out.

    Raises CollectionError with file, line and mend.
    """
    documents = tuple((entry.id, entry.title, entry.text) for entry in _entries(folder / "corpus.jsonl"))
    qrels = tuple(_qrels(folder / "qrels" / "test.tsv"))
    judged = {qrel.query_id for qrel in qrels}
    queries = {entry.id: entry.text for entry in _entries(folder / "queries.jsonl") if entry.id in judged}
    if not documents or not queries:
        raise CollectionError(f"{folder} holds no document or no judged query; name a collection that does")
    return Collection(folder.resolve().name, documents, queries, qrels)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise CollectionError(
            f"{path} cannot be read ({exc}); "
            "--beir takes a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv"
        ) from exc


def _entries(path: Path) -> list[_Entry]:
    entries = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            entries.append(_Entry.model_validate_json(line))
        except ValidationError as exc:
            error = exc.errors()[0]
            field = ".".join(str(part) for part in error["loc"]) or "the line"
            raise CollectionError(f"{path} line {number}: {field}: {error['msg']}; mend it") from exc
    return entries


def _qrels(path: Path) -> list[ir_measures.Qrel]:
    qrels = []
    for number, line in enumerate(_lines(path)[1:], start=2):
        try:
            query, document, score = line.split("\t")
            qrels.append(ir_measures.Qrel(query, document, int(score)))
        except ValueError as exc:
            raise CollectionError(
                f"{path} line {number} is {line[:60]!r}; it must be query-id, corpus-id and a whole number, "
                "with tabs between"
            ) from exc
    return qrels


def check_rankings(names: Sequence[str]) -> None:
    """Raises UnknownSystem for what is no ranking of Needle's; baselines are not measured on collections."""
    for name in names:
        if name not in RANKINGS:
            raise UnknownSystem(f"no ranking is called {name!r}; with --beir there are {', '.join(RANKINGS)}")


def measure(
    collection: Collection,
    names: Sequence[str],
    generation: Generation,
    encoder: Encoder,
    report: Report,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Scores]:
    """nDCG@10 and recall@100 of the rankings of these names (`service.retrieval.ranking.RANKINGS`).

    generation: the collection's index (`eval.beir_index`).
    clock: gives seconds.
    """
    return [
        _measure(collection, name, Retriever(generation, encoder, RANKINGS[name]), report, clock)
        for name in names
    ]


def _measure(
    collection: Collection, name: str, retriever: Retriever, report: Report, clock: Callable[[], float]
) -> Scores:
    found, milliseconds = [], []
    for done, (query, text) in enumerate(collection.queries.items()):
        report(name, done, len(collection.queries))
        started = clock()
        passages = retriever.search(text, top_k=DEPTH).passages
        milliseconds.append((clock() - started) * 1000)
        # Only the order counts: TREC's tools sort by score and break ties by name.
        found += [
            ir_measures.ScoredDoc(query, one.passage.id, float(-rank)) for rank, one in enumerate(passages)
        ]
    report(name, len(collection.queries), len(collection.queries))
    values = ir_measures.calc_aggregate([nDCG @ 10, R @ 100], collection.qrels, found)
    return Scores(name, values[nDCG @ 10], values[R @ 100], float(np.median(milliseconds)))
