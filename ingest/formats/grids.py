"""Tables with merged cells, written out as a grid."""

from collections.abc import Sequence

from ingest.errors import FormatError
from ingest.formats.limits import MAX_CELLS

# A cell: its text, and how many columns and rows it covers.
Merged = tuple[str, int, int]


def written_out(cells: Sequence[Sequence[Merged]], file_name: str) -> list[list[str]]:
    """The grid of a table with merged cells, in the order of the file.

    A merged cell's text stands in each row and column that it covers, but a row that is one cell stands in
    its first column only: it is a category.
    """
    grid: list[list[str | None]] = [[] for _ in cells]
    width = max((sum(columns for _, columns, _ in row) for row in cells), default=0)
    if width * len(cells) > MAX_CELLS:
        raise FormatError(
            f"{file_name} has a table of {width} × {len(cells)} cells, at most {MAX_CELLS} are read; split it"
        )
    for number, row in enumerate(cells):
        column = 0
        for text, columns, rows in row:
            while column < len(grid[number]) and grid[number][column] is not None:
                column += 1
            whole = len(row) == 1 and columns > 1
            for below in grid[number : number + max(rows, 1)]:
                below.extend([None] * (column + columns - len(below)))
                for place in range(column, column + columns):
                    below[place] = "" if whole and place > column else text
            column += columns
    return [[text or "" for text in row] for row in grid]


def header_rows(merged: Sequence[Sequence[Merged]]) -> int:
    """How many rows head a table that marks none: those that the merged cells of the first one reach."""
    if len(merged) < 2:
        return 0
    first = merged[0]
    grouped = len(first) > 1 and any(columns > 1 for _, columns, _ in first)
    deepest = max((rows for _, _, rows in first), default=1)
    return min(max(deepest, 2 if grouped else 1), len(merged) - 1)
