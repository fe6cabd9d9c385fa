"""How sure it is that the passages found answer the question, as a probability.

It is the product of two: that the documents are about what is asked, and that, if so, they say it. One model
for both would have to weigh the words that are missing, which tell little of a question from another world,
against all else. Fitted by `python -m eval.confidence_fit`.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells whether a question is answered, each about 0 to 1.

    nearest: the score of the best sentence of the first passages. sentence: the best cosine of any sentence.
    elsewhere: the cosine of what is nearest in the rest of the world (`.elsewhere`).
    source: 1 if the question names a document. named: how rare a name the first passage shares with it.
    kind: 1 if the first passage lacks the kind of thing that is asked for (`.asked`).
    particular: 1 if it lacks the particular (`.particulars`).
    missing, name: what else it lacks (`.unsaid`).
    """

    nearest: float
    sentence: float
    elsewhere: float
    source: float
    named: float
    kind: float
    particular: float
    missing: float
    name: float


ABOUT: Mapping[str, float] = {
    "intercept": -0.04,
    "nearest": 6.58,
    "sentence": 10.13,
    "elsewhere": -13.84,
    "source": 2.63,
    "named": 3.59,
}
SAID: Mapping[str, float] = {
    "intercept": 1.04,
    "nearest": 3.06,
    "kind": -2.10,
    "particular": -4.28,
    "missing": -1.75,
    "name": -1.71,
}
# 2 % of the answerable dev questions lie below.
ANSWERABLE = 0.145


def confidence(signs: Signs) -> float:
    """The probability that the question is answered by what was found."""
    values = {"intercept": 1.0, **asdict(signs)}
    return math.prod(
        1 / (1 + math.exp(-sum(weight * values[name] for name, weight in weights.items())))
        for weights in (ABOUT, SAID)
    )
