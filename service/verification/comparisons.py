"""Which of two things a text says is the better or the more: "A exceeds B", "more in A than in B"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.verification.lexicon import FALLS, WORSE
from service.verification.lexis import FAMILY, Lexis
from service.verification.reading import Reading, Word

_VERBS = re.compile(
    r"\b(?:(?P<more>outperform\w*|exceed\w*|surpass\w*|beat(?:s|ing)?|outdo(?:es|ne|ing)?|superior\sto|"
    r"(?:better|more\s\w+)\scompared\s(?:to|with))"
    r"|(?P<less>underperform\w*|lag(?:s|ged|ging)?\sbehind|trail(?:s|ed|ing)?|fall(?:s|ing)?\sshort\sof|"
    r"inferior\sto|worse\scompared\s(?:to|with)))\b",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"(?<!rather\s)(?<!other\s)\bthan\s(?!\d|half\b|an?\s(?:third|quarter|half)\b)", re.IGNORECASE
)
_COMPARATIVE = re.compile(r"more|less|better|worse|\w{3,}er")
_ENDS = frozenset("but and in for by when while during regarding do does did is are was were".split())
_REACH = 8  # words from the comparative to its "than"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison.

    subject: the words before it. standard: what the subject is compared with. less: whether the subject is
        the lesser or the worse. text: the comparison from its verb or "than" on.
    """

    subject: tuple[Word, ...]
    standard: tuple[Word, ...]
    less: bool
    text: str


@dataclass(frozen=True, slots=True)
class ComparisonFault:
    """A comparison that the text makes the other way round."""

    reason: str


def comparisons(reading: Reading) -> list[Comparison]:
    """The comparisons of a text: "more than A but fewer than B" makes two of one subject."""
    found = []
    for number, (start, end) in enumerate(reading.sentences):
        words = [word for word in reading.words if word.sentence == number]
        joints = _joints(reading.text, words, start, end)
        for first, last, less in joints:
            subject = tuple(word for word in words if word.content and word.end <= joints[0][0])
            standard = _standard([word for word in words if word.start >= last])
            if subject and standard:
                found.append(Comparison(subject, standard, less, reading.text[first : standard[-1].end]))
    return found


def _standard(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words up to "in predicting recurrence" or the like."""
    standard: list[Word] = []
    for word in words:
        if standard and (word.lower in _ENDS or word.clause != words[0].clause):
            break
        if word.content:
            standard.append(word)
    return tuple(standard)


def _joints(text: str, words: Sequence[Word], start: int, end: int) -> list[tuple[int, int, bool]]:
    """Where each comparison itself begins and ends, and whether it says less."""
    if verb := _VERBS.search(text, start, end):
        return [(verb.start(), verb.end(), verb["less"] is not None)]
    found = []
    for than in _THAN.finditer(text, start, end):
        before = [word for word in words if word.end <= than.start()][-_REACH:]
        comparative = next((word for word in reversed(before) if _COMPARATIVE.fullmatch(word.lower)), None)
        if comparative:
            is_less = comparative.stem in FALLS or comparative.stem in WORSE
            found.append((than.start(), than.end(), is_less))
    return found


def comparison_faults(claim: Reading, evidence: Reading, lexis: Lexis) -> list[ComparisonFault]:
    """Comparisons of the claim whose sides have changed places in the text."""
    faults = []
    there = comparisons(evidence)
    for said in comparisons(claim):
        sides = [(_sides(said, true, lexis), true) for true in there]
        # One that says as much outweighs another that seems to say the reverse.
        if not any(side > 0 for side, _ in sides):
            faults += [
                ComparisonFault(f"the passage compares the other way round: “{true.text.strip()}”")
                for side, true in sides
                if side < 0
            ]
    return faults


def _sides(said: Comparison, true: Comparison, lexis: Lexis) -> int:
    """Above 0 if the two comparisons agree, below if one is the reverse of the other, 0 if neither shows."""
    kept = _shared(said.standard, true.standard, true.subject, lexis)
    kept += _shared(true.standard, said.standard, said.subject, lexis)
    swapped = _shared(said.standard, true.subject, true.standard, lexis)
    swapped += _shared(true.standard, said.subject, said.standard, lexis)
    return kept - swapped if said.less == true.less else swapped - kept


def _shared(words: Sequence[Word], there: Sequence[Word], not_there: Sequence[Word], lexis: Lexis) -> int:
    """How many of the words stand on this side of the other text, and not on its other side."""
    return sum(_stands(word, there, lexis) and not _stands(word, not_there, lexis) for word in words)


def _stands(word: Word, among: Sequence[Word], lexis: Lexis) -> bool:
    return any(lexis.same(word, other) >= FAMILY for other in among)
