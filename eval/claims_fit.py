"""Fitting the verifier's weights on the dev half of the claims: `python -m eval.claims_fit` prints them.

Beside the written pairs, supported claims are checked against the quotes of others from the same document:
unrelated ones, and more of them than anyone would write. Each counts as a fraction of a written pair.
"""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from eval.abstention import auroc
from eval.claims import Claim, load_claims
from ingest.encoder import Encoder, load_encoder
from ingest.index import Generation, open_current
from service.cli.console import stdout
from service.settings import load_settings
from service.verification import Evidence, Judge, known_abbreviations
from service.verification.alignment import encode
from service.verification.reading import read
from service.verification.scoring import Likeness, left
from service.verification.verify import SUPPORTED_FROM, Findings, examine

Float64 = NDArray[np.float64]

NAMES = [field.name for field in fields(Likeness)]
# Kinds of corrupted claims whose likeness to the text is what is wrong with them; the others have faults.
_UNLIKE = ("unrelated", "addition")
_SHUFFLED_EACH = 3
_SHUFFLED_WEIGHT = 0.3
_RIDGE = 1.0
_STEPS, _RATE = 4_000, 0.01
_FOLDS = 10
_SEED = 0


@dataclass(frozen=True, slots=True)
class Example:
    """What was found of one pair. written: whether somebody wrote it; else it was shuffled."""

    claim: Claim
    supported: bool
    findings: Findings
    written: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the order of the fields of `Likeness`, (4,) float64, and the intercept."""

    weights: Float64
    intercept: float

    def scores(self, examples: Sequence[Example]) -> Float64:
        """(n,) float64, as `scoring.score` gives them."""
        logits = _rows(examples) @ self.weights + self.intercept
        shares = np.array([left(one.findings.likeness, one.findings.faults) for one in examples])
        return np.asarray(shares / (1 + np.exp(-logits)), np.float64)


def examples(claims: Sequence[Claim], generation: Generation, encoder: Encoder) -> list[Example]:
    """The pairs as written, then those shuffled."""
    judge = Judge(encoder, synonyms=False)
    pairs = known_abbreviations(generation)
    picking = random.Random(_SEED)

    def example(claim: Claim, quote: str, *, written: bool) -> Example:
        said = read(claim.claim)
        evidence = Evidence(quote, abbreviations=pairs)
        _, findings = examine(said, encode(encoder, said), evidence, judge)
        return Example(claim, written and claim.supported, findings, written)

    found = [example(claim, claim.quote, written=True) for claim in claims]
    for claim in claims:
        others = [other.quote for other in claims if _elsewhere(claim, other)]
        if claim.supported:
            picked = picking.sample(others, min(_SHUFFLED_EACH, len(others)))
            found += [example(claim, quote, written=False) for quote in picked]
    return found


def fit(found: Sequence[Example]) -> Model:
    """Logistic regression with a ridge, by projected gradient descent: likeness never speaks against a claim.

    Claims that other faults give away teach nothing about likeness.
    """
    kept = [one for one in found if _teaches(one)]
    rows = _rows(kept)
    labels = np.array([float(one.supported) for one in kept])
    counts = np.array([1.0 if one.written else _SHUFFLED_WEIGHT for one in kept])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = (rows - mean) / deviation
    weights, intercept = np.zeros(rows.shape[1]), 0.0
    for _ in range(_STEPS):
        errors = counts * (1 / (1 + np.exp(-(scaled @ weights + intercept))) - labels)
        weights = np.maximum(weights - _RATE * (scaled.T @ errors + _RIDGE * weights), 0.0)
        intercept -= _RATE * float(errors.sum())
    return Model(weights / deviation, intercept - float((mean * weights / deviation).sum()))


def _teaches(one: Example) -> bool:
    like = one.supported or not one.written or one.claim.kind in _UNLIKE
    return like and not one.findings.faults.vetoes


def cross_validated(found: Sequence[Example]) -> Float64:
    """(n,) float64: each example scored by a model that saw neither it nor any other pair with its claim."""
    claims = sorted({one.claim.id for one in found})
    random.Random(_SEED).shuffle(claims)
    fold = {claim: number % _FOLDS for number, claim in enumerate(claims)}
    scores = np.zeros(len(found))
    for number in range(_FOLDS):
        model = fit([one for one in found if fold[one.claim.id] != number])
        held = [n for n, one in enumerate(found) if fold[one.claim.id] == number]
        if held:
            scores[held] = model.scores([found[n] for n in held])
    return scores


def main() -> None:
    """Print the weights and how well they hold."""
    settings = load_settings()
    generation, encoder = open_current(settings.index), load_encoder(settings.encoder)
    claims = [claim for claim in load_claims() if claim.split == "dev"]
    found = examples(claims, generation, encoder)
    model = fit(found)
    console = stdout()
    console.print(f"INTERCEPT = {model.intercept:.2f}")
    for name, weight in zip(NAMES, model.weights, strict=True):
        console.print(f'    "{name}": {weight:.2f},')
    for title, scores in (("fitted", model.scores(found)), ("cross-validated", cross_validated(found))):
        console.print(f"\n{title}: {_summary(found, scores)}")


def _summary(found: Sequence[Example], scores: Float64) -> str:
    right: dict[str, list[bool]] = {}
    for one, score in zip(found, scores, strict=True):
        kind = one.claim.kind if one.written else "shuffled"
        right.setdefault(kind, []).append((score >= SUPPORTED_FROM) == one.supported)
    by_kind = ", ".join(f"{kind} {sum(each)}/{len(each)}" for kind, each in right.items())
    written = np.array([one.written for one in found])
    labels = np.array([one.supported for one in found])
    area = auroc(scores[written & labels], scores[written & ~labels])
    return f"{by_kind}; AUROC {area.value:.3f} ({area.low:.3f} to {area.high:.3f})"


def _elsewhere(claim: Claim, other: Claim) -> bool:
    """Whether the quote of `other` stands in the same document, but somewhere else."""
    overlap = claim.quote[:60] in other.quote or other.quote[:60] in claim.quote
    return claim.document == other.document and not overlap


def _rows(found: Sequence[Example]) -> Float64:
    return np.array([list(asdict(one.findings.likeness).values()) for one in found], np.float64)


if __name__ == "__main__":
    main()
