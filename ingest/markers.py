"""In-text citation markers: where they stand and which bibliography entries they name.

Four ways of printing them are read: `^{14,17}`, raised digits (`⁴⁻⁶`, `¹-⁴`), brackets (`[1, 2]`), and plain
digits that a lost superscript has left after the end of a sentence (`operators.3`, `indifference.” 8`).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from ingest.records import Span

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_PLAIN = str.maketrans(_RAISED + "⁻–—‑", "0123456789----")
_NUMBERS = r"\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})*"

_BRACED = re.compile(rf"\^\{{\s*({_NUMBERS})\s*\}}")
_BRACKETED = re.compile(rf"\[({_NUMBERS})\](?!\()")
_SUPERSCRIPT = re.compile(rf"\s?((?<![\d⁻])[{_RAISED}]+(?:[⁻–,-][{_RAISED}]+)*)(?![A-Za-z{_RAISED}])")
# After a sentence's end only: a word of two letters or more, its full stop, the number, then a new sentence.
_GLUED = re.compile(
    rf"(?:(?<=[A-Za-z][A-Za-z)][.!?])|(?<=[.!?][”\"’)])\s?)({_NUMBERS})(?=\s+[A-Z“‘\"(]|\s*$)", re.MULTILINE
)
_LABELS_BEFORE_NUMBERS = re.compile(
    r"\b(?:no|nos|fig|figs|vol|ref|refs|sec|eq|pp|ch|vs|al)\.$", re.IGNORECASE
)
# m², cm³, kg/m² and R², χ²: powers of a unit or of a variable, not markers.
_BASE_OF_POWER = re.compile(r"(?:^|[\s\d/(·])(?:[mcdkµμn]?m|in|ft|yd|[Rrnxyzχη])$")


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker as printed, `text[start:end]`, with the blank before it; `numbers` has ranges written out."""

    start: int
    end: int
    numbers: tuple[int, ...]

    @property
    def span(self) -> Span:
        return self.start, self.end


def find_markers(text: str, span: Span, known: Collection[int]) -> list[Marker]:
    """The markers in `text[span]`, in order.

    known: the numbers of the bibliography. Plain digits count as a marker only if it holds all of them, and
    numbers in brackets, where there is a bibliography, if it holds one of them (an interval is printed like
    them); the other forms are markers by their print, whether they resolve or not.
    """
    found: list[Marker] = []
    for pattern in (_BRACED, _BRACKETED, _SUPERSCRIPT, _GLUED):
        for match in pattern.finditer(text, *span):
            numbers = expand(match[1])
            if pattern is _SUPERSCRIPT and _BASE_OF_POWER.search(
                text[max(0, match.start(1) - 4) : match.start(1)]
            ):
                continue
            if pattern is _BRACKETED and not _is_bracketed_marker(numbers, known):
                continue
            if pattern is _GLUED and not _is_glued_marker(text, match.start(), numbers, known):
                continue
            start = match.start()
            if pattern in (_BRACED, _BRACKETED):
                # Not in the pattern, which would read a long run of blanks again from each of them.
                while start > span[0] and text[start - 1].isspace():
                    start -= 1
            found.append(Marker(start, match.end(), numbers))
    return sorted(found, key=lambda marker: marker.start)


def _is_bracketed_marker(numbers: tuple[int, ...], known: Collection[int]) -> bool:
    """Not an interval: entries are counted from 1, and where there are any, one of them is meant."""
    return 0 not in numbers and (not known or any(number in known for number in numbers))


def _is_glued_marker(text: str, start: int, numbers: tuple[int, ...], known: Collection[int]) -> bool:
    before = text[max(0, start - 8) : start]
    return all(number in known for number in numbers) and not _LABELS_BEFORE_NUMBERS.search(before)


def expand(printed: str) -> tuple[int, ...]:
    """The numbers that a marker names: `"21-23,45"` is 21, 22, 23, 45; a falling range is its two ends."""
    numbers: list[int] = []
    for part in re.split(r"[,;]", printed.translate(_TO_PLAIN)):
        ends = [int(end) for end in part.split("-")]
        low, high = ends[0], ends[-1]
        numbers.extend(range(low, high + 1) if low <= high else ends)
    return tuple(dict.fromkeys(numbers))
