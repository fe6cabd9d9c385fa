"""The order in which a page of one or more columns is read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.formats.pdf.lines import Line

# A gutter has text on both sides in this many rows, and the text fills this part of each column.
_LEAST_ROWS = 5
_FILLED = 0.55
# Least width of a gutter, in parts of the font's size, and most columns.
_GUTTER = 0.9
_MOST_COLUMNS = 4
# Left of and right of this part of the text's width there is no gutter, only margins.
_OUTER = 0.12
# Pages of a document with the same gutters, for the others to have them too.
_LEAST_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Box:
    """Something that takes its place in the reading order: a piece of a line, or a table."""

    x0: float
    x1: float
    y0: float
    y1: float
    item: object


def gutters_of_pages(pages: Sequence[Sequence[Line]]) -> list[list[float]]:
    """The gutters of each page. A page that shows none has those of most pages, where they fit it too."""
    found = [gutters(pieces) for pieces in pages]
    common = Counter(tuple(round(x, -1) for x in of_page) for of_page in found if of_page).most_common(1)
    if not common or common[0][1] < _LEAST_SHARE * len(pages):
        return found
    usual = next(of_page for of_page in found if tuple(round(x, -1) for x in of_page) == common[0][0])
    fits = [all(_rows_beside(_Rows(p), x) >= _LEAST_ROWS for x in usual) for p in pages]
    return [own or (usual if fit else []) for own, fit in zip(found, fits, strict=True)]


def gutters(pieces: Sequence[Line]) -> list[float]:
    """x of the middle of each gutter between columns of prose, from left to right; [] for one column."""
    if len(pieces) < 2 * _LEAST_ROWS:
        return []
    left, right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    size = sorted(p.size for p in pieces)[len(pieces) // 2]
    rows = _Rows(pieces)
    found = [(x0 + x1) / 2 for x0, x1 in _gaps(rows, left, right, size)][: _MOST_COLUMNS - 1]
    while found and not all(_is_column(pieces, a, b) for a, b in pairwise([left, *found, right])):
        # Of gaps that cannot all be gutters, the one with the least text beside it is none.
        found.remove(min(found, key=lambda x: _rows_beside(rows, x)))
    return found


class _Rows:
    """The pieces of a page by row: the left and right edges of each."""

    def __init__(self, pieces: Sequence[Line]) -> None:
        self.edges: dict[int, list[tuple[float, float]]] = {}
        for piece in pieces:
            # The columns' baselines may be a little apart.
            for row in {round(piece.base / piece.size), round(piece.base / piece.size + 0.5)}:
                self.edges.setdefault(row, []).append((piece.x0, piece.x1))


def _gaps(rows: _Rows, left: float, right: float, size: float) -> list[tuple[float, float]]:
    """Stretches of x, a gutter wide, with text on both sides in many rows and across in few."""
    width = right - left
    step = max(size / 3, 2.0)
    gaps: list[tuple[float, float]] = []
    x = left + _OUTER * width
    while x < right - _OUTER * width:
        beside = _rows_beside(rows, x)
        crossing = sum(any(x0 < x < x1 for x0, x1 in row) for row in rows.edges.values())
        if beside >= _LEAST_ROWS and crossing <= beside:
            if gaps and x - gaps[-1][1] <= step * 1.5:
                gaps[-1] = (gaps[-1][0], x)
            else:
                gaps.append((x, x))
        x += step
    return [_clear(rows, gap) for gap in gaps if gap[1] - gap[0] + 2 * step >= _GUTTER * size]


def _clear(rows: _Rows, gap: tuple[float, float]) -> tuple[float, float]:
    """The part of a gap with the most rows beside it."""
    steps = [gap[0] + (gap[1] - gap[0]) * part / 8 for part in range(9)]
    beside = [_rows_beside(rows, x) for x in steps]
    best = [x for x, count in zip(steps, beside, strict=True) if count == max(beside)]
    return best[0], best[-1]


def _rows_beside(rows: _Rows, x: float) -> int:
    """How many rows have text on both sides of x and none across it."""
    return sum(
        any(x1 <= x for _, x1 in row) and any(x0 >= x for x0, _ in row) and not any(a < x < b for a, b in row)
        for row in rows.edges.values()
    )


def _is_column(pieces: Sequence[Line], x0: float, x1: float) -> bool:
    """Whether the text between two gutters is prose that fills its lines, and not the cells of a table."""
    inside = [p for p in pieces if p.x0 >= x0 - 1 and p.x1 <= x1 + 1]
    rows: dict[int, float] = {}
    for piece in inside:
        row = round(piece.base)
        rows[row] = rows.get(row, 0.0) + piece.x1 - piece.x0
    widths = sorted(rows.values())
    return len(widths) >= _LEAST_ROWS and widths[len(widths) // 2] >= _FILLED * (x1 - x0)


def in_reading_order(boxes: Sequence[Box], found: Sequence[float]) -> list[list[Box]]:
    """Runs of boxes, each of one column or across all, in the order in which they are read.

    What crosses a gutter stands across the page: all columns above it are read before it.
    """
    columns: list[list[Box]] = [[] for _ in range(len(found) + 1)]
    across: list[Box] = []
    runs: list[list[Box]] = []

    def flush() -> None:
        runs.extend(column for column in [across.copy(), *map(list, columns)] if column)
        across.clear()
        for column in columns:
            column.clear()

    for box in sorted(boxes, key=lambda b: (b.y0, b.x0)):
        crossed = [x for x in found if box.x0 < x - 2 and box.x1 > x + 2]
        if crossed:
            if any(columns):
                flush()
            across.append(box)
        else:
            columns[sum(x <= (box.x0 + box.x1) / 2 for x in found)].append(box)
    flush()
    return runs
