"""Fitting the confidence: `python -m eval.confidence_fit [COLLECTION…]` prints the weights and how they hold.

Two logistic models, of which the confidence is the product (`service.retrieval.confidence`): that the
documents are about what is asked, and that, if so, they say it. They learn from the dev questions, from those
in `confidence.jsonl`, written for this and measured nowhere else, from the texts of
`service.retrieval.elsewhere` (each without itself among them) and from collections in BEIR's layout, whose
queries are answered by their own documents and by no others. The forms of a question stay in one fold.
"""

import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from eval import labelled
from eval.abstention import auroc
from eval.beir import load_collection
from eval.beir_index import cache_folder, open_or_build
from eval.questions import load_questions, select
from ingest.encoder import load_encoder
from ingest.index import open_current
from ingest.lexical import terms
from service.cli.console import stdout
from service.retrieval.confidence import ABOUT, SAID, Signs, confidence
from service.retrieval.elsewhere import texts
from service.retrieval.followups import Turn
from service.retrieval.retriever import Retriever
from service.settings import load_settings

Float64 = NDArray[np.float64]

FILE = Path(__file__).parent / "confidence.jsonl"
FALSE_REFUSALS = 0.02
_RIDGE = 1.0
_STEPS = 30
_FOLDS = 8
# Of another collection's subjects every so many: there are hundreds.
_FEW = 6
# What each kind of example weighs: of what is written for the fit there is more than anyone would ask.
_WEIGHTS: Mapping[str, float] = {
    "answerable": 1.0,
    "spoilt": 0.2,
    "near": 0.6,
    "false_premise": 0.6,
    "off_topic": 0.3,
    "elsewhere": 0.3,
    "theirs": 0.5,
    "others": 0.2,
}
_OFF_TOPIC = ("off_topic", "elsewhere", "others")


class Written(BaseModel):
    """A question of `confidence.jsonl`; of what is answerable no evidence is noted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["answerable", "near", "false_premise"]
    question: str

    @property
    def id(self) -> str:
        """The question itself: none is asked twice."""
        return self.question


@dataclass(frozen=True, slots=True)
class Example:
    """A question put to an index, with its signs.

    kind: of `_WEIGHTS`. split: where it comes from, "dev" or what was written for the fit.
    fold: the same for all forms of one question.
    """

    kind: str
    split: str
    question: str
    signs: Signs
    fold: int

    @property
    def answered(self) -> bool:
        """Whether the documents answer it."""
        return self.kind in ("answerable", "spoilt", "theirs")


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: the weight of each sign, and of "intercept"."""

    weights: Mapping[str, float]

    def __call__(self, rows: Float64, names: Sequence[str]) -> Float64:
        """(n,) float64, 0 to 1, for (n, s) signs of these names."""
        chosen = np.array([self.weights.get(name, 0.0) for name in names])
        return np.asarray(1 / (1 + np.exp(-(rows @ chosen + self.weights["intercept"]))), np.float64)


def spoilt(question: str) -> Iterator[str]:
    """The question without capitals, as mere words, and with two slips of the keyboard."""
    yield question.lower().rstrip(" ?.")
    yield " ".join(word for word in re.findall(r"[\w%./-]+", question) if terms(word))
    words = question.split()
    for n in sorted((n for n, word in enumerate(words) if len(word) > 5), key=lambda n: -len(words[n]))[:2]:
        half = len(words[n]) // 2
        words[n] = words[n][: half - 1] + words[n][half] + words[n][half - 1] + words[n][half + 1 :]
    yield " ".join(words)


def written(retriever: Retriever) -> list[Example]:
    """The dev questions, and those that were written for this."""
    found = []
    for one in select(load_questions(), "dev"):
        kind = "answerable" if one.answerable else one.type
        found += _asked(retriever, kind, "dev", one.question, one.id, one.turns)
        if one.answerable and not one.history:
            for form in spoilt(one.question):
                found += _asked(retriever, "spoilt", "dev", form, one.id)
    for other in labelled.load(FILE, "questions", lambda place, line: labelled.parse(Written, place, line)):
        found += _asked(retriever, other.type, "written", other.question, other.question)
    return found + _strangers(retriever, 1, "elsewhere")


def collected(folder: Path, own: Retriever, everyone: Retriever) -> list[Example]:
    """The queries of a collection put to its own documents and to those of `everyone`; strangers to it."""
    found = _strangers(own, _FEW, "others")
    for key, query in load_collection(folder).queries.items():
        found += _asked(own, "theirs", folder.name, query, f"{folder.name} {key}")
        found += _asked(everyone, "others", folder.name, query, f"{folder.name} {key}")
    return found


def _strangers(retriever: Retriever, step: int, kind: str) -> list[Example]:
    found = []
    for text in texts()[::step]:
        for one in _asked(retriever, kind, "written", text, text):
            vector = retriever.encoded(retriever.search(text).query).vectors[0]
            distance = retriever.elsewhere.nearest(vector, but=text)
            found.append(replace(one, signs=replace(one.signs, elsewhere=distance)))
    return found


