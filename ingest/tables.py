"""Tables in pipe notation: headers, data rows under their headers, categories, merged and slipped cells.

Converters lose two things of a printed table. A merged cell appears once and is blank in the rows below it;
it is filled down. And where the merged cells at the left are dropped altogether, the rest of a row slips to
the left of its columns and blanks are left at its right; such a row is put back, and the repair is recorded.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.excerpt import read_excerpt
from ingest.records import Span

# Possessive: two runs of blanks side by side would be tried in every division.
_SEPARATOR = re.compile(r"^\s*+\|?+\s*+:?+-++:?+\s*+(?:\|\s*+:?+-++:?+\s*+)*+\|?+\s*+$")
_CELL = re.compile(r"(?:\\\||[^|])*")
_WORD = re.compile(r"[^\W\d_]+|\d+")
# Merged cells stand in the first two columns: a group and a subgroup (organ and scan type, domain and phase).
_STUB_COLUMNS = 2
# Every row repeats its headers, its category and what is filled down. Without a limit to these a file of 1 MB
# could make rows of many GB.
MOST_COLUMNS = 200
MOST_REPEATED = 5000  # characters


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's readable value and where it stands; blank cells have no span."""

    text: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A data row, one cell a header, merged cells filled down from the rows above.

    span: the row's own line from its first to its last pipe.
    group: the category row above it, where the table has such rows.
    slipped: the printed cells stood to the left of their columns and were put back.
    """

    number: int
    cells: tuple[Cell, ...]
    span: Span
    group: Cell | None = None
    slipped: bool = False

    def labelled(self, headers: Sequence[str]) -> list[tuple[str, str]]:
        """(header, value) of each filled cell; the category row above comes first, as "Group"."""
        group = [("Group", self.group.text)] if self.group else []
        return group + [(h, c.text) for h, c in zip(headers, self.cells, strict=True) if c.text]

    def text(self, headers: Sequence[str]) -> str:
        """The row as a person reads it: "Header: value; …"; of a column without header, the value."""
        return "; ".join(f"{h}: {value}" if h else value for h, value in self.labelled(headers))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The row's line, and the cells and category that it inherits from lines above."""
        inherited = [cell.span for cell in (self.group, *self.cells) if cell and cell.span]
        outside = {span for span in inherited if not self.span[0] <= span[0] < self.span[1]}
        return tuple(sorted({*outside, self.span}))


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: `headers` in the order of the columns, the first possibly empty."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    span: Span
    oddities: tuple[str, ...] = field(default=())


def is_table_line(line: str) -> bool:
    """Whether a line of text is a row in pipe notation."""
    stripped = line.strip()
    return stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 1


def read_table(text: str, lines: Sequence[Span], markers: Sequence[Span] = ()) -> Table | None:
    """The table that stands in consecutive pipe lines of `text`; None if a header or its rule is missing.

    markers: spans that are no part of what a person reads in the cells.
    """
    if len(lines) < 2 or not _SEPARATOR.match(text[slice(*lines[1])]):
        return None
    headers = tuple(cell.text for cell in _cells(text, lines[0], markers))
    if len(headers) > MOST_COLUMNS or sum(map(len, headers)) > MOST_REPEATED:
        return None
    printed = [
        (_fitted(_cells(text, line, markers), len(headers)), _trimmed(text, line)) for line in lines[2:]
    ]
    rows = _data_rows([(cells, span) for cells, span in printed if any(cell.text for cell in cells)])
    slipped = tuple(
        f"row {row.number} had slipped out of its columns and was put back" for row in rows if row.slipped
    )
    return Table(headers, tuple(rows), (lines[0][0], lines[-1][1]), slipped)


def _cells(text: str, line: Span, markers: Sequence[Span]) -> list[Cell]:
    start, end = _trimmed(text, line)
    cells = []
    position = start + 1
    while position < end:
        match = _CELL.match(text, position, end - 1)
        stop = match.end() if match else end - 1
        cells.append(_cell(text, position, stop, markers))
        position = stop + 1
    return cells


