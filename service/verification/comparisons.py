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
_ENDS = frozenset("in for by when while during regarding do does did is are was were".split())
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
    """The comparisons of a text, one a sentence at most."""
    found = []
    for number, (start, end) in enumerate(reading.sentences):
        words = [word for word in reading.words if word.sentence == number]
        joint = _joint(reading.text, words, start, end)
        if joint is None:
            continue
        first, last, less = joint
        subject = tuple(word for word in words if word.content and word.end <= first)
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


def _joint(text: str, words: Sequence[Word], start: int, end: int) -> tuple[int, int, bool] | None:
    """Where the comparison itself begins and ends, and whether it says less."""
    if verb := _VERBS.search(text, start, end):
        return verb.start(), verb.end(), verb["less"] is not None
    than = _THAN.search(text, start, end)
    if than is None:
        return None
    before = [word for word in words if word.end <= than.start()][-_REACH:]
    for word in reversed(before):
        if _COMPARATIVE.fullmatch(word.lower):
            return than.start(), than.end(), word.stem in FALLS or word.stem in WORSE
    return None


def comparison_faults(claim: Reading, evidence: Reading, lexis: Lexis) -> list[ComparisonFault]:
    """Comparisons of the claim whose sides have changed places in the text."""
    return [
        ComparisonFault(f"the passage compares the other way round: “{true.text.strip()}”")
        for said in comparisons(claim)
        for true in comparisons(evidence)
        if _is_reversed(said, true, lexis)
    ]


def _is_reversed(said: Comparison, true: Comparison, lexis: Lexis) -> bool:
    kept = _shared(said.standard, true.standard, true.subject, lexis)
    kept += _shared(true.standard, said.standard, said.subject, lexis)
    swapped = _shared(said.standard, true.subject, true.standard, lexis)
    swapped += _shared(true.standard, said.subject, said.standard, lexis)
    return swapped > kept if said.less == true.less else kept > swapped


def _shared(words: Sequence[Word], there: Sequence[Word], not_there: Sequence[Word], lexis: Lexis) -> int:
    """How many of the words stand on this side of the other text, and not on its other side."""
    return sum(_stands(word, there, lexis) and not _stands(word, not_there, lexis) for word in words)


def _stands(word: Word, among: Sequence[Word], lexis: Lexis) -> bool:
    return any(lexis.same(word, other) >= FAMILY for other in among)
