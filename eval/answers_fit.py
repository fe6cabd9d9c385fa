"""Fitting `service.answers.likelihood`: `python -m eval.answers_fit`.

A conditional logit (McFadden 1974) on the dev questions: of all statements found for a question, those that
hold at least half of a quote of the evidence should be the likely ones. Prints how often one of them is among
the first one, two and three, as a fit to the other five sixths of the questions has it; then the weights.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval import evidence
from eval.questions import Question, load_questions, select
from ingest.encoder import load_encoder
from service.answers.likelihood import NAMES, features
from service.answers.statements import statements
from service.cli.console import stdout
from service.index_places import place_of
from service.retrieval.retriever import Retriever
from service.settings import load_settings

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

HELD = 0.5
FOLDS = 6
RIDGE = 0.1
_STEPS, _RATE = 300, 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """One question's n statements. features: (n, w) float64; holds: (n,), which of them hold evidence."""

    features: Float64
    holds: Bools


def main() -> None:
    """Print the figures and the weights."""
    found = examples(select(load_questions(), "dev"))
    scale = np.concatenate([one.features for one in found]).std(axis=0) + 1e-9
    scaled = [Example(one.features / scale, one.holds) for one in found]
    print_ = stdout().print
    for k in (1, 2, 3):
        print_(f"evidence among the first {k}: {np.mean(hits(scaled, k)):.3f}")
    for name, weight in zip(NAMES, fit(scaled) / scale, strict=True):
        print_(f"{name}: {weight:.2f}")


def examples(questions: Sequence[Question]) -> list[Example]:
    """Those questions that can be answered, with what is found for them."""
    settings = load_settings()
    generation = place_of(settings).open()
    retriever = Retriever(generation, load_encoder(settings.encoder))
    texts = {document.id: document.text for document in generation.documents.values()}
    return [_example(question, retriever, texts) for question in questions if question.answerable]


def _example(question: Question, retriever: Retriever, texts: dict[str, str]) -> Example:
    found = retriever.search(question.question, history=question.turns)
    places = [place for group in evidence.locate(question, texts) for place in group]
    candidates = statements(found)
    return Example(
        np.array([features(found.query, one) for one in candidates], np.float64),
        np.array(
            [
                any(evidence.coverage(place, one.passage.document_id, one.spans) >= HELD for place in places)
                for one in candidates
            ]
        ),
    )


def fit(found: Sequence[Example]) -> Float64:
    """The weights, (w,), under which the statements that hold evidence are likeliest, with a small ridge."""
    told = [one for one in found if one.holds.any()]
    weights = np.zeros(len(NAMES))
    for _ in range(_STEPS):
        likely = [_softmax(one.features @ weights) for one in told]
        rise = sum(one.features.T @ (_share(p * one.holds) - p) for one, p in zip(told, likely, strict=True))
        weights += _RATE * (rise / len(told) - RIDGE * weights)
    return weights


def hits(found: Sequence[Example], k: int) -> list[bool]:
    """Whether evidence is among the first k statements of each question, by a fit to the other folds."""
    result = []
    for fold in range(FOLDS):
        weights = fit([one for n, one in enumerate(found) if n % FOLDS != fold])
        for one in found[fold::FOLDS]:
            first = np.argsort(-(one.features @ weights), kind="stable")[:k]
            result.append(bool(one.holds[first].any()))
    return result


def _softmax(logits: Float64) -> Float64:
    return _share(np.exp(logits - logits.max()))


def _share(values: Float64) -> Float64:
    return np.asarray(values / max(float(values.sum()), 1e-300), np.float64)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