def _cell(text: str, start: int, end: int, markers: Sequence[Span]) -> Cell:
    printed = text[start:end]
    readable = read_excerpt(text, [(start, end)], markers).text.replace(r"\|", "|")
    value = " ".join(readable.replace("<br>", " ").split())
    if not value:
        return Cell()
    left = len(printed) - len(printed.lstrip())
    return Cell(value, (start + left, start + len(printed.rstrip())))


def _trimmed(text: str, line: Span) -> Span:
    printed = text[slice(*line)]
    start = line[0] + len(printed) - len(printed.lstrip())
    return start, start + len(printed.strip())


def _fitted(cells: list[Cell], width: int) -> list[Cell]:
    """`cells` at the table's width: short rows are padded, and over-long ones lose blanks, never words."""
    fitted = cells + [Cell()] * (width - len(cells))
    while len(fitted) > width and not fitted[-1].text:
        fitted.pop()
    blanks = next((n for n, cell in enumerate(fitted) if cell.text), 0)
    del fitted[: max(0, min(blanks, len(fitted) - width))]
    if len(fitted) > width:
        rest = [cell for cell in fitted[width - 1 :] if cell.text and cell.span]
        spans = [cell.span for cell in rest if cell.span]
        joined = Cell(" ".join(cell.text for cell in rest), (spans[0][0], spans[-1][1]))
        fitted[width - 1 :] = [joined]
    return fitted


def _data_rows(printed: list[tuple[list[Cell], Span]]) -> list[Row]:
    rows: list[Row] = []
    above: list[Cell] = []
    group: Cell | None = None
    columns = (
        [
            Counter(word for cells, _ in printed for word in _words(cells[n]))
            for n in range(len(printed[0][0]))
        ]
        if printed
        else []
    )
    for cells, span in printed:
        if _is_category(cells):
            group, above = cells[0], []
            continue
        placed = _put_back(cells, columns)
        filled = _filled_down(placed, above)
        rows.append(Row(len(rows) + 1, tuple(filled), span, group, slipped=placed is not cells))
        above = filled
    return rows


def _is_category(cells: list[Cell]) -> bool:
    lone = len(cells) > 1 and bool(cells[0].text) and not any(cell.text for cell in cells[1:])
    return lone and len(cells[0].text) <= MOST_REPEATED


def _words(cell: Cell) -> set[str]:
    return set(_WORD.findall(cell.text.lower()))


def _put_back(cells: list[Cell], columns: Sequence[Counter[str]]) -> list[Cell]:
    """`cells` moved to the right end of the row if they fit the columns there better than as printed.

    columns: of each, in how many rows of the table, this one among them, a word is printed.
    """
    words = [cell for cell in cells if cell.text]
    if cells[-1].text or len(words) < 2:
        return cells
    moved = [Cell()] * (len(cells) - len(words)) + words
    return moved if _fit(moved, cells, columns) > _fit(cells, cells, columns) else cells


def _fit(placed: list[Cell], printed: list[Cell], columns: Sequence[Counter[str]]) -> float:
    """How far the cells' words are those of their columns in the other rows: the mean share, 0 to 1."""
    shares = []
    for cell, own, column in zip(placed, printed, columns, strict=True):
        words, own_words = _words(cell), _words(own)
        if words:
            known = [word for word in words if column[word] > (word in own_words)]
            shares.append(len(known) / len(words))
    return sum(shares) / len(shares) if shares else 0.0


def _filled_down(cells: list[Cell], above: list[Cell]) -> list[Cell]:
    """Blank cells at the left take the value above, up to the first printed one, which opens a new group."""
    filled = list(cells)
    for column in range(min(_STUB_COLUMNS, len(cells) - 1, len(above))):
        if cells[column].text or len(above[column].text) > MOST_REPEATED:
            break
        filled[column] = replace(above[column])
    return filled
