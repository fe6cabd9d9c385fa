"""From what was found to one number: boosted trees (Friedman 2001) over how well the text covers the claim.

No tree lets a fault speak for a claim, nor likeness against it. What a fault of wording weighs depends on
how literal the claim is: where it repeats the text, a word against it is one; where it is put in other words,
that may be a way of putting it. A wrong number leaves little of any score.
"""

import json
import math
from dataclasses import astuple, dataclass
from functools import cache
from importlib import resources

# What a wrong number leaves of the score.
LEFT = 0.15


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found of a claim in a text, as numbers.

    literal: share of the claim's words that the text has by the letter; missing: how many it has not.
    coverage: mean over the words of how well the text says them, 0 to 1, by the letter or by their vectors;
    weakest, least: the same of the four words on end and of the word that it says worst.
    cosine: of claim and text.
    far: sum over the missing words of how far their vectors are from the text's.
    rare, named: missing words that the encoder knows only in pieces; that have a capital in the sentence.
    framed, framed_rare: how far a missing word, one that is rare or named, stands where the text has another;
    moved: the same of a word that the text has elsewhere. All of the likeliest.
    names: names that the text does not name.
    faults: the other contradictions, by kind; faults_literal: times the square of `literal`.
    """

    literal: float = 0.0
    missing: float = 0.0
    coverage: float = 0.0
    weakest: float = 0.0
    least: float = 0.0
    cosine: float = 0.0
    far: float = 0.0
    rare: float = 0.0
    named: float = 0.0
    framed: float = 0.0
    framed_rare: float = 0.0
    moved: float = 0.0
    names: float = 0.0
    faults: float = 0.0
    faults_literal: float = 0.0


# What can only speak for a claim; what may speak either way, since one foreign word in a literal claim weighs
# more than several in a free one. All else speaks against it.
FOR = frozenset({"coverage", "weakest", "least", "cosine"})
EITHER = frozenset({"literal", "missing", "framed", "framed_rare", "moved"})


@dataclass(frozen=True, slots=True)
class Node:
    """An inner node of a tree, or a leaf, which has a value alone.

    feature: a number of `Figures`; up to the threshold it goes left.
    """

    feature: int
    threshold: float
    left: int
    right: int
    value: float


@dataclass(frozen=True, slots=True)
class Trees:
    """The sum of all trees' leaves and `baseline` is a logit. Each tree begins with its root."""

    baseline: float
    trees: tuple[tuple[Node, ...], ...]

    def __call__(self, figures: Figures) -> float:
        """The logit."""
        row = astuple(figures)
        return self.baseline + sum(_leaf(tree, row) for tree in self.trees)


def _leaf(tree: tuple[Node, ...], row: tuple[float, ...]) -> float:
    node = tree[0]
    while node.left:
        node = tree[node.left if row[node.feature] <= node.threshold else node.right]
    return node.value


@cache
def fitted() -> Trees:
    """The trees that `python -m eval.claims_fit` has written."""
    stored = json.loads((resources.files(__package__) / "scoring.json").read_text(encoding="utf-8"))
    return Trees(stored["baseline"], tuple(tuple(Node(*node) for node in tree) for tree in stored["trees"]))


def score(figures: Figures, wrong_numbers: int) -> float:
    """How likely a claim is supported, 0 to 1."""
    return (LEFT if wrong_numbers else 1.0) / (1 + math.exp(-fitted()(figures)))
