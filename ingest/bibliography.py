"""Bibliography entries as printed: number, text, identifiers, and what is odd about them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.excerpt import read_excerpt
from ingest.records import Reference, Span

HEADINGS = frozenset({"references", "bibliography", "literature", "literature cited", "works cited"})

_NUMBERED = re.compile(r"\s*(?:\[(\d{1,4})\]|(\d{1,4})[.)])\s+(?=\S)")
_LARGEST_GAP = 10
_BULLET = re.compile(r"\s*[-•*]\s+")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>\"]+")
_PMID = re.compile(r"\bPMID:\s*(\d{1,8})\b")
_URL = re.compile(r"https?://[^\s<>\"]+")
# "Shimizu H, Nakayama KI." after an identifier: a second reference begins inside the entry.
_AUTHORS = re.compile(
    r"\s+(?=[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)? [A-Z]{1,3}(?:, [A-Z][\w'’-]+ [A-Z]{1,3})*[.,] )"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of one entry: its printed number, if any, and its fragments without number and bullets."""

    number: int | None
    fragments: tuple[Span, ...]


def read_entries(text: str, lines: Sequence[Span]) -> list[Entry]:
    """Group the lines of a reference section into entries.

    A line that begins with a number not seen before, and not far above those seen, opens an entry; other
    lines continue the one above, also across a page break and behind a stray bullet. Without any numbers,
    each line is an entry.
    """
    entries: list[tuple[int | None, list[Span]]] = []
    seen: set[int] = set()
    numbered = any(_NUMBERED.match(text[slice(*line)]) for line in lines)
    for line in lines:
        opening = _NUMBERED.match(text, *line)
        number = int(opening[1] or opening[2]) if opening else None
        if opening and number is not None and _opens(number, seen):
            seen.add(number)
            entries.append((number, [(opening.end(), line[1])]))
        elif not numbered:
            entries.append((None, [_without_bullet(text, line)]))
        elif entries:
            entries[-1][1].append(_without_bullet(text, line))
    return [Entry(number, tuple(fragments)) for number, fragments in entries]


def _opens(number: int, seen: Collection[int]) -> bool:
    """Not a wrapped line that begins with a year or a page: the next entry's number is near the last."""
    return number not in seen and (not seen or number <= max(seen) + _LARGEST_GAP)


def is_numbered(line: str) -> bool:
    """Whether a line begins with an entry's number."""
    return bool(_NUMBERED.match(line))


def _without_bullet(text: str, line: Span) -> Span:
    bullet = _BULLET.match(text, *line)
    return (bullet.end(), line[1]) if bullet else line


def read_references(text: str, entries: Sequence[Entry]) -> tuple[Reference, ...]:
    """Parse each entry as printed; what is odd is recorded, nothing is repaired."""
    references = []
    for position, entry in enumerate(entries, start=1):
        excerpt = read_excerpt(text, entry.fragments)
        own, glued = _split_glued(excerpt.text)
        oddities = (f"another reference is printed inside this entry: “{glued}”",) if glued else ()
        doi = _first_doi(own)
        pmid = _PMID.search(own)
        references.append(
            Reference(
                number=entry.number if entry.number is not None else position,
                text=excerpt.text,
                spans=entry.fragments,
                doi=doi,
                pmid=pmid[1] if pmid else None,
                url=_first_url(own),
                oddities=oddities,
            )
        )
    return tuple(references)


def _split_glued(printed: str) -> tuple[str, str]:
    """The entry's own part, and the part after its identifier that is another reference."""
    identifier = _DOI.search(printed) or _PMID.search(printed)
    second = _AUTHORS.search(printed, identifier.end()) if identifier else None
    return (printed[: second.start()], printed[second.end() :]) if second else (printed, "")


def _first_doi(printed: str) -> str | None:
    match = _DOI.search(printed)
    return _unpunctuated(match[0]) if match else None


def _first_url(printed: str) -> str | None:
    match = _URL.search(printed)
    return _unpunctuated(match[0]) if match else None


def _unpunctuated(identifier: str) -> str:
    """Without the sentence's own punctuation; a closing bracket stays where the identifier opened it."""
    unopened = identifier.count(")") - identifier.count("(")
    end = len(identifier)
    while identifier[end - 1] in ".,;:" or (identifier[end - 1] == ")" and unopened > 0):
        end -= 1
        unopened -= identifier[end] == ")"
    return identifier[:end]


def with_citation_oddities(
    references: Iterable[Reference], cited: Sequence[int], named: Collection[int] = ()
) -> tuple[Reference, ...]:
    """Record the entries that the text never cites, or first cites out of the order of their numbers.

    cited: numbers in the order of mention in the text. Without any, nothing is recorded.
    named: numbers of those that a table names, which have no order.
    """
    first_mentions = list(dict.fromkeys(cited))
    strays = set(first_mentions) - set(_longest_rising(first_mentions))
    checked = []
    for reference in references:
        oddities = reference.oddities
        if first_mentions and reference.number not in {*first_mentions, *named}:
            oddities += ("never cited in the text",)
        elif reference.number in strays:
            oddities += ("first cited out of the order of its number",)
        checked.append(replace(reference, oddities=oddities))
    return tuple(checked)


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The longest rising subsequence: leaving it out leaves the fewest numbers that stand out of order."""
    best: list[list[int]] = []
    for number in numbers:
        longest = max((run for run in best if run[-1] < number), key=len, default=[])
        best.append([*longest, number])
    return max(best, key=len, default=[])
