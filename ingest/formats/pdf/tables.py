"""Tables on a page of a PDF, found by their drawn lines."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.formats.grids import Merged
from ingest.formats.limits import MAX_GRID, MAX_RULES
from ingest.formats.pdf.glyphs import Glyph, Rule
from ingest.formats.pdf.hyphens import Vocabulary, join_lines
from ingest.formats.pdf.lines import Line, joined

CAPTION = re.compile(r"(?:Table|TABLE|Tab\.)\s+(?:[A-Z]?\d+[A-Za-z]?|[IVXL]+)(?=[.:\s]|$)")
_NEAR = 3.0
# How far from its caption a table's first rule may be, and least width of a table, in points.
_NEAR_CAPTION = 40.0
_LEAST_WIDTH = 60.0
# Least gap between two columns without a rule between them, in parts of the font's size.
_COLUMN_GAP = 0.5
# A table with a grid has so many cells with words, and this part of its cells; the grid of a graph has not.
_LEAST_CELLS, _LEAST_FILLED = 4, 0.4
# More lines above the first rule inside a table are no headers but rows.
_MOST_HEADER_LINES = 4


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table where it stands.

    rows: its cells; a merged cell stands in the first row and column that it covers.
    columns: x of its left edge and of the right edge of each column.
    headers: how many rows a rule parts from the rest as headers; None where the lines do not tell.
    """

    x0: float
    x1: float
    y0: float
    y1: float
    rows: tuple[tuple[Merged, ...], ...] = field(repr=False)
    columns: tuple[float, ...] = field(repr=False)
    headers: int | None = None

    def holds(self, line: Line) -> bool:
        """Whether a piece of a line stands in it."""
        middle = (line.x0 + line.x1) / 2
        return (
            self.x0 - 2 <= middle <= self.x1 + 2 and self.y0 - 1 <= line.base - 0.3 * line.size <= self.y1 + 1
        )


def find_tables(pieces: Sequence[Line], rules: Sequence[Rule], vocabulary: Vocabulary) -> list[PrintedTable]:
    """The tables of a page, those with a grid first; none overlaps another."""
    level = _together([rule for rule in rules if rule.horizontal])
    upright = _together([rule for rule in rules if not rule.horizontal])
    if len(level) + len(upright) > MAX_RULES:
        return []
    found = [table for group in _grids(level, upright) if (table := _grid(group, pieces, vocabulary))]
    loose = [rule for rule in level if not any(_inside(rule, table) for table in found)]
    for table in _open_tables(pieces, loose, vocabulary):
        if not any(
            table.y0 < other.y1 and other.y0 < table.y1 and table.x0 < other.x1 and other.x0 < table.x1
            for other in found
        ):
            found.append(table)
    return found


def _inside(rule: Rule, table: PrintedTable) -> bool:
    return table.y0 - _NEAR <= rule.y0 <= table.y1 + _NEAR and rule.x0 < table.x1 and table.x0 < rule.x1


