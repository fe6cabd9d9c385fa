"""What each number of a text is said of: the words of its part of the sentence, and its figure of merit.

"AUC 0.98 in training, 0.92 in the test set" has two numbers. What stands before the first is said of both,
what stands between is divided at the comma, and the second has the figure of merit of the first.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.records import Span
from service.verification.comparing import comparable
from service.verification.lexis import Lexis
from service.verification.quantities import Quantity, quantities
from service.verification.reading import Reading, Word

# Names of figures of merit: one number is never two of them.
_MEASURES = {
    word: name
    for name, words in {
        "AUC": "auc auroc aucs aurocs",
        "accuracy": "accuracy accuracies accurate accurately correct correctly",
        "sensitivity": "sensitivity sensitivities recall",
        "specificity": "specificity specificities",
        "Dice": "dice dsc dscs",
        "IoU": "iou jaccard",
        "NPV": "npv",
        "PPV": "ppv",
        "F1": "f1",
        "C-index": "cindex concordance",
        "kappa": "kappa",
    }.items()
    for word in words.split()
}
_PHRASES = {
    "AUC": re.compile(r"\barea under\b", re.IGNORECASE),
    "NPV": re.compile(r"\bnegative predictive", re.IGNORECASE),
    "PPV": re.compile(r"\bpositive predictive", re.IGNORECASE),
}
# A word n words from its number counts exp(-n / _REACH).
_REACH = 10.0
# A word before the first of several numbers is said of all of them, but a little less of the later ones.
_SHARED = 0.88
_OF_ANOTHER = 0.05
# Where the words between two numbers are divided: at the last of the strongest joint that is there.
_JOINTS = (
    re.compile(r"[;:]"),
    re.compile(r",(?=\s)"),
    re.compile(r"\(|\b(?:but|while|whereas|against|compared|versus)\b", re.IGNORECASE),
    re.compile(r"\band\b|\bvs\b", re.IGNORECASE),
)
_IN_BRACKETS = re.compile(r"\w\s\([^()]{0,12}$")
_OF_WHAT = re.compile(r"\s*of\s(?:the\s|all\s)?\w+(?:[ -]\w+)?")
_PART_OF_WHOLE = re.compile(r"\s(?:[a-z]+\s){0,2}?(?:(?:out\s)?of|in|among)\s(?:the\s|all\s)?", re.IGNORECASE)
_TWO_SETS = re.compile(r"\brespectively\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A number with what it is said of.

    measure: the figure of merit, if it is one.
    words: the words of its sentence, each with how far the number is said of it, 0 to 1.
    text: in which it stands.
    """

    quantity: Quantity
    measure: str | None
    words: tuple[tuple[Word, float], ...]
    text: str


def slots(reading: Reading, *, is_claim: bool = False) -> list[Slot]:
    """The numbers of a text, each with its surroundings.

    is_claim: a number of a claim that has no other of its kind is said of all words of its sentence alike.
    """
    found = quantities(reading.text)
    measured = _measures(reading, found)
    return [
        Slot(
            quantity,
            measured[n],
            tuple(_surroundings(reading, found, quantity, evenly=is_claim)),
            reading.text,
        )
        for n, quantity in enumerate(found)
    ]


def shares(given: Sequence[Slot]) -> list[Slot]:
    """What "24 of 120" comes to, said of what the 24 are said of."""
    found = []
    for part, whole in pairwise(given):
        one, other = part.quantity, whole.quantity
        plain = {one.kind, other.kind} == {"number"} and not (one.unit or other.unit or one.is_range)
        between = part.text[one.end : other.start]
        if plain and 0 < one.low < other.low and _PART_OF_WHOLE.fullmatch(between):
            value = one.low / other.low
            text = f"{one.text}{between}{other.text}"
            quantity = replace(one, text=text, low=value, high=value, kind="share", digits=2, word=False)
            found.append(replace(part, quantity=quantity))
    return found


