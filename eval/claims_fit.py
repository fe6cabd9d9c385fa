"""Fitting the verifier's trees: `python -m eval.claims_fit` writes `service/verification/scoring.json`.

Beside the dev claims it learns from those on texts from elsewhere, lest it fit three documents alone; from
supported claims against the quotes of others in the same document: unrelated ones, and more of them than
anyone would write; and from sentences and parts of the quotes, which these support, and do not any more
when a word or two of them are others. All pairs on one quote stay in one fold. With a wrong number a claim is
unsupported whatever the trees say: those teach them nothing.
"""

import json
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from eval.abstention import auroc
from eval.claims import Claim, load_claims
from ingest.encoder import Encoder, load_encoder
from ingest.index import Generation, open_current
from service import verification
from service.cli.console import stdout
from service.settings import load_settings
from service.verification import Evidence, Judge, known_abbreviations
from service.verification.alignment import encode
from service.verification.reading import read
from service.verification.scoring import EITHER, FOR, LEFT, Figures
from service.verification.verify import SUPPORTED_FROM, examine

Float64 = NDArray[np.float64]

ELSEWHERE = Path(__file__).parent / "claims_elsewhere.jsonl"
SCORING = Path(verification.__file__).parent / "scoring.json"
NAMES = [field.name for field in fields(Figures)]
_SIGNS = [1 if name in FOR else 0 if name in EITHER else -1 for name in NAMES]
_SHUFFLED_EACH, _SENTENCES_EACH = 3, 3
# There are many pairs that nobody wrote, and they are easy.
_WEIGHTS = {"dev": 1.0, "elsewhere": 1.0, "shuffled": 0.15, "verbatim": 0.05, "replaced": 0.15}
_SHORTEST = 6  # words of a sentence that is a claim by itself
_FOLDS = 10
_SEED = 0


@dataclass(frozen=True, slots=True)
class Example:
    """What was found of one pair.

    origin: "dev", "elsewhere", or "shuffled", "verbatim" and "replaced" of pairs that nobody wrote. fold: the
    same for all pairs on one quote.
    """

    claim: Claim
    supported: bool
    origin: str
    figures: Figures
    wrong_numbers: int
    fold: int


def examples(claims: Sequence[Claim], generation: Generation, encoder: Encoder) -> list[Example]:
    """The pairs as written, then those made of them."""
    judge, pairs = Judge(encoder), known_abbreviations(generation)
    found = []
    for claim, said, quote, supported, origin in _pairs(claims):
        reading = read(said)
        _, of = examine(reading, encode(encoder, reading), Evidence(quote, abbreviations=pairs), judge)
        if origin == "verbatim" and (of.faults or of.numbers):  # cut off from its "may"
            continue
        fold = zlib.crc32(claim.quote[:60].encode()) % _FOLDS
        found.append(Example(claim, supported, origin, of.figures, len(of.numbers), fold))
    return found


def _pairs(claims: Sequence[Claim]) -> Iterator[tuple[Claim, str, str, bool, str]]:
    """Claim, its words, a quote, whether that supports them, and where the pair is from."""
    picking = random.Random(_SEED)
    for one in claims:
        yield one, one.claim, one.quote, one.supported, "elsewhere" if _is_elsewhere(one) else "dev"
    for one in claims:
        others = [other.quote for other in claims if _is_apart(one, other)]
        if one.supported:
            for quote in picking.sample(others, min(_SHUFFLED_EACH, len(others))):
                yield one, one.claim, quote, False, "shuffled"
    for one in {claim.quote: claim for claim in claims if not claim.quote.startswith("|")}.values():
        for start, end in read(one.quote).sentences[:_SENTENCES_EACH]:
            sentence = one.quote[start:end].strip()
            # A part of a sentence is as true, and its vector much farther from that of the text.
            parts = [part.strip() for part in re.split(r"[;:()—]|,\s", sentence)]
            for said in dict.fromkeys((sentence, *parts)):
                if len(said.split()) >= _SHORTEST:
                    yield one, said, one.quote, True, "verbatim"
                    foreign = picking.choice([other.quote for other in claims if _is_apart(one, other)])
                    replaced = _with_foreign_words(said, foreign, picking)
                    if replaced not in said:
                        yield one, replaced, one.quote, False, "replaced"


def _with_foreign_words(said: str, foreign: str, picking: random.Random) -> str:
    """`said`, as often as not cut to a few words, with one or two of them replaced by words of `foreign`."""
    words = said.split()
    if picking.random() < 0.5:
        start = picking.randrange(len(words) - _SHORTEST + 1)
        words = words[start : start + _SHORTEST]
    known = set(re.findall(r"\w+", said.lower()))
    others = [word for word in re.findall(r"[a-z]{5,}", foreign) if word not in known]
    places = [n for n, word in enumerate(words) if re.fullmatch(r"[a-z]{5,}[.,;]?", word)]
    for place in picking.sample(places, min(len(places), picking.choice((1, 1, 2)))):
        words[place] = picking.choice(others or ["otherwise"])
    return " ".join(words)


