"""Whether two words are one: by stem, derivation or abbreviation. What is merely near is told by vectors."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ingest.lexical import terms
from service.verification.lexicon import ABBREVIATIONS
from service.verification.reading import Reading, Word

# How far a match counts: word for word, or of one family ("ablate", "ablative").
SAME, FAMILY = 1.0, 0.95


class Lexis:
    """What the words of one comparison mean.

    pairs: abbreviations of the document, (short form, long form), beside those that everyone knows.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._same: dict[tuple[str, str], float] = {}
        self._long: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for short, long in (*pairs, *ABBREVIATIONS):
            stems = _stems(long)
            if stems and stems not in self._long[short.lower()]:
                self._long[short.lower()].append(stems)

    def long_forms(self, word: Word) -> Sequence[tuple[str, ...]]:
        """The long forms, as stems, of a short form; none of an ordinary word."""
        lowered = word.lower
        is_short = any(map(str.isupper, word.text[1:])) or word.text[-1:].isdigit() or word.text[:1].isdigit()
        if not is_short:
            return ()
        return self._long.get(lowered) or self._long.get(lowered.removesuffix("s")) or ()

    def wide_stems(self, words: Iterable[Word]) -> frozenset[str]:
        """The stems of the words, and of the long forms of those that are short forms."""
        found: set[str] = set()
        for word in words:
            found.add(word.stem)
            for long in self.long_forms(word):
                found.update(long)
        return frozenset(found)

    def match(self, word: Word, stems: frozenset[str]) -> float:
        """How well `word` is said among `stems`: SAME, FAMILY or 0."""
        if word.stem in stems:
            return SAME
        for long in self.long_forms(word):
            if sum(part in stems for part in long) >= max(1, len(long) - (len(long) > 3)):
                return SAME
        if any(related(word.stem, other) for other in stems):
            return FAMILY
        return 0.0

    def same(self, one: Word, other: Word) -> float:
        """How far two words say the same, 0 to 1."""
        key = one.text, other.text
        if key not in self._same:
            self._same[key] = self._compared(one, other)
        return self._same[key]

    def _compared(self, one: Word, other: Word) -> float:
        if one.stem == other.stem:
            return SAME
        if any(other.stem in long for long in self.long_forms(one)) or any(
            one.stem in long for long in self.long_forms(other)
        ):
            return FAMILY
        return FAMILY if related(one.stem, other.stem) else 0.0


@lru_cache(maxsize=100_000)
def related(one: str, other: str) -> bool:
    """Whether two stems are of one family: they share five letters, and most of the longer one."""
    shortest, longest = sorted((len(one), len(other)))
    if shortest < 5 or one[:5] != other[:5]:
        return False
    shared = next((n for n in range(shortest) if one[n] != other[n]), shortest)
    return shared >= 0.7 * longest


@lru_cache(maxsize=10_000)
def _stems(long: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms(long.replace("-", " "))))


def content_stems(reading: Reading, lexis: Lexis) -> frozenset[str]:
    """The stems of a text with those of the long forms of its abbreviations."""
    return lexis.wide_stems(word for word in reading.words if word.content)
