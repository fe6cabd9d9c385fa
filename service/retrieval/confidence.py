"""How sure it is that the passages found answer the question, as a probability."""

import math

from service.retrieval.asked import lacks_what_is_asked

# Fitted on the dev questions and on questions from elsewhere (CONTRIBUTING.md says how).
_INTERCEPT, _SENTENCE, _LACKS = -4.4, 11.0, -2.0
# 2 % of the answerable dev questions lie below.
ANSWERABLE = 0.21


def confidence(question: str, nearest: float, best: str) -> float:
    """The probability that the question is answered by what was found.

    question: its own words. nearest: the score of the best sentence found.
    best: the text of the first passage, which may lack the kind of thing that is asked for.
    """
    weighted = _SENTENCE * nearest + _LACKS * lacks_what_is_asked(question, best)
    return 1 / (1 + math.exp(-(_INTERCEPT + weighted)))
