"""How likely each statement is the one that answers."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from ingest.encoder import Float32
from service.answers.statements import Statement
from service.retrieval.asked import defines_what_is_asked, lacks_what_is_asked
from service.retrieval.query import Query

# A conditional logit (McFadden 1974) fitted on the dev questions: `python -m eval.answers_fit`.
_WEIGHTS: Mapping[str, float] = {
    "score": 3.3,
    "shared": 3.0,
    "passage": 0.62,
    "first": 0.72,
    "foremost": 0.86,
    "row": 0.2,
    "defines": 2.9,
    "lacks": -1.3,
    "tells": 2.1,
}
_ASKS_FOR_A_RESULT = re.compile(
    r"\b(?:results?|outcomes?|findings?|find|found|show(?:ed|n|s)?|conclu\w+|demonstrat\w+|achieved?"
    r"|effect\w*|perform\w*|do(?:es)? better|how (?:well|good|accurate))\b",
    re.IGNORECASE,
)
_TELLS_A_RESULT = re.compile(
    r"\b(?:achiev|demonstrat|improv|reduc|increas|decreas|outperform|exceed|comparable|superior|significan"
    r"|success|accura|show[ns]|showed|found|eliminat|lower|higher|better|spared|strong|associated with|AUC)",
    re.IGNORECASE,
)
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
    higher; it is a table row; it defines what is asked; it lacks the kind of thing asked for; it tells
    a result where one is asked for.
    """
    question = query.question
    shared = sum(weight for term, weight in query.terms.items() if term in statement.terms)
    return [
        statement.score,
        shared / max(sum(query.terms.values()), 1e-9),
        statement.passage_score,
        statement.place[0] == 0,
        statement.foremost,
        statement.passage.kind == "table_row",
        statement.passage.kind == "abbreviations" or defines_what_is_asked(question, statement.text),
        lacks_what_is_asked(question, statement.text),
        bool(_ASKS_FOR_A_RESULT.search(question) and _TELLS_A_RESULT.search(statement.text)),
    ]
