"""Which of two things a text says is the better or the more: "A exceeds B", "more in A than in B"."""

import re
from collections.abc import Iterable, Sequence
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
_REACH = 8  # words from the comparative to its "than"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The words that stand on the greater side and on the lesser, and those of the comparison itself."""

    greater: tuple[Word, ...]
    lesser: tuple[Word, ...]
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
        left = tuple(word for word in words if word.content and word.end <= first)
        right = tuple(word for word in words if word.content and word.start >= last)
        if left and right:
            found.append(Comparison(*((right, left) if less else (left, right)), reading.text[first:last]))
    return found


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
            return word.start, than.end(), word.stem in FALLS or word.stem in WORSE
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
    crossed = _shared(said.greater, true.lesser, true.greater, lexis)
    crossed += _shared(said.lesser, true.greater, true.lesser, lexis)
    straight = _shared(said.greater, true.greater, true.lesser, lexis)
    straight += _shared(said.lesser, true.lesser, true.greater, lexis)
    return crossed > straight


def _shared(said: Sequence[Word], there: Iterable[Word], not_there: Iterable[Word], lexis: Lexis) -> int:
    """How many words of one side stand on this side of the text, and not on its other."""
    here, other = tuple(there), tuple(not_there)
    return sum(_stands(word, here, lexis) and not _stands(word, other, lexis) for word in said)


def _stands(word: Word, among: Iterable[Word], lexis: Lexis) -> bool:
    return any(lexis.same(word, other) >= FAMILY for other in among)
