"""Tables of HTML: cells that cover several rows or columns are written out."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.formats.grids import header_rows, written_out
from ingest.formats.html_words import words

# As much as browsers take; a larger number is a mistake or an attack.
_MOST_ROWS = 65_534
_MOST_COLUMNS = 1000


def read_grid(table: Element, file_name: str) -> tuple[list[list[str]], int] | None:
    """The cells of a table row by row, and how many rows head it; None for a table that is only layout.

    Raises FormatError if it has too many cells.
    """
    rows = list(_rows(table))
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if table.get("role") == "presentation" or max(map(len, cells), default=0) < 2 or _nests(table):
        return None
    left = [len(cells) - number for number in range(len(cells))]
    merged = [
        [
            (
                words(cell),
                _span(cell, "colspan", _MOST_COLUMNS),
                min(_span(cell, "rowspan", _MOST_ROWS), rest),
            )
            for cell in row
        ]
        for row, rest in zip(cells, left, strict=True)
    ]
    marked = sum(_is_header(row, found) for row, found in zip(rows, cells, strict=True))
    return written_out(merged, file_name), marked or header_rows(merged)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody"):
            yield from (row for row in child if row.tag == "tr")


def _nests(table: Element) -> bool:
    return next(table.iterdescendants("table"), None) is not None


def _is_header(row: Element, cells: list[Element]) -> bool:
    return row.getparent().tag == "thead" or (bool(cells) and all(cell.tag == "th" for cell in cells))


def _span(cell: Element, name: str, most: int) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), most) if value.isdecimal() and len(value) < 10 else 1
