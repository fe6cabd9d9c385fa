"""Readable text that knows where each of its characters stands in the canonical text."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a person reads of one or more fragments of the canonical text.

    text: whitespace folded, markup and markers left out, fragments joined by one blank.
    offsets: the canonical offset of each character of `text`; -1 for one that stands nowhere.
    fragments: the spans it was read from, in reading order.
    elided: spans inside the fragments that were left out, in order.
    """

    text: str
    offsets: tuple[int, ...]
    fragments: tuple[Span, ...]
    elided: tuple[Span, ...] = ()

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The verbatim spans of `text[start:end]`, one a fragment, with markup and markers at their ends."""
        found: dict[Span, list[int]] = {}
        for character, offset in zip(self.text[start:end], self.offsets[start:end], strict=True):
            if character != " " and offset != _INSERTED:
                fragment = next(f for f in self.fragments if f[0] <= offset < f[1])
                bounds = found.setdefault(fragment, [offset, offset + 1])
                bounds[0] = min(bounds[0], offset)
                bounds[1] = max(bounds[1], offset + 1)
        return tuple(sorted(self._widened(f, first, last) for f, (first, last) in found.items()))

    def _widened(self, fragment: Span, start: int, end: int) -> Span:
        """With the markup and markers that touch it, and what is left out before a fragment's first word."""
        starts = [span[0] for span in self.elided]
        if start == next(offset for offset in self.offsets if fragment[0] <= offset):
            start = min([start, *(first for first in starts if fragment[0] <= first)])
        position = bisect_right(starts, start) - 1
        while position >= 0 and self.elided[position][1] == start:
            start = self.elided[position][0]
            position -= 1
        for elided_start, elided_end in self.elided[max(position, 0) :]:
            if elided_start == end:
                end = elided_end
        return start, end


def read_excerpt(canonical: str, fragments: Sequence[Span], markers: Iterable[Span] = ()) -> Excerpt:
    """Read `fragments` of `canonical`, leaving out `markers` and Markdown, folding whitespace."""
    characters: list[str] = []
    offsets: list[int] = []
    elided: list[Span] = []
    marker_spans = tuple(markers)
    for start, end in fragments:
        hidden = _hidden(canonical, start, end, marker_spans)
        elided.extend(hidden)
        if characters and characters[-1] != " ":
            characters.append(" ")
            offsets.append(_INSERTED)
        _read_fragment(canonical, (start, end), hidden, characters, offsets)
    while characters and characters[-1] == " ":
        characters.pop()
        offsets.pop()
    return Excerpt("".join(characters), tuple(offsets), tuple(fragments), tuple(elided))


def _hidden(canonical: str, start: int, end: int, markers: Sequence[Span]) -> list[Span]:
    spans = [span for span in markers if start <= span[0] and span[1] <= end]
    spans.extend(
        (start + s, start + e)
        for s, e in _markup(canonical[start:end])
        if not any(m[0] < start + e and start + s < m[1] for m in markers)
    )
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
