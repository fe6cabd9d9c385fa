"""From what was found to one number: how well the text covers the claim, less for each fault.

The first is a logistic model of four figures, fitted. A fault then takes a share of the score: of a claim
that
repeats the text word for word it takes most, of one in other words less, since there a fault may be a way
of putting it. A wrong number or name takes its share of any.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from service.verification.alignment import Alignment

# So many words on end that the text says badly are an addition, whatever else it says well.
_STRETCH = 4


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well the text covers the claim.

    coverage: mean over the claim's words of how well the text says them, 0 to 1.
    literal: share of the claim's words that the text has, 0 to 1.
    cosine: of claim and text.
    weakest: `coverage` of the stretch of the claim that the text says worst.
    """

    coverage: float
    literal: float
    cosine: float
    weakest: float


@dataclass(frozen=True, slots=True)
class Faults:
    """How many faults of each kind; of hedges and absolutes left out or added, how heavy they are, 0 to 1."""

    vetoes: int = 0
    negations: int = 0
    directions: int = 0
    antonyms: int = 0
    rivals: int = 0
    added: int = 0
    hedges: float = 0.0
    absolutes: float = 0.0
    conditions: float = 0.0


# Fitted on the dev half of eval/claims.jsonl by `python -m eval.claims_fit`.
INTERCEPT = -6.17
WEIGHTS: Mapping[str, float] = {"coverage": 3.55, "literal": 0.0, "cosine": 4.71, "weakest": 3.26}

# The share of the score that one fault takes of a claim that repeats the text. Set by hand: there are too few
# corrupted pairs of a kind to fit them. A second negation takes its share again, others don't.
VETO = 0.85
STRENGTHS: Mapping[str, float] = {
    "negations": 0.75,
    "directions": 0.85,
    "antonyms": 0.85,
    "rivals": 0.95,
    "added": 0.9,
    "hedges": 1.0,
    "absolutes": 0.85,
    "conditions": 0.8,
}
_MOST_TIMES = {"vetoes": 2, "negations": 2}
# Of single words, which may be no more than a way of putting it: these count by a power of what is literal.
_POWERS = {"negations": 3, "absolutes": 2, "conditions": 2}


def likeness_of(alignment: Alignment) -> Likeness:
    """The figures of how well the text covers the claim."""
    said, weights = alignment.said, alignment.weights
    if not len(said):
        return Likeness(0.0, 0.0, alignment.cosine, 0.0)
    width = min(_STRETCH, len(said))
    return Likeness(
        float(np.average(said, weights=weights)),
        float(np.average(alignment.literal, weights=weights)),
        alignment.cosine,
        min(float(said[n : n + width].mean()) for n in range(len(said) - width + 1)),
    )


def score(likeness: Likeness, faults: Faults) -> float:
    """How likely a claim is supported, 0 to 1."""
    logit = INTERCEPT + sum(WEIGHTS[name] * value for name, value in asdict(likeness).items())
    return left(likeness, faults) / (1 + math.exp(-logit))


def left(likeness: Likeness, faults: Faults) -> float:
    """The share of the score that the faults leave."""
    share = (1 - VETO) ** min(faults.vetoes, _MOST_TIMES["vetoes"])
    for name, strength in STRENGTHS.items():
        times = min(getattr(faults, name), _MOST_TIMES.get(name, 1))
        taken = strength * likeness.literal ** _POWERS.get(name, 1)
        whole, rest = divmod(times, 1)
        share *= (1 - taken) ** whole * (1 - taken * rest)
    return float(share)
