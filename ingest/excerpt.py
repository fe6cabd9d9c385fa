"""Readable text that knows where each of its characters stands in the canonical text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from ingest.records import Span

# Markdown that a reader does not see: links keep their words, autolinks their address, emphasis its text.
# An asterisk with blanks on both sides, or letters or digits on both sides, is not emphasis.
_EMPHASIS = re.compile(
    r"""
    (?P<braced>\^\{[^{}\n]*\})      # a marker, whatever it holds
    | (?P<link>\[(?P<words>[^\[\]\n]*)\]\([^()\s]*\))
    | (?<![\s\w])\\\*\s*                    # an escaped asterisk: a bullet that a converter has escaped
    | (?<![\w*])\*+(?=[^\s*])
    | (?<=[^\s*])\*+(?![\w*])
    """,
    re.VERBOSE,
)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_INSERTED = -1


@dataclass(frozen=True)
class Excerpt:
    """What a person reads of one or more fragments of the canonical text.

    text: whitespace folded, markup and markers left out, fragments joined by one blank.
    offsets: the canonical offset of each character of `text`; -1 for one that stands nowhere.
    fragments: the spans it was read from, in reading order.
    elided: spans inside the fragments that were left out, in order.
    begins: where in `text` each fragment begins.
    """

    text: str
    offsets: tuple[int, ...]
    fragments: tuple[Span, ...]
    elided: tuple[Span, ...] = ()
    begins: tuple[int, ...] = (0,)

    @cached_property
    def _elided_starts(self) -> list[int]:
        return [start for start, _ in self.elided]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The verbatim spans of `text[start:end]`, one a fragment, with markup and markers at their ends."""
        found = []
        for n in range(max(bisect_right(self.begins, start) - 1, 0), len(self.fragments)):
            if self.begins[n] >= end:
                break
            stop = self.begins[n + 1] if n + 1 < len(self.begins) else len(self.text)
            places = range(max(start, self.begins[n]), min(end, stop))
            first = next((place for place in places if self._is_printed(place)), None)
            if first is not None:
                last = next(place for place in reversed(places) if self._is_printed(place))
                found.append(self._widened(n, self.offsets[first], self.offsets[last] + 1))
        return tuple(sorted(found))

    def _is_printed(self, place: int) -> bool:
        return self.text[place] != " " and self.offsets[place] != _INSERTED

    def _widened(self, fragment: int, start: int, end: int) -> Span:
        """With the markup and markers that touch it, and what is left out before a fragment's first word."""
        starts = self._elided_starts
        if start == self.offsets[self.begins[fragment]]:
            before = bisect_left(starts, self.fragments[fragment][0])
            start = min(start, starts[before]) if before < len(starts) else start
        position = bisect_right(starts, start) - 1
        while position >= 0 and self.elided[position][1] == start:
            start = self.elided[position][0]
            position -= 1
        position = bisect_left(starts, end)
        while position < len(starts) and starts[position] <= end:
            end = max(end, self.elided[position][1]) if starts[position] == end else end
            position += 1
        return start, end


def read_excerpt(canonical: str, fragments: Sequence[Span], markers: Sequence[Span] = ()) -> Excerpt:
    """Read `fragments` of `canonical`, leaving out `markers` and Markdown, folding whitespace.

    markers: sorted, since each excerpt is read with those of the whole document.
    """
    characters: list[str] = []
    offsets: list[int] = []
    elided: list[Span] = []
    begins: list[int] = []
    for start, end in fragments:
        hidden = _hidden(canonical, start, end, markers)
        elided.extend(hidden)
        if characters and characters[-1] != " ":
            characters.append(" ")
            offsets.append(_INSERTED)
        begins.append(len(characters))
        _read_fragment(canonical, (start, end), hidden, characters, offsets)
    while characters and characters[-1] == " ":
        characters.pop()
        offsets.pop()
    return Excerpt("".join(characters), tuple(offsets), tuple(fragments), tuple(elided), tuple(begins))


def _hidden(canonical: str, start: int, end: int, markers: Sequence[Span]) -> list[Span]:
    inside = markers[bisect_left(markers, (start,)) : bisect_left(markers, (end,))]
    furthest = list(accumulate((stop for _, stop in inside), max)) if inside else []
    spans = [span for span in inside if span[1] <= end]
    for s, e in _markup(canonical[start:end]):
        before = bisect_left(inside, (start + e,))
        if not before or furthest[before - 1] <= start + s:
            spans.append((start + s, start + e))
    return sorted(spans)


def _markup(text: str) -> list[Span]:
    spans: list[Span] = []
    for match in _AUTOLINK.finditer(text):
        spans += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
    for match in _EMPHASIS.finditer(text):
        if match["braced"]:
            continue
        if match["link"]:
            spans += [(match.start(), match.start("words")), (match.end("words"), match.end())]
        else:
            spans.append(match.span())
    return spans


def _read_fragment(
    canonical: str, fragment: Span, hidden: Sequence[Span], characters: list[str], offsets: list[int]
) -> None:
    position = fragment[0]
    for start, end in [*hidden, (fragment[1], fragment[1])]:
        for offset in range(position, start):
            character = canonical[offset]
            if not character.isspace():
                characters.append(character)
                offsets.append(offset)
            elif characters and characters[-1] != " ":
                characters.append(" ")
                offsets.append(offset)
        position = max(position, end)
