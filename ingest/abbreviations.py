"""Abbreviations and their meanings: from "long form (SF)" in prose and from the lists below tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.excerpt import Excerpt
from ingest.records import Abbreviation

LIST_LABEL = re.compile(r"\s*Abbreviations?(?: used)?:\s*", re.IGNORECASE)

# Characters before a bracket in which its long form is looked for: 17 words at most, about 120 characters.
_REACH = 1000
_PAIR = re.compile(r"\(([^()]{2,120})\)")
_ARTICLE = re.compile(r"(?:(?:an?|the)\s+)?", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9%&/-]{1,11}$")
_LIST_ITEM = re.compile(
    r"(?:^|[;,]\s*)(?P<short>[\w%/&-]{1,15}):\s*(?P<long>.+?)(?=[;,]\s*[\w%/&-]{1,15}:\s|[;.]?\s*$)"
)


def in_list(excerpt: Excerpt) -> list[Abbreviation]:
    """The pairs of an "Abbreviations: SF: long form; …" line, separated by semicolons or commas."""
    label = LIST_LABEL.match(excerpt.text)
    start = label.end() if label else 0
    found = []
    for match in _LIST_ITEM.finditer(excerpt.text[start:]):
        spans = excerpt.spans(start + match.start("short"), start + match.end("long"))
        found.append(Abbreviation(match["short"], match["long"], "table", spans))
    return found


def in_prose(excerpt: Excerpt) -> list[Abbreviation]:
    """The pairs "long form (SF)" and "SF (long form)" of a passage of prose (Schwartz & Hearst 2003)."""
    found = []
    for match in _PAIR.finditer(excerpt.text):
        skipped = max(0, match.start() - _REACH)
        before = excerpt.text[skipped : match.start()]
        for inside in _inside(match[1]):
            pair = _long_before(before, inside) or _short_before(before, inside)
            if pair:
                short, long, start = pair[0], pair[1], skipped + pair[2]
                spans = excerpt.spans(start, match.end())
                found.append(Abbreviation(short, long, "prose", spans))
    return found


def _inside(bracketed: str) -> Iterator[str]:
    yield from (part.strip(" \"“”'") for part in re.split(r"[;,]", bracketed))


def _long_before(before: str, short: str) -> tuple[str, str, int] | None:
    """`short` stands in brackets after its long form: the shortest run of words that spells it."""
    if not _is_short(short):
        return None
    singular = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    words = list(re.finditer(r"\S+", before))[-min(len(singular) + 5, len(singular) * 2) :]
    text = before[words[0].start() :] if words else ""
    start = _align(singular, text)
    if start is None or (start > 0 and text[start - 1].isalnum()):
        return None
    start += len(_ARTICLE.match(text[start:])[0])  # type: ignore[index]
    long = text[start:].rstrip()
    if len(long) <= len(short) or singular in long.split():
        return None
    return singular, _singular(long, short != singular), len(before) - len(text) + start


def _short_before(before: str, long: str) -> tuple[str, str, int] | None:
    """`long` stands in brackets after its short form, whose letters it spells."""
    words = before.split()
    if not words or not _is_short(words[-1]) or len(long.split()) < 2:
        return None
    start = _align(words[-1], long)
    return (words[-1], long, len(before.rstrip()) - len(words[-1])) if start == 0 else None


def _is_short(candidate: str) -> bool:
    return bool(_SHORT.match(candidate)) and sum(map(str.isupper, candidate)) >= 2


def _align(short: str, long: str) -> int | None:
    """Where in `long` the short form begins, matching its letters from the right; None if they don't match.

    Schwartz & Hearst 2003, figure 1: the first letter has to begin a word.
    """
    position = len(long)
    letters = [letter.lower() for letter in short if letter.isalnum()]
    for index in reversed(range(len(letters))):
        position -= 1
        while position >= 0 and (
            long[position].lower() != letters[index]
            or (index == 0 and position > 0 and long[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    return position


def _singular(long: str, is_plural: bool) -> str:
    return long[:-1] if is_plural and long.endswith("s") and not long.endswith("ss") else long


def unique(found: Iterable[Abbreviation]) -> tuple[Abbreviation, ...]:
    """One entry for each short form, meaning and source, the first mention kept."""
    kept: dict[tuple[str, str, str], Abbreviation] = {}
    for abbreviation in found:
        kept.setdefault((abbreviation.short, abbreviation.long.lower(), abbreviation.source), abbreviation)
    return tuple(kept.values())


class MeaningsOfCorpus:
    """Meanings that one document gives and another uses: it has the short form and the long form too.

    So a document that spells out only "iterative reconstruction (IR)" but also writes "tele-IR" and
    "interventional radiology" gets both, once all documents' own abbreviations were added.
    """

    def __init__(self) -> None:
        # By the first word in the short form: thousands of documents need not be searched for each other's.
        self._by_word: dict[str, dict[tuple[str, str], tuple[int, Abbreviation]]] = {}
        self._added = 0

    def add(self, own: Iterable[Abbreviation]) -> None:
        """Take up what one document explains itself."""
        for pair in own:
            word = _WORD.search(pair.short)
            same_word = self._by_word.setdefault(word[0] if word else "", {})
            place, _ = same_word.get(_key(pair), (self._added, pair))
            same_word[_key(pair)] = place, replace(pair, source="corpus", spans=())
            self._added += 1

    def completed(self, text: str, own: tuple[Abbreviation, ...]) -> tuple[Abbreviation, ...]:
        """A document's own abbreviations, then those that it borrows, in the order of adding."""
        lowered = text.lower()
        known = {_key(pair) for pair in own}
        borrowed = [
            (place, pair)
            for word in _first_words(text)
            for (short, long), (place, pair) in self._by_word.get(word, {}).items()
            if (short, long) not in known
            and long in lowered
            and re.search(rf"(?<!\w){re.escape(short)}s?(?!\w)", text)
        ]
        return own + tuple(pair for _, pair in sorted(borrowed, key=lambda found: found[0]))


def _key(pair: Abbreviation) -> tuple[str, str]:
    return pair.short, pair.long.lower()


def _first_words(text: str) -> set[str]:
    """Every word that a short form in the text may begin with; an s behind it may make it a plural."""
    words = set(_WORD.findall(text))
    return words | {word[:-1] for word in words if word.endswith("s")} | {""}