def is_rival(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers could be mistaken for each other: not an AUC and the grades 2 to 4."""
    fractions = [0 < q.high <= 1 and not q.word and q.kind == "number" for q in (one, other)]
    return comparable(one, other) and (one.kind != other.kind or fractions[0] == fractions[1])


def fit(claim: Slot, evidence: Slot, lexis: Lexis) -> float:
    """How much of what the claim says around its number stands around that of the text."""
    return sum(fits(claim, evidence, lexis))


def fits(claim: Slot, evidence: Slot, lexis: Lexis) -> list[float]:
    """The same, word by word of the claim."""
    return [
        near * max((lexis.same(word, other) * weight for other, weight in evidence.words), default=0.0)
        for word, near in claim.words
    ]


def _surroundings(
    reading: Reading, found: Sequence[Quantity], quantity: Quantity, *, evenly: bool
) -> Iterator[tuple[Word, float]]:
    sentence = _sentence_of(reading, quantity)
    words = [word for word in reading.words if word.content and word.sentence == sentence]
    mates = [
        other
        for other in found
        if _sentence_of(reading, other) == sentence
        and other.kind == quantity.kind
        and is_rival(other, quantity)
    ]
    if len(mates) < 2:
        for word in words:
            yield word, 1.0 if evenly else math.exp(-_distance(words, word, quantity) / _REACH)
        return
    runs = _runs(reading.text, mates)
    own = next(n for n, run in enumerate(runs) if quantity in run)
    zones = _zones(reading.text, runs, reading.sentences[sentence])
    parts = _respectively(reading.text, runs[own], reading.sentences[sentence])
    of_what = [match.span() for run in runs if (match := _OF_WHAT.match(reading.text, run[-1].end))]
    # The cells of a row after the last number are about all of them.
    bar = reading.text.find(";", mates[-1].end, reading.sentences[sentence][1])
    tail = bar if bar >= 0 else len(reading.text)
    for word in words:
        near = math.exp(-_distance(words, word, quantity) / _REACH)
        zone = next((n for n, (start, end) in enumerate(zones) if start <= word.start < end), 0)
        if part := next((n for n, (start, end) in enumerate(parts) if start <= word.start < end), None):
            yield word, 1.0 if part == runs[own].index(quantity) else 0.0
        elif part == 0:
            yield word, 1.0 if quantity is runs[own][0] else 0.0
        elif word.start >= tail:
            yield word, _SHARED * math.exp(-_distance(words, word, mates[-1]) / _REACH)
        elif zone == own:
            yield word, near
        elif word.start < mates[0].start or any(start <= word.start < end for start, end in of_what):
            yield word, _SHARED * math.exp(-_distance(words, word, mates[0]) / _REACH)
        else:
            yield word, _OF_ANOTHER


def _distance(words: Sequence[Word], word: Word, quantity: Quantity) -> int:
    first, last = sorted((word.start, quantity.start))
    return sum(first < other.start < last for other in words)


def _runs(text: str, mates: Sequence[Quantity]) -> list[list[Quantity]]:
    """The numbers in groups that nothing but "and" or a comma joins: what is said around is said of all."""
    runs = [[mates[0]]]
    for quantity in mates[1:]:
        between = text[runs[-1][-1].end : quantity.start]
        if re.fullmatch(r"\s*(?:,|and|,\s*and|or|to|vs\.?|(?:out\s)?of(?:\sthe|\sall)?)\s*", between):
            runs[-1].append(quantity)
        else:
            runs.append([quantity])
    return runs


def _zones(text: str, runs: Sequence[Sequence[Quantity]], sentence: Span) -> list[Span]:
    """The part of the sentence that each group of numbers has to itself."""
    bounds = [sentence[0]]
    for first, second in pairwise(runs):
        bounds.append(_cut(text, first[-1].end, second[0].start))
    return list(zip(bounds, [*bounds[1:], sentence[1]], strict=True))


def _cut(text: str, start: int, end: int) -> int:
    """Where the words between two numbers are divided."""
    if _IN_BRACKETS.search(text, start, end):
        # "Of the women (31 %), more than of the men (22 %)": a number in brackets follows what it is said of.
        closed = text.find(")", start, end)
        return closed if closed >= 0 else start
    return next(
        (found[-1].start() for joint in _JOINTS if (found := [*joint.finditer(text, start, end)])), end
    )


def _respectively(text: str, run: Sequence[Quantity], sentence: Span) -> list[Span]:
    """For "5 and 7 for men and women, respectively": the parts of each number of the run, in order."""
    marker = _TWO_SETS.search(text, run[-1].end, sentence[1])
    if marker is None or len(run) < 2:
        return []
    after = _listed(text, run[-1].end, marker.start())
    if len(after) == len(run):
        return after
    before = _listed(text, sentence[0], run[0].start)[-len(run) :]
    return before if len(before) == len(run) else []


def _listed(text: str, start: int, end: int) -> list[Span]:
    parts: list[Span] = []
    place = start
    for joint in re.finditer(r",\s*(?:and\s)?|\band\b", text[start:end]):
        parts.append((place, start + joint.start()))
        place = start + joint.end()
    parts.append((place, end))
    return [(a, b) for a, b in parts if text[a:b].strip()]


def _sentence_of(reading: Reading, quantity: Quantity) -> int:
    return max((n for n, (start, _) in enumerate(reading.sentences) if start <= quantity.start), default=0)


def _measures(reading: Reading, found: Sequence[Quantity]) -> list[str | None]:
    """The figure of merit of each number: named right before or after it, or that of the one before."""
    named = [(w.start, w.end, _MEASURES[w.lower]) for w in reading.words if w.lower in _MEASURES]
    for name, pattern in _PHRASES.items():
        named += [(match.start(), match.end(), name) for match in pattern.finditer(reading.text)]
    named.sort()
    measured: list[str | None] = []
    for n, quantity in enumerate(found):
        if not _may_be_measure(quantity):
            measured.append(None)
            continue
        start = found[n - 1].end if n else 0
        before = [one for one in named if start <= one[0] and one[1] <= quantity.start]
        adjacent = [one for one in before if len(reading.text[one[1] : quantity.start].split()) <= 3]
        after = _NAMED_AFTER.match(reading.text, quantity.end)
        reach = after.end() if after else quantity.end
        followed = [one for one in named if quantity.end <= one[0] < reach]
        chosen = adjacent[-1:] or followed[:1] or before[-1:]
        if chosen:
            measured.append(chosen[0][2])
        else:
            follows = n and _sentence_of(reading, found[n - 1]) == _sentence_of(reading, quantity)
            measured.append(measured[-1] if follows and comparable(found[n - 1], quantity) else None)
    return _measured_respectively(reading, found, measured, named)


def _may_be_measure(quantity: Quantity) -> bool:
    """Percents, and numbers between 0 and 1; counts, years and lengths are no figures of merit."""
    return quantity.kind in ("percent", "share") or (quantity.kind == "number" and 0 < quantity.high <= 1)


_NAMED_AFTER = re.compile(r"(?:(?!\band\b)[^,;:.()\d]){0,24}")


def _measured_respectively(
    reading: Reading,
    found: Sequence[Quantity],
    measured: list[str | None],
    named: Sequence[tuple[int, int, str]],
) -> list[str | None]:
    """For "sensitivity and specificity were 88% and 93%, respectively"."""
    for run in _runs(reading.text, found) if found else ():
        sentence = reading.sentences[_sentence_of(reading, run[0])]
        marker = _TWO_SETS.search(reading.text, run[-1].end, sentence[1])
        names = [name for start, end, name in named if sentence[0] <= start and end <= run[0].start][
            -len(run) :
        ]
        if marker and len(run) > 1 and len(names) == len(run):
            for quantity, name in zip(run, names, strict=True):
                measured[found.index(quantity)] = name
    return measured
