"""Words that a line end cuts: joined where the hyphen was only for the line, kept where it is the word's."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.formats.canonical import PAGE_START

_CUT = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-‐]$")
_REST = re.compile(rf"{PAGE_START}?([^\W_]+)")
_ADDRESS = re.compile(r"[/@\d]|\w\.\w")
_PUNCTUATION = ".,;:()[]“”\"'"
# These make compounds with almost any word, and hardly a word is cut after them.
_OF_COMPOUNDS = frozenset({"well", "self"})
# A printer who cuts words leaves most hyphens in the middle of words that also stand uncut somewhere; one who
# does not leaves only those of compounds.
_CUTS_WORDS = 0.2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a document prints within its lines.

    known: the words, in lower case.
    cuts_words: whether it cuts words at the ends of lines, or ends lines only after hyphens of compounds.
    """

    known: frozenset[str]
    cuts_words: bool

    @classmethod
    def of(cls, lines: Iterable[Sequence[str]]) -> "Vocabulary":
        """lines: of each page or column, from the top down."""
        runs = [list(run) for run in lines]
        # The first and the last word of a line may be cut.
        inner = (word for run in runs for line in run for word in line.split()[1:-1])
        known = frozenset(word.strip(_PUNCTUATION).lower() for word in inner)
        pairs = [parts for run in runs for a, b in pairwise(run) if (parts := _parts(a, b))]
        cut = sum(f"{before}{after}".lower() in known for before, after in pairs)
        return cls(known, cut > _CUTS_WORDS * len(pairs))

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """ "CT-" + "guided", "Kaplan-" + "Meier" and "long-" + "term" keep it; "treat-" + "ment" does not."""
        if not after.islower() or any(letter.isupper() for letter in before[1:]):
            return True
        last = before.rpartition("-")[2].lower()
        if f"{before}{after}".lower() in self.known or f"{last}{after}" in self.known:
            return False
        if f"{before}-{after}".lower() in self.known or last in _OF_COMPOUNDS or not self.cuts_words:
            return True
        return len(last) > 2 and len(after) > 2 and last in self.known and after in self.known

    def is_cut(self, before: str, after: str) -> bool:
        """Whether a narrow cell cuts a word without a hyphen: "adenocarcinom" + "a"."""
        words = before.isalpha() and after.isalpha()
        return words and before not in self.known and before + after in self.known


def join_lines(lines: Sequence[str], vocabulary: Vocabulary) -> str:
    """The lines of a paragraph as one; one that begins a page may begin with PAGE_START."""
    text = ""
    for line in filter(None, lines):
        if not text:
            text = line
        elif text.endswith(("-", "‐")) and not text.endswith((" -", "--")):
            parts = _parts(text, line)
            text = (text if parts is None or vocabulary.keeps_hyphen(*parts) else text[:-1]) + line
        elif text.endswith(("–", "/")) or (text.endswith("—") and not text.endswith(" —")):
            text += line
        else:
            before, after = text.rsplit(maxsplit=1)[-1], line.split(maxsplit=1)[0].strip(_PUNCTUATION)
            text += line if vocabulary.is_cut(before.lower(), after.lower()) else f" {line}"
    return text


def _parts(above: str, below: str) -> tuple[str, str] | None:
    """What stands before and after a hyphen at a line's end; None where it is a number's or an address's."""
    cut, rest = _CUT.search(above), _REST.match(below)
    if not cut or not rest or _ADDRESS.search(above.rsplit(maxsplit=1)[-1]):
        return None
    return cut[1], rest[1]