def _together(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that go on where another ends, as cell borders drawn one by one do, as one."""
    together: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (round(r.y0), r.x0) if r.horizontal else (round(r.x0), r.y0)):
        last = together[-1] if together else None
        if last and rule.horizontal and abs(last.y0 - rule.y0) <= 1.5 and rule.x0 <= last.x1 + _NEAR:
            together[-1] = Rule(last.x0, last.y0, max(last.x1, rule.x1), last.y0)
        elif last and not rule.horizontal and abs(last.x0 - rule.x0) <= 1.5 and rule.y0 <= last.y1 + _NEAR:
            together[-1] = Rule(last.x0, last.y0, last.x0, max(last.y1, rule.y1))
        else:
            together.append(rule)
    return together


# Tables with a grid


def _grids(level: Sequence[Rule], upright: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of rules that cross or touch one another."""
    groups: list[list[Rule]] = []
    for rule in [*level, *upright]:
        touching = [g for g in groups if any(_touch(rule, other) for other in g)]
        groups = [g for g in groups if g not in touching]
        groups.append([rule, *(other for g in touching for other in g)])
    return [g for g in groups if sum(r.horizontal for r in g) >= 2 and sum(not r.horizontal for r in g) >= 3]


def _touch(a: Rule, b: Rule) -> bool:
    return (
        a.horizontal != b.horizontal
        and a.x0 <= b.x1 + _NEAR
        and b.x0 <= a.x1 + _NEAR
        and a.y0 <= b.y1 + _NEAR
        and b.y0 <= a.y1 + _NEAR
    )


def _grid(rules: Sequence[Rule], pieces: Sequence[Line], vocabulary: Vocabulary) -> PrintedTable | None:
    level = [rule for rule in rules if rule.horizontal]
    upright = [rule for rule in rules if not rule.horizontal]
    ys, xs = _edges([rule.y0 for rule in level]), _edges([rule.x0 for rule in upright])
    if len(ys) < 3 or len(xs) < 3 or len(ys) * len(xs) > MAX_GRID:
        return None

    def parted_right(row: int, edge: int) -> bool:
        y = (ys[row] + ys[row + 1]) / 2
        return any(abs(r.x0 - xs[edge]) <= _NEAR and r.y0 <= y <= r.y1 for r in upright)

    def parted_below(edge: int, column: int) -> bool:
        x = (xs[column] + xs[column + 1]) / 2
        return any(abs(r.y0 - ys[edge]) <= _NEAR and r.x0 <= x <= r.x1 for r in level)

    cells = _cells(len(ys) - 1, len(xs) - 1, parted_right, parted_below)
    glyphs = [g for piece in pieces for g in piece.glyphs]
    rows = tuple(
        tuple(
            (_text(_within(glyphs, xs[c], xs[c + columns], ys[r], ys[r + deep]), vocabulary), columns, deep)
            for r, c, columns, deep in cells
            if r == row
        )
        for row in range(len(ys) - 1)
    )
    texts = [text for row in rows for text, _, _ in row]
    filled = [text for text in texts if any(map(str.isalnum, text))]
    if len(filled) < max(_LEAST_CELLS, _LEAST_FILLED * len(texts)):
        return None
    return PrintedTable(xs[0], xs[-1], ys[0], ys[-1], rows, tuple(xs))


def _edges(places: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _cells(
    rows: int,
    columns: int,
    parted_right: Callable[[int, int], bool],
    parted_below: Callable[[int, int], bool],
) -> list[tuple[int, int, int, int]]:
    """(row, column, columns covered, rows covered) of each cell: it reaches to the next drawn edges."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            wide = deep = 1
            while column + wide < columns and not parted_right(row, column + wide):
                wide += 1
            while row + deep < rows and not parted_below(row + deep, column):
                deep += 1
            taken |= {(row + down, column + right) for down in range(deep) for right in range(wide)}
            cells.append((row, column, wide, deep))
    return cells


def _within(glyphs: Sequence[Glyph], x0: float, x1: float, y0: float, y1: float) -> list[Line]:
    return [Line((g,)) for g in glyphs if x0 <= (g.x0 + g.x1) / 2 < x1 and y0 <= g.base - 0.3 * g.size < y1]


def _text(parts: Sequence[Line], vocabulary: Vocabulary) -> str:
    return join_lines([line.text for line in joined(parts)], vocabulary)


# Tables with horizontal rules only, below or above a caption


def _open_tables(pieces: Sequence[Line], level: Sequence[Rule], vocabulary: Vocabulary) -> list[PrintedTable]:
    wide = [rule for rule in level if rule.x1 - rule.x0 >= _LEAST_WIDTH]
    captions = sorted((p for p in pieces if CAPTION.match(p.text)), key=lambda p: p.base)
    tables = []
    for caption in captions:
        others = [c.base for c in captions if c.x0 < caption.x1 and caption.x0 < c.x1 and c is not caption]
        over = [r for r in wide if r.x0 <= caption.x1 and r.x1 >= caption.x0]
        next_caption = min((y for y in others if y > caption.base), default=float("inf"))
        last_caption = max((y for y in others if y < caption.base), default=float("-inf"))
        below = sorted((r for r in over if caption.base - 1 <= r.y0 < next_caption), key=lambda r: r.y0)
        above = sorted((r for r in over if last_caption < r.y0 < caption.base), key=lambda r: -r.y0)
        table = _open_table(_alike(below, caption), pieces, vocabulary) or _open_table(
            _alike(above, caption)[::-1], pieces, vocabulary
        )
        if table:
            tables.append(table)
    return tables


def _alike(rules: Sequence[Rule], caption: Line) -> list[Rule]:
    """The rules of a table: the one next to its caption, and those of the same extent beyond it."""
    if not rules or abs(rules[0].y0 - caption.base) > _NEAR_CAPTION:
        return []
    first = rules[0]
    return [r for r in rules if abs(r.x0 - first.x0) <= _NEAR and abs(r.x1 - first.x1) <= _NEAR]


def _open_table(rules: Sequence[Rule], pieces: Sequence[Line], vocabulary: Vocabulary) -> PrintedTable | None:
    if len(rules) < 2:
        return None
    x0, x1, y0, y1 = rules[0].x0, rules[0].x1, rules[0].y0, rules[-1].y0
    inside = [p for p in pieces if x0 - 5 <= (p.x0 + p.x1) / 2 <= x1 + 5 and y0 < p.base - 0.3 * p.size < y1]
    # Doubled rules at the top and the bottom are one.
    middle = [r.y0 for r in rules if y0 + 4 < r.y0 < y1 - 4]
    head_end = middle[0] if middle else y0
    lines = _rows_of(inside)
    body = [row for row in lines if row[0].base > head_end]
    edges = _column_edges([p for row in body for p in row], x0, x1)
    if len(edges) < 3 or len(body) < 1:
        return None
    head = [row for row in lines if row[0].base <= head_end]
    if len(head) > _MOST_HEADER_LINES:
        # These are rows; the headers may stand above the first rule, with none above them.
        over = [p for p in pieces if x0 - 5 <= p.x0 and p.x1 <= x1 + 5 and y0 - 1.5 * p.size < p.base <= y0]
        head, body = ([over] if len(over) > 1 else []), lines
        y0 = min([y0, *(p.base - p.size for row in head for p in row)])
    printed = [_one_row([_placed(row, edges)], vocabulary) for row in head]
    printed += [_one_row(group, vocabulary) for group in _data_rows(body, edges, middle)]
    return PrintedTable(x0, x1, y0, y1, tuple(printed), tuple(edges), len(head))


def _rows_of(inside: Sequence[Line]) -> list[list[Line]]:
    """Pieces on one baseline, from the top down."""
    rows: list[list[Line]] = []
    for piece in sorted(inside, key=lambda p: p.base):
        if rows and piece.base - rows[-1][0].base <= 0.45 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _column_edges(body: Sequence[Line], x0: float, x1: float) -> list[float]:
    """The table's left edge, the middle of each gap that no piece of the body crosses, the right edge."""
    if not body:
        return [x0, x1]
    size = sorted(p.size for p in body)[len(body) // 2]
    edges, reach = [x0], min(p.x1 for p in body)
    for piece in sorted(body, key=lambda p: p.x0):
        if piece.x0 - reach > _COLUMN_GAP * size:
            edges.append((piece.x0 + reach) / 2)
        reach = max(reach, piece.x1)
    return [*edges, x1]


Placed = list[tuple[int, int, Line]]


def _placed(row: Sequence[Line], edges: Sequence[float]) -> Placed:
    """(first column, columns covered, piece) of each piece of a line."""
    placed = []
    for piece in sorted(row, key=lambda p: p.x0):
        covered = [
            number
            for number, (left, right) in enumerate(pairwise(edges))
            if min(right, piece.x1) - max(left, piece.x0) > 0.2 * piece.size
        ] or [0]
        placed.append((covered[0], len(covered), piece))
    if len(placed) == len(edges) - 1:
        # A piece for each column: headers wider than what stands below them.
        return [(number, 1, piece) for number, (_, _, piece) in enumerate(placed)]
    return placed


def _data_rows(
    body: Sequence[Sequence[Line]], edges: Sequence[float], parted: Sequence[float]
) -> list[list[Placed]]:
    """The lines of each row. A line with a blank first cell and few others goes on with the row above it."""
    columns = len(edges) - 1
    groups: list[list[Placed]] = []
    last = 0.0
    for row in body:
        placed = _placed(row, edges)
        filled = {column for column, _, _ in placed}
        parts = any(last < y < row[0].base for y in parted)
        wraps = 0 not in filled and 2 * len(filled) <= columns
        wraps = wraps or (filled == {0} and bool(groups) and placed[0][2].text[:1].islower())
        if groups and wraps and not parts:
            groups[-1].append(placed)
        else:
            groups.append([placed])
        last = row[0].base
    return groups


def _one_row(lines: Sequence[Placed], vocabulary: Vocabulary) -> tuple[Merged, ...]:
    """The cells of a row; those that no text stands in are blank."""
    texts: dict[int, list[str]] = {}
    wide: dict[int, int] = {}
    for placed in lines:
        of_line: dict[int, list[str]] = {}
        for column, columns, piece in placed:
            of_line.setdefault(column, []).append(piece.text)
            wide[column] = max(wide.get(column, 1), columns)
        for column, pieces in of_line.items():
            texts.setdefault(column, []).append(" ".join(pieces))
    cells: list[Merged] = []
    column = 0
    for start in sorted(texts):
        cells.extend(("", 1, 1) for _ in range(column, start))
        cells.append((join_lines(texts[start], vocabulary), wide[start], 1))
        column = start + wide[start]
    return tuple(cells)
