"""How likely each statement is the one that answers."""

from collections.abc import Mapping, Sequence

import numpy as np

from ingest.encoder import Float32
from service.answers.statements import Statement
from service.retrieval.asked import defines_what_is_asked, lacks_what_is_asked
from service.retrieval.query import Query

# A conditional logit (McFadden 1974) fitted on the dev questions: `python -m eval.answers_fit`.
_WEIGHTS: Mapping[str, float] = {
    "score": 6.4,
    "shared": 4.4,
    "passage": 0.82,
    "first": 0.46,
    "foremost": 0.82,
    "row": 0.33,
    "defines": 5.0,
    "lacks": -1.05,
}
NAMES = tuple(_WEIGHTS)
_VALUES = np.array([*_WEIGHTS.values()], np.float32)


def likelihoods(query: Query, statements: Sequence[Statement]) -> Float32:
    """How likely each of n statements is the one that answers a question: (n,) float32, sum 1."""
    known = np.array([features(query, one) for one in statements], np.float32).reshape(-1, len(NAMES))
    logits = known @ _VALUES
    weights = np.exp(logits - logits.max(initial=-np.inf))
    return np.asarray(weights / weights.sum(), np.float32)


def features(query: Query, statement: Statement) -> list[float]:
    """What is known of a statement, in the order of `NAMES`.

    score: its own. shared: the share of the query's weighted terms that it holds. passage: its passage's
    score. The others are 1 or 0 for whether its passage is the best one; no sentence of its passage scores
    higher; it is a table row; it defines what is asked; it lacks the kind of thing that is asked for.
    """
    question = query.text[: query.own]
    shared = sum(weight for term, weight in query.terms.items() if term in statement.terms)
    return [
        statement.score,
        shared / max(sum(query.terms.values()), 1e-9),
        statement.passage_score,
        statement.place[0] == 0,
        statement.foremost,
        statement.passage.kind == "table_row",
        defines_what_is_asked(question, statement.text),
        lacks_what_is_asked(question, statement.text),
    ]
