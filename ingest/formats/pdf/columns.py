"""The order in which a page of one or more columns is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.formats.pdf.lines import Line

# A gutter has text on both sides in this many rows, and the text fills this part of each column.
_LEAST_ROWS = 5
_FILLED = 0.55
# Least width of a gutter, in parts of the font's size, and most columns.
_GUTTER = 0.9
_MOST_COLUMNS = 4
# Left of and right of this part of the text's width there is no gutter, only margins.
_OUTER = 0.12


@dataclass(frozen=True, slots=True)
class Box:
    """Something that takes its place in the reading order: a piece of a line, or a table."""

    x0: float
    x1: float
    y0: float
    y1: float
    item: object


def gutters(pieces: Sequence[Line]) -> list[float]:
    """x of the middle of each gutter between columns of prose, from left to right; [] for one column."""
    if len(pieces) < 2 * _LEAST_ROWS:
        return []
    left, right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    size = sorted(p.size for p in pieces)[len(pieces) // 2]
    found: list[float] = []
    for x0, x1 in _gaps(pieces, left, right, size):
        middle = (x0 + x1) / 2
        if len(found) < _MOST_COLUMNS - 1:
            found.append(middle)
    while found and not all(_is_column(pieces, a, b) for a, b in _columns(found, left, right)):
        # Of two gaps that cannot both be gutters, the one with less text beside it is none.
        found.remove(min(found, key=lambda x: _rows_beside(pieces, x)))
    return found


def _gaps(pieces: Sequence[Line], left: float, right: float, size: float) -> list[tuple[float, float]]:
    """Stretches of x, a gutter wide, with text on both sides in many rows and across in few."""
    width = right - left
    step = max(size / 4, 1.0)
    candidates = []
    x = left + _OUTER * width
    while x < right - _OUTER * width:
        crossing = sum(p.x0 < x < p.x1 for p in pieces)
        candidates.append((x, crossing))
        x += step
    gaps: list[tuple[float, float]] = []
    for x, crossing in candidates:
        beside = _rows_beside(pieces, x)
        if beside < _LEAST_ROWS or crossing > beside:
            continue
        if gaps and x - gaps[-1][1] <= step * 1.5:
            gaps[-1] = (gaps[-1][0], x)
        else:
            gaps.append((x, x))
    return [_clear(pieces, gap) for gap in gaps if gap[1] - gap[0] + step >= _GUTTER * size]


def _clear(pieces: Sequence[Line], gap: tuple[float, float]) -> tuple[float, float]:
    """The part of a gap that the fewest pieces cross."""
    steps = [gap[0] + (gap[1] - gap[0]) * part / 8 for part in range(9)]
    crossed = [sum(p.x0 < x < p.x1 for p in pieces) for x in steps]
    best = [x for x, count in zip(steps, crossed, strict=True) if count == min(crossed)]
    return best[0], best[-1]


def _rows_beside(pieces: Sequence[Line], x: float) -> int:
    """How many rows have text on both sides of x and none across it."""
    left: dict[int, bool] = {}
    right: set[int] = set()
    crossed: set[int] = set()
    for piece in pieces:
        # The columns' baselines may be a little apart.
        rows = {round(piece.base / piece.size), round(piece.base / piece.size + 0.5)}
        if piece.x1 <= x:
            left.update(dict.fromkeys(rows, True))
        elif piece.x0 >= x:
            right |= rows
        else:
            crossed |= rows
    return len((left.keys() & right) - crossed)


def _columns(found: Sequence[float], left: float, right: float) -> list[tuple[float, float]]:
    edges = [left, *found, right]
    return list(zip(edges, edges[1:], strict=False))


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
