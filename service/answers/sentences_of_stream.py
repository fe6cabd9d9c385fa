"""Sentences with their `[n]` markers, from a text that grows piece by piece."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ingest.sentences import split_sentences

_NUMBERS = r"(?:passages?\s*)?\d{1,3}(?:\s*(?:[,;–-]|and)\s*(?:passages?\s*)?\d{1,3})*"
# [1], [1, 2], [1-3], [Passage 1], 【1】, with the blank before it.
_MARKER = re.compile(rf"\s*[\[【]\s*({_NUMBERS})\s*[\]】]", re.IGNORECASE)
_OPENED = re.compile(r"[\[【][^\]】]{0,24}$")  # it may become a marker
_AFTER_THE_STOP = re.compile(r"([.!?…][\"”’)]*)((?:\s*\[[\d, ]+\])+)(?=\s|$)")
_BULLET = re.compile(r"^(?:[-*•–]\s+|\d{1,2}[.)]\s+|#+\s*)")
_BEFORE_THE_STOP = re.compile(r"\s+(?=[.,;:!?…](?:\s|$))")


@dataclass(frozen=True, slots=True)
class CitingSentence:
    """A sentence without its markers, and the numbers that they named, in order."""

    text: str
    numbers: tuple[int, ...]


class SentenceStream:
    """Cuts a growing text into sentences.

    Markers that name none of `given` vanish, from the text that is shown and from the sentences.
    """

    def __init__(self, given: Collection[int]) -> None:
        self._given = given
        self._held = ""  # the end of what came, while it may be the beginning of a marker
        self._open = ""  # the sentence that is being written

    def feed(self, piece: str) -> tuple[str, list[CitingSentence]]:
        """What `piece` adds to the text that is shown, and the sentences that are whole now."""
        text = self._held + piece
        opened = _OPENED.search(text)
        kept = text[: opened.start()].rstrip() if opened else text.rstrip()
        self._held = text[len(kept) :]
        shown = self._cleaned(kept)
        self._open += shown
        return shown, list(self._whole())

    def finish(self, *, cut_short: bool = False) -> tuple[str, list[CitingSentence]]:
        """The rest. cut_short: the text ends half way, so that a last sentence without a stop is none."""
        shown = self._cleaned(self._held.rstrip())
        text, self._held, self._open = self._open + shown, "", ""
        sentences = [sentence for line in text.split("\n") for sentence in _sentences(line)]
        if cut_short and sentences and not re.search(r"[.!?…][\"”’)\]]*$", sentences[-1].text):
            sentences.pop()
        return shown, sentences

    def _whole(self) -> Iterator[CitingSentence]:
        *lines, rest = self._open.split("\n")
        for line in lines:
            yield from _sentences(line)
        rest = _markers_before_stops(_BULLET.sub("", rest))
        spans = split_sentences(rest)
        for start, end in spans[:-1]:
            yield from _sentences(rest[start:end])
        self._open = rest[spans[-1][0] :] if len(spans) > 1 else rest

    def _cleaned(self, text: str) -> str:
        return _MARKER.sub(self._marker, text)

    def _marker(self, match: re.Match[str]) -> str:
        known = [n for n in _numbers(match[1]) if n in self._given]
        return f" [{', '.join(map(str, known))}]" if known else ""


def _sentences(line: str) -> Iterator[CitingSentence]:
    line = _markers_before_stops(_BULLET.sub("", line.strip()).replace("**", ""))
    for start, end in split_sentences(line):
        cited = [n for match in _MARKER.finditer(line, start, end) for n in _numbers(match[1])]
        text = _BEFORE_THE_STOP.sub("", _MARKER.sub("", line[start:end])).strip()
        if re.search(r"\w", text):
            yield CitingSentence(" ".join(text.split()), tuple(dict.fromkeys(cited)))


def _markers_before_stops(text: str) -> str:
    """ "It did. [1]" as "It did [1].": a marker after a stop belongs to the sentence before it."""
    return _AFTER_THE_STOP.sub(r"\2\1", text)


def _numbers(listed: str) -> list[int]:
    """[1, 3, 4, 5] of "1, 3-5"."""
    numbers: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[–-]\s*(?:passages?\s*)?(\d+))?", listed, re.IGNORECASE):
        numbers += range(int(first), int(last or first) + 1)
    return numbers
