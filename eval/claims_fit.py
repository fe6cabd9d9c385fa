"""Fitting the verifier's weights on the dev claims: `python -m eval.claims_fit` prints them.

Two models, one upon the other: how likely a word of a claim is an addition
(`service.verification.additions`), and how likely the claim is supported (`service.verification.scoring`).
Beside the written pairs, supported claims are checked against the quotes of others from the same document:
unrelated ones, and more of them than anyone would write. All pairs on one quote stay in one fold, in the
model of words too.
"""

import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from eval.abstention import auroc
from eval.claims import Claim, load_claims
from ingest.encoder import Encoder, load_encoder
from ingest.index import Generation, open_current
from service.cli.console import stdout
from service.settings import load_settings
from service.verification import Evidence, Judge, additions, known_abbreviations
from service.verification.alignment import encode
from service.verification.reading import read
from service.verification.scoring import LEFT, Figures
from service.verification.verify import SUPPORTED_FROM, examine

Float64 = NDArray[np.float64]

NAMES = [field.name for field in fields(Figures)]
_DOUBT = NAMES.index("doubt")
# Likeness never speaks against a claim, doubt and faults never for it.
_SIGNS = np.array([-1.0 if n >= _DOUBT else 1.0 for n in range(len(NAMES))])
# A fault in a claim that keeps to the letter of the text ought to turn the verdict, however few such faults
# the pairs hold: the weights of faults are drawn to this rather than to nothing.
_OF_FAULTS = np.array([-12.0 if n > _DOUBT else 0.0 for n in range(len(NAMES))])
_SHUFFLED_EACH, _SHUFFLED_WEIGHT = 3, 0.15
_RIDGE_OF_WORDS, _RIDGE = 3.0, 0.5
_STEPS, _RATE = 2_000, 0.02
_FOLDS, _INNER = 10, 3
_SEED = 0


@dataclass(frozen=True, slots=True)
class Example:
    """What was found of one pair. written: whether somebody wrote it; else it was shuffled.

    words: (w, 5) float32, the features of its words. fold: the same for all pairs on one quote.
    """

    claim: Claim
    supported: bool
    figures: Figures
    vetoes: int
    words: NDArray[np.float32]
    written: bool
    fold: int


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and intercept of a logistic model: (n,) float64 in the order of its features."""

    weights: Float64
    intercept: float

    def __call__(self, rows: NDArray[np.floating]) -> Float64:
        """(m,) float64, 0 to 1, for (m, n) features."""
        return np.asarray(1 / (1 + np.exp(-(rows @ self.weights + self.intercept))), np.float64)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Both models."""

    words: Model
    claims: Model

    def scores(self, examples: Sequence[Example]) -> Float64:
        """(n,) float64, as `scoring.score` gives them."""
        left = np.array([LEFT if one.vetoes else 1.0 for one in examples])
        return np.asarray(left * self.claims(_rows(examples, doubts(self.words, examples))), np.float64)


def examples(claims: Sequence[Claim], generation: Generation, encoder: Encoder) -> list[Example]:
    """The pairs as written, then those shuffled."""
    judge, pairs, picking = Judge(encoder), known_abbreviations(generation), random.Random(_SEED)

    def example(claim: Claim, quote: str, *, written: bool) -> Example:
        said = read(claim.claim)
        _, found = examine(said, encode(encoder, said), Evidence(quote, abbreviations=pairs), judge)
        fold = zlib.crc32(claim.quote[:60].encode()) % _FOLDS
        words = additions.features(found.alignment)
        return Example(claim, written and claim.supported, found.figures, found.vetoes, words, written, fold)

    found = [example(claim, claim.quote, written=True) for claim in claims]
    for claim in claims:
        others = [other.quote for other in claims if _elsewhere(claim, other)]
        if claim.supported:
            picked = picking.sample(others, min(_SHUFFLED_EACH, len(others)))
            found += [example(claim, quote, written=False) for quote in picked]
    return found


def fit(found: Sequence[Example]) -> Fitted:
    """Both models. The doubts that the second learns from are those of words that the first had not seen."""
    held = np.zeros(len(found))
    for number in range(_INNER):
        model = fit_words([one for one in found if one.fold % _INNER != number])
        for n, one in enumerate(found):
            if one.fold % _INNER == number:
                held[n] = doubts(model, [one])[0]
    return Fitted(fit_words(found), _fit_claims(found, held))


