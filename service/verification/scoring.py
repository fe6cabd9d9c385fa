"""From what was found to one number: a logistic model of how well the text covers the claim, and its faults.

A fault of wording counts by how literal the claim is: where it repeats the text, a word against it is one;
where it is put in other words, that may be a way of putting it. A wrong number or name leaves little of any
score.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

# So many words on end that the text says badly are an addition, whatever else it says well.
STRETCH = 4
# What a wrong number or name leaves of the score.
LEFT = 0.15


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found of a claim in a text, as numbers.

    coverage: mean over the claim's words of how well the text says them, 0 to 1.
    weakest: the same of the stretch of the claim that the text says worst.
    cosine: of claim and text.
    doubt: of the claim's word that is likeliest an addition, 0 to 1.
    negation, direction, antonym, reversed, rival, added, hedge, absolute, condition: 0 if there is no such
        fault; else up to 1, the more literal the claim is.
    """

    coverage: float
    weakest: float
    cosine: float
    doubt: float
    negation: float = 0.0
    direction: float = 0.0
    antonym: float = 0.0
    reversed: float = 0.0
    rival: float = 0.0
    added: float = 0.0
    hedge: float = 0.0
    absolute: float = 0.0
    condition: float = 0.0


# Fitted on the dev claims by `python -m eval.claims_fit`.
INTERCEPT = -7.02
WEIGHTS: Mapping[str, float] = {
    "coverage": 5.89,
    "weakest": 0.92,
    "cosine": 7.17,
    "doubt": -11.41,
    "negation": -8.68,
    "direction": -16.62,
    "antonym": -9.33,
    "reversed": -12.90,
    "rival": -14.90,
    "added": -3.08,
    "hedge": -7.75,
    "absolute": -11.05,
    "condition": -12.40,
}


def score(figures: Figures, vetoes: int) -> float:
    """How likely a claim is supported, 0 to 1. vetoes: the wrong numbers and names."""
    logit = INTERCEPT + sum(WEIGHTS[name] * value for name, value in asdict(figures).items())
    return (LEFT if vetoes else 1.0) / (1 + math.exp(-logit))
