"""Running heads, running feet and page numbers: what repeats at the edges of the pages."""

import re
from collections import Counter
from collections.abc import Sequence

from ingest.formats.pdf.lines import Line

# Parts of a page's height in which heads and feet stand.
_TOP, _BOTTOM = 0.12, 0.90
# A head stands on this many pages at least; on the left and the right page it may be another.
_LEAST_PAGES = 2
_LEAST_SHARE = 0.2
_PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-–—\s]*(\d{1,5}|[ivxlc]{1,6})[-–—\s]*(?:(?:of|/)\s*\d{1,5})?", re.IGNORECASE
)


def without_furniture(
    pages: Sequence[Sequence[Line]], edges: Sequence[tuple[float, float]]
) -> list[list[Line]]:
    """The lines of each page without heads, feet and page numbers.

    edges: y of the top and the bottom of each page.
    """
    outer = [
        [line for line in lines if _is_outer(line, *edge)] for lines, edge in zip(pages, edges, strict=True)
    ]
    counts = Counter(key for lines in outer for key in {_key(line) for line in lines})
    least = max(_LEAST_PAGES, _LEAST_SHARE * len(pages))
    kept = []
    for number, lines in enumerate(pages):
        furniture = {
            id(line)
            for line in outer[number]
            if counts[_key(line)] >= least or _PAGE_NUMBER.fullmatch(line.text) or _names_page(line, outer)
        }
        kept.append([line for line in lines if id(line) not in furniture])
    return kept


def _is_outer(line: Line, top: float, bottom: float) -> bool:
    place = (line.base - top) / max(bottom - top, 1.0)
    return place < _TOP or place > _BOTTOM


def _key(line: Line) -> tuple[str, int]:
    """The words without figures, which count the pages, and the height on the page."""
    words = re.sub(r"\d+|\b[ivxlc]+\b", "#", line.text.lower())
    return " ".join(words.split()), round(line.base / 10)


def _names_page(line: Line, outer: Sequence[Sequence[Line]]) -> bool:
    """Whether a short line begins or ends with a number that counts up with the pages: "Lim et al. | 17"."""
    mine = _end_numbers(line)
    if not mine or len(line.text.split()) > 12:
        return False
    pages = [{n for other in lines for n in _end_numbers(other)} for lines in outer]
    place = next(number for number, lines in enumerate(outer) if any(other is line for other in lines))
    return any(
        sum(value + number - place in found for number, found in enumerate(pages)) >= max(3, 0.6 * len(pages))
        for value in mine
    )


def _end_numbers(line: Line) -> set[int]:
    words = line.text.split()
    return {int(word) for word in (words[:1] + words[-1:]) if word.isdecimal() and len(word) < 6}