def fit_words(found: Sequence[Example]) -> Model:
    """Which words are additions, learnt from which claims have any: nobody has labelled the words.

    (A noisy-or: a claim has an addition if any of its words is one.)
    """
    kept = [one for one in found if one.written and _shows_additions(one.claim) and len(one.words)]
    owners = np.repeat(np.arange(len(kept)), [len(one.words) for one in kept])
    added = np.array([not one.supported for one in kept])

    def errors(logits: Float64) -> Float64:
        each = 1 / (1 + np.exp(-logits))
        none = np.bincount(owners, np.log1p(-np.minimum(each, 1 - 1e-9)), len(kept))
        some = np.maximum(1 - np.exp(none), 1e-6)[owners]
        return np.where(added[owners], (1 - some) / some * each, -each)

    rows = np.concatenate([one.words for one in kept]).astype(np.float64)
    return _ascend(rows, errors, _RIDGE_OF_WORDS, np.zeros(rows.shape[1]), np.zeros(rows.shape[1]))


def _fit_claims(found: Sequence[Example], doubted: Float64) -> Model:
    """Logistic regression; claims that a wrong number or name gives away teach it nothing."""
    kept = np.array([not one.vetoes for one in found])
    labels = np.array([float(one.supported) for one in found])[kept]
    counts = np.array([1.0 if one.written else _SHUFFLED_WEIGHT for one in found])[kept]

    def errors(logits: Float64) -> Float64:
        return np.asarray(counts * (labels - 1 / (1 + np.exp(-logits))), np.float64)

    return _ascend(_rows(found, doubted)[kept], errors, _RIDGE, _OF_FAULTS, _SIGNS)


def _ascend(
    rows: Float64, errors: Callable[[Float64], Float64], ridge: float, prior: Float64, signs: Float64
) -> Model:
    """Climb the likelihood (Adam).

    errors: its gradient by each row's logit. prior: what the ridge draws the weights to. signs: of the
    weights, 0 for either.
    """
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 0.05
    scaled = np.column_stack([(rows - mean) / deviation, np.ones(len(rows))])
    pull = np.append(np.full(len(mean), ridge), 0.0)
    towards = np.append(prior * deviation, 0.0)
    signs = np.append(signs, 0.0)
    at, first, second = np.zeros(len(pull)), np.zeros(len(pull)), np.zeros(len(pull))
    for step in range(1, _STEPS + 1):
        slope = scaled.T @ errors(scaled @ at) - pull * (at - towards)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        at += _RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        at = np.where(at * signs < 0, 0.0, at)
    weights = at[:-1] / deviation
    return Model(weights, float(at[-1] - mean @ weights))


def doubts(model: Model, found: Sequence[Example]) -> Float64:
    """(n,) float64: of each claim, the doubt about its word that is likeliest an addition."""
    return np.array([model(one.words).max(initial=0.0) for one in found])


def cross_validated(found: Sequence[Example]) -> Float64:
    """(n,) float64: each example scored by models that saw no other pair on its quote."""
    scores = np.zeros(len(found))
    for number in range(_FOLDS):
        held = [n for n, one in enumerate(found) if one.fold == number]
        if held:
            fitted = fit([one for one in found if one.fold != number])
            scores[held] = fitted.scores([found[n] for n in held])
    return scores


def main() -> None:
    """Print the weights and how well they hold."""
    settings = load_settings()
    generation, encoder = open_current(settings.working_folder()), load_encoder(settings.encoder)
    found = examples([claim for claim in load_claims() if claim.split == "dev"], generation, encoder)
    fitted = fit(found)
    console = stdout()
    for title, model, names in (
        ("additions.py", fitted.words, list(additions.WEIGHTS)),
        ("scoring.py", fitted.claims, NAMES),
    ):
        console.print(f"{title}\nINTERCEPT = {model.intercept:.2f}")
        for name, weight in zip(names, model.weights, strict=True):
            console.print(f'    "{name}": {weight:.2f},')
    for title, scores in (("fitted", fitted.scores(found)), ("cross-validated", cross_validated(found))):
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


def _shows_additions(claim: Claim) -> bool:
    """Whether a claim has nothing that the text lacks, or is corrupted by just that."""
    return claim.supported or claim.kind in ("addition", "entity")


def _elsewhere(claim: Claim, other: Claim) -> bool:
    """Whether the quote of `other` stands in the same document, but somewhere else."""
    overlap = claim.quote[:60] in other.quote or other.quote[:60] in claim.quote
    return claim.document == other.document and not overlap


def _rows(found: Sequence[Example], doubted: Float64) -> Float64:
    rows = np.array([list(asdict(one.figures).values()) for one in found], np.float64)
    rows[:, _DOUBT] = doubted
    return rows


if __name__ == "__main__":
    main()
