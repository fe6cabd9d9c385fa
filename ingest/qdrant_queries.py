"""What is asked of a Qdrant server to rank passages, and BM25 of what it answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from qdrant_client import models

from ingest.encoder import Float32
from ingest.qdrant_points import length_of
from ingest.qdrant_server import having, number_of
from ingest.records import Passage

# By the int8 codes alone 16 of 235 questions had other best five passages than in the embedded index, as the
# engine rounds the question too; with the float16 vectors 4 had.
_RESCORED = models.SearchParams(quantization=models.QuantizationSearchParams(rescore=True))


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of c candidates, in the order of the index: each (c,) float32.

    sentence: NaN where a passage has no sentences.
    """

    passages: list[Passage]
    dense: Float32
    lexical: Float32
    late: Float32
    sentence: Float32


def no_scores() -> Scores:
    """Those of no candidates."""
    nothing = np.zeros(0, np.float32)
    return Scores([], nothing, nothing, nothing, nothing)


def query(
    using: str,
    wanted: list[float] | list[list[float]] | models.SparseVector,
    among: models.Filter,
    limit: int,
    fields: Sequence[str] = (),
    vectors: Sequence[str] = (),
) -> models.QueryRequest:
    """The best points by one of their vectors, with fields of their payload and some of their vectors."""
    return models.QueryRequest(
        query=wanted,
        using=using,
        filter=among,
        limit=limit,
        with_payload=list(fields) or False,
        with_vector=list(vectors) or False,
        params=_RESCORED if using in ("tokens", "sentences") else None,
    )


def among_these(ids: Collection[models.ExtendedPointId]) -> models.Filter:
    """The points with these ids."""
    return models.Filter(must=[models.HasIdCondition(has_id=list(ids))])


def allowed(document_ids: frozenset[str] | None, kinds: frozenset[str] | None) -> list[models.Condition]:
    """What passages must be of; nothing where None."""
    fields = (("document_id", document_ids), ("kind", kinds))
    return [having(field, *sorted(values)) for field, values in fields if values is not None]


def sparse(terms: Mapping[str, float]) -> models.SparseVector:
    """A query of weighted terms."""
    weights: dict[int, float] = {}
    for term, weight in terms.items():
        weights[number_of(term)] = weights.get(number_of(term), 0.0) + weight
    return models.SparseVector(indices=list(weights), values=list(weights.values()))


def bm25(
    wanted: models.SparseVector, stored: models.SparseVector, length: int, pivot: float, mean: float
) -> float:
    """BM25 of a passage of `length` terms, where passages have `mean` on average.

    wanted: terms' weights with their idf. stored: as of `ingest.qdrant_points.saturated`, which took `pivot`
    for the mean: w = tf / (tf + l) makes tf / (tf + l') = w / (w + (1 - w) l' / l).
    """
    ratio = length_of(length, mean) / length_of(length, pivot)
    held = dict(zip(stored.indices, stored.values, strict=True))
    score = 0.0
    for index, weight in zip(wanted.indices, wanted.values, strict=True):
        if saturated := held.get(index):
            score += weight * saturated / (saturated + (1 - saturated) * ratio)
    return score