def fit(found: Sequence[Example]) -> HistGradientBoostingClassifier:
    """The trees; supported and unsupported pairs weigh the same in all."""
    rows, labels, counts = _table([one for one in found if not one.wrong_numbers])
    model = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=15,
        l2_regularization=1.0,
        monotonic_cst=_SIGNS,
        random_state=_SEED,
    )
    return model.fit(rows, labels, sample_weight=counts)


def _table(found: Sequence[Example]) -> tuple[Float64, NDArray[np.int64], Float64]:
    rows = np.array([astuple(one.figures) for one in found], np.float64)
    labels = np.array([one.supported for one in found], np.int64)
    counts = np.array([_WEIGHTS[one.origin] for one in found])
    for label in (0, 1):
        counts[labels == label] *= len(found) / 2 / counts[labels == label].sum()
    return rows, labels, counts


def scores(model: HistGradientBoostingClassifier, found: Sequence[Example]) -> Float64:
    """(n,) float64, as `scoring.score` gives them."""
    left = np.array([LEFT if one.wrong_numbers else 1.0 for one in found])
    return np.asarray(left * model.predict_proba(_table(found)[0])[:, 1], np.float64)


def cross_validated(found: Sequence[Example]) -> Float64:
    """(n,) float64: each example scored by trees that saw no other pair on its quote."""
    scored = np.zeros(len(found))
    for number in range(_FOLDS):
        held = [n for n, one in enumerate(found) if one.fold == number]
        if held:
            model = fit([one for one in found if one.fold != number])
            scored[held] = scores(model, [found[n] for n in held])
    return scored


def stored(model: HistGradientBoostingClassifier) -> dict[str, object]:
    """The trees as `scoring.fitted` reads them; scikit-learn has no public way to their nodes."""
    trees = [
        [
            [
                int(n["feature_idx"]),
                round(float(n["num_threshold"]), 6),
                int(n["left"]),
                int(n["right"]),
                round(float(n["value"]), 6),
            ]
            for n in tree.nodes
        ]
        for [tree] in model._predictors
    ]
    return {"features": NAMES, "baseline": float(model._baseline_prediction[0, 0]), "trees": trees}


def main() -> None:
    """Write the trees, and print how well they hold."""
    settings = load_settings()
    generation, encoder = open_current(settings.working_folder()), load_encoder(settings.encoder)
    claims = [claim for claim in load_claims() if claim.split == "dev"] + list(load_claims(ELSEWHERE))
    found = examples(claims, generation, encoder)
    model = fit(found)
    SCORING.write_text(json.dumps(stored(model)) + "\n", encoding="utf-8")
    for title, scored in (("fitted", scores(model, found)), ("cross-validated", cross_validated(found))):
        for origin in ("dev", "elsewhere", "shuffled", "verbatim", "replaced"):
            chosen = np.array([one.origin == origin for one in found])
            stdout().print(f"{title}, {origin}: {_summary(_only(found, chosen), scored[chosen])}")


def _only(found: Sequence[Example], chosen: Iterable[bool]) -> list[Example]:
    return [one for one, taken in zip(found, chosen, strict=True) if taken]


def _summary(found: Sequence[Example], scored: Float64) -> str:
    right: dict[str, list[bool]] = {}
    for one, score in zip(found, scored, strict=True):
        kinds = (one.claim.kind, "supported" if one.supported else "corrupted")
        for kind in kinds if one.origin in ("dev", "elsewhere") else kinds[1:]:
            right.setdefault(kind, []).append((score >= SUPPORTED_FROM) == one.supported)
    by_kind = ", ".join(f"{kind} {sum(each)}/{len(each)}" for kind, each in right.items())
    labels = np.array([one.supported for one in found])
    if labels.all() or not labels.any():
        return by_kind
    area = auroc(scored[labels], scored[~labels])
    return f"{by_kind}; AUROC {area.value:.3f} ({area.low:.3f} to {area.high:.3f})"


def _is_elsewhere(claim: Claim) -> bool:
    return claim.document.startswith("elsewhere")


def _is_apart(claim: Claim, other: Claim) -> bool:
    """Whether the quote of `other` stands in the same document, but somewhere else."""
    overlap = claim.quote[:60] in other.quote or other.quote[:60] in claim.quote
    return claim.document.rstrip("0123456789") == other.document.rstrip("0123456789") and not overlap


if __name__ == "__main__":
    main()
