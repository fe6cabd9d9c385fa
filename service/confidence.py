"""How sure it is that the passages found answer the question, as a probability."""

import math
import re

from ingest.encoder import Encoded, Float32, Int32
from service.asked import lacks_what_is_asked
from service.query import Query

# Fitted on the dev questions and on questions from elsewhere (CONTRIBUTING.md says how).
_INTERCEPT = -4.54
_DENSE, _LATE, _WORD, _LACKS = 8.5, 2.0, 2.0, -2.0
# 2 % of the answerable dev questions lie below.
ANSWERABLE = 0.25

_WORDS = re.compile(r"[\w’'-]+")
_SMALL_WORDS = frozenset(
    "a about all also am an and any are as at be been but by can could did do does else for from get give "
    "had has have he her him his how i if in into is it its just like many may me might more most much my no "
    "not of on one or our out please she should so some tell than that the their them then there these they "
    "this those to up us very was we were what when where which who whom whose why will with would you "
    "your".split()
)


def confidence(
    query: Query, encoded: Encoded, dense: float, late: float, best: str, tokens: Float32
) -> float:
    """The probability that the question is answered by what was found.

    dense, late: the best scores of these names among the passages found.
    best: the text of the first passage. tokens: its token vectors, (t, d) float32.
    Four features: the two scores; how near the first passage comes to the word of the question that it says
    least about (an answer that leaves one word of the question untouched is often to another question); and
    whether it lacks the kind of thing that is asked for.
    """
    question = query.text[: query.own]
    weighted = (
        _DENSE * dense
        + _LATE * late
        + _WORD * least_met_word(query, encoded, tokens)
        + _LACKS * lacks_what_is_asked(question, best)
    )
    return 1 / (1 + math.exp(-(_INTERCEPT + weighted)))


def least_met_word(query: Query, encoded: Encoded, tokens: Float32) -> float:
    """The lowest, over the question's own content words, of the best cosine in a passage; -1 to 1."""
    if not len(tokens) or not len(encoded.tokens[0]):
        return 0.0
    best = (encoded.tokens[0] @ tokens.T).max(axis=1)
    starts = encoded.token_starts[0]
    met = [float(best[inside].mean()) for inside in _content_words(query, starts)]
    return min(met, default=0.0)


def _content_words(query: Query, starts: Int32) -> list[list[int]]:
    """The token rows of each content word of the question."""
    rows = []
    for match in _WORDS.finditer(query.text[: query.own]):
        if match[0].lower() not in _SMALL_WORDS:
            inside = [n for n, start in enumerate(starts) if match.start() <= start < match.end()]
            if inside:
                rows.append(inside)
    return rows