def _asked(
    retriever: Retriever, kind: str, split: str, question: str, group: str, history: Sequence[Turn] = ()
) -> list[Example]:
    """The question with its signs; nothing if nothing is found."""
    signs = retriever.search(question, history=history).signs
    return [Example(kind, split, question, signs, zlib.crc32(group.encode()) % _FOLDS)] if signs else []


def fit(found: Sequence[Example]) -> tuple[Model, Model]:
    """The models of what the documents are about, and of what they say."""
    said = [one for one in found if one.kind not in _OFF_TOPIC]
    return (
        _logistic(found, [one.kind not in _OFF_TOPIC for one in found], list(ABOUT)),
        _logistic(said, [one.answered for one in said], list(SAID)),
    )


def _logistic(found: Sequence[Example], labels: Sequence[bool], names: Sequence[str]) -> Model:
    """Ridge logistic regression (Newton's method) on the signs of these names, after the intercept's."""
    signs = rows(found)[:, [NAMES.index(name) for name in names[1:]]]
    mean, deviation = signs.mean(axis=0), signs.std(axis=0) + 0.01
    scaled = np.column_stack([np.ones(len(signs)), (signs - mean) / deviation])
    counts = np.array([_WEIGHTS[one.kind] for one in found])
    pull = np.diag([0.0] + [_RIDGE] * (len(names) - 1))
    at = np.zeros(len(names))
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-(scaled @ at)))
        slope = scaled.T @ (counts * (np.array(labels) - guess)) - pull @ at
        at += np.linalg.solve((scaled.T * (counts * guess * (1 - guess))) @ scaled + pull, slope)
    weights = at[1:] / deviation
    return Model(dict(zip(names, [float(at[0] - mean @ weights), *weights.tolist()], strict=True)))


NAMES = [field.name for field in fields(Signs)]


def rows(found: Sequence[Example]) -> Float64:
    """(n, s) float64, the signs of each in the order of NAMES."""
    return np.array([list(asdict(one.signs).values()) for one in found], np.float64).reshape(-1, len(NAMES))


def scores(models: tuple[Model, Model], found: Sequence[Example]) -> Float64:
    """(n,) float64, the confidence that the models give."""
    about, said = (model(rows(found), NAMES) for model in models)
    return np.asarray(about * said, np.float64)


def cross_validated(found: Sequence[Example]) -> Float64:
    """(n,) float64: each scored by models that saw no form of its question."""
    held = np.zeros(len(found))
    for number in range(_FOLDS):
        models = fit([one for one in found if one.fold != number])
        out = [n for n, one in enumerate(found) if one.fold == number]
        held[out] = scores(models, [found[n] for n in out])
    return held


def cut(found: Sequence[Example], values: Float64) -> float:
    """The confidence below which the allowed share of the answerable dev questions lies."""
    answered = [value for one, value in zip(found, values, strict=True) if _is(one, "answerable", "dev")]
    return float(np.quantile(answered, FALSE_REFUSALS, method="lower"))


def _is(one: Example, kind: str, split: str) -> bool:
    return (one.kind, one.split) == (kind, split)


def main() -> None:
    """Print the weights, the cut, and how well they hold."""
    settings = load_settings()
    encoder = load_encoder(settings.encoder)
    retriever = Retriever(open_current(settings.working_folder()), encoder)
    found = written(retriever)
    for folder in map(Path, sys.argv[1:]):
        generation = open_or_build(load_collection(folder), encoder, cache_folder(), lambda *_: None)
        found += collected(folder, Retriever(generation, encoder), retriever)
    console = stdout()
    models = fit(found)
    for title, model in zip(("ABOUT", "SAID"), models, strict=True):
        console.print(title)
        for name, weight in model.weights.items():
            console.print(f'    "{name}": {weight:.2f},')
    for title, values in (
        ("as it stands", np.array([confidence(one.signs) for one in found])),
        ("fitted", scores(models, found)),
        ("cross-validated", cross_validated(found)),
    ):
        console.print(f"\n{title}:\n{_summary(found, values)}")


def _summary(found: Sequence[Example], values: Float64) -> str:
    """By kind and split: how many are refused, and AUROC against the answerable dev questions."""
    bound = cut(found, values)
    answered = np.array([v for one, v in zip(found, values, strict=True) if _is(one, "answerable", "dev")])
    lines = [f"cut at {bound:.3f}"]
    for kind, split in dict.fromkeys((one.kind, one.split) for one in found):
        own = np.array([v for one, v in zip(found, values, strict=True) if _is(one, kind, split)])
        area = auroc(answered, own)
        lines.append(
            f"{kind:13} {split:8} {len(own):4}  refused {(own < bound).mean():.3f}  mean {own.mean():.2f}  "
            f"AUROC {area.value:.3f} ({area.low:.3f} to {area.high:.3f})"
        )
    asked = [n for n, one in enumerate(found) if one.split == "dev" and one.kind != "spoilt"]
    for low, high in pairwise((0.0, bound, 0.5, 0.7, 0.85, 1.01)):
        inside = [found[n].answered for n in asked if low <= values[n] < high]
        share = np.mean(inside) if inside else np.nan
        lines.append(f"of {len(inside)} dev questions from {low:.2f} to {high:.2f}, {share:.2f} are answered")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
