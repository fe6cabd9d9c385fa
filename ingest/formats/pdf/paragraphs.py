"""Lines in reading order gathered into paragraphs, across columns and pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.formats.pdf.lines import Line
from ingest.formats.pdf.tables import CAPTION, PrintedTable

_ITEM = re.compile(r"(?:[•▪●◦‣–]|\[\d{1,4}\]|\(?\d{1,3}[.)]|[a-z]\))\s+\S")
_NUMBER = re.compile(r"[\[(]?(\d{1,4})[\].)]\s")
_ENDS = re.compile(r"[.!?:;…][\"”’)\]]*(?:\^\{[^}]*\}|[⁰¹²³⁴-⁹⁻,]|\[[\d,–\s-]+\])*$")
_FIGURE = re.compile(r"(?:Fig(?:ure|\.)|Scheme|Box)\s*\d", re.IGNORECASE)
_NOTE = re.compile(r"(?:\^\{|[⁰¹²³⁴-⁹*†‡§¶]|\d{1,2}\s?[A-Z])")
# In parts of the font's size.
_INDENT = 0.7
_SIZE_STEP = 0.6


@dataclass(slots=True, eq=False)
class Paragraph:
    """Lines read together; `pages` has the page of each, `margins` its column's left and right edge."""

    lines: list[Line]
    pages: list[int]
    margins: list[tuple[float, float]]

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def page(self) -> int:
        return self.pages[0]

    @property
    def text(self) -> str:
        """Its lines as they are printed, joined by blanks."""
        return " ".join(line.text for line in self.lines)

    @property
    def finished(self) -> bool:
        return bool(_ENDS.search(self.lines[-1].text))


@dataclass(slots=True)
class PlacedTable:
    """A table with the page that it begins on."""

    table: PrintedTable
    page: int


Block = Paragraph | PlacedTable


@dataclass(frozen=True, slots=True)
class Run:
    """What is read in one go: lines and tables of one column, or across the columns, of one page."""

    items: tuple[Line | PrintedTable, ...]
    page: int


@dataclass(slots=True)
class Print:
    """How the document prints its text: the body's font size and the usual distance of its lines."""

    size: float
    leading: float
    blocks: list[Block] = field(default_factory=list)


def measure(runs: Sequence[Run]) -> Print:
    """The commonest size of glyphs, and the commonest distance of lines of that size."""
    sizes: Counter[float] = Counter()
    for run in runs:
        for item in run.items:
            if isinstance(item, Line):
                sizes[round(item.size, 1)] += len(item.glyphs)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    steps: Counter[float] = Counter()
    for run in runs:
        lines = [item for item in run.items if isinstance(item, Line)]
        for above, below in pairwise(lines):
            if abs(above.size - size) < 0.3 and abs(below.size - size) < 0.3:
                steps[round(below.base - above.base, 0)] += 1
    steps = Counter({step: count for step, count in steps.items() if 0.8 * size < step < 3 * size})
    return Print(size, steps.most_common(1)[0][0] if steps else 1.2 * size)


def gather(runs: Sequence[Run]) -> Print:
    """The blocks of a document in the order in which they are read, page by page."""
    printed = measure(runs)
    for run in runs:
        _gather_run(printed, run)
    return printed


def _gather_run(printed: Print, run: Run) -> None:
    lines = [item for item in run.items if isinstance(item, Line)]
    left = _commonest_left(lines)
    right = max((line.x1 for line in lines), default=0.0)
    current: Paragraph | None = None
    first = True
    for item in run.items:
        if isinstance(item, PrintedTable):
            printed.blocks.append(PlacedTable(item, run.page))
            current = None
            continue
        margins = (left, right)
        # What is above a table may go on below it.
        if current is None:
            current = _resumed(printed, item, run.page, left) if first or _goes_on(item) else None
            first = False
            if current is None:
                current = Paragraph([], [], [])
                printed.blocks.append(current)
        elif _breaks(current, item, margins, printed):
            current = Paragraph([], [], [])
            printed.blocks.append(current)
        current.lines.append(item)
        current.pages.append(run.page)
        current.margins.append(margins)


def _commonest_left(lines: Sequence[Line]) -> float:
    places = Counter(round(line.x0) for line in lines)
    if not places:
        return 0.0
    common = places.most_common(1)[0]
    # Where each entry hangs, most lines are indented: the edge is the leftmost place with some lines.
    least = max(2, 0.15 * common[1])
    return float(min((x for x, count in places.items() if count >= least), default=min(places)))


def _goes_on(line: Line) -> bool:
    return bool(re.match(r"[a-zà-öø-ÿ(]", line.text))


def _breaks(current: Paragraph, line: Line, margins: tuple[float, float], printed: Print) -> bool:
    """Whether a line begins a paragraph of its own below the line before it."""
    above = current.lines[-1]
    right = margins[1]
    size = line.size
    if abs(above.size - line.size) > _SIZE_STEP or (above.bold != line.bold and not _short_bold(above, line)):
        return True
    if line.bold and _is_another_heading(above, line):
        return True
    step = line.base - above.base
    usual = printed.leading * line.size / printed.size
    if len(current.lines) > 1 and current.pages[-2] == current.pages[-1]:
        usual = max(min(current.lines[-1].base - current.lines[-2].base, 1.6 * usual), 0.9 * usual)
    if step > usual * 1.25 + 1 or step < 0:
        return True
    opens = _ITEM.match(line.text) and line.x0 <= current.lines[0].x0 + _INDENT * size
    if opens and (current.finished or _follows(current.lines[0].text, line.text)):
        return True
    if line.x0 - above.x0 > _INDENT * size:
        return not _hangs(current, above, right)
    if above.x0 - line.x0 > _INDENT * size:
        # Out of the indent: the next hanging entry, unless the line above was a paragraph's indented first.
        return len(current.lines) > 1 or current.finished
    fits = above.x1 + line.first_word_width + 0.6 * size < right
    return fits and current.finished


def _is_another_heading(above: Line, line: Line) -> bool:
    """Whether two lines in bold are set differently: one centred, say, and one at the margin."""
    centred = abs((above.x0 + above.x1) - (line.x0 + line.x1)) <= line.size
    return abs(above.x0 - line.x0) > 2 * line.size and not centred


def _follows(above: str, below: str) -> bool:
    """Whether an item of a list opens with the number after that of the item above, or with its bullet."""
    first, second = (_NUMBER.match(text) for text in (above, below))
    if first and second:
        return int(second[1]) == int(first[1]) + 1
    return above[0] == below[0] and not above[0].isalnum()


def _short_bold(above: Line, line: Line) -> bool:
    """A paragraph may open with bold words ("Methods. We …"); its lines differ, but it is one."""
    return bool(above.glyphs[0].bold and not line.bold and not above.bold)


def _hangs(current: Paragraph, above: Line, right: float) -> bool:
    """Whether what is indented below a first line belongs to it: a list item, an entry of a bibliography."""
    if len(current.lines) > 1:
        return False
    full = above.x1 > right - 3 * above.size
    return bool(_ITEM.match(above.text)) or (full and not current.finished)


def _resumed(printed: Print, line: Line, page: int, left: float) -> Paragraph | None:
    """The paragraph of the column or page before that `line` goes on with; what stands between moves out."""
    for index in range(len(printed.blocks) - 1, -1, -1):
        block = printed.blocks[index]
        if isinstance(block, Paragraph) and not is_aside(block, printed):
            same = abs(block.size - line.size) <= _SIZE_STEP and block.lines[-1].bold == line.bold
            opens = _ITEM.match(line.text) and _follows(block.lines[0].text, line.text)
            indented = line.x0 - left > _INDENT * line.size and not _goes_on(line)
            if not same or block.finished or opens or indented or page - block.pages[-1] > 1:
                return None
            # A line that stops short of the margin is a heading: nothing goes on with it.
            short = len(block.lines) == 1 and block.lines[0].x1 < block.margins[0][1] - 3 * line.size
            if short and not _goes_on(line) and not block.lines[-1].text.endswith(("-", ",")):
                return None
            between = printed.blocks[index + 1 :]
            earlier = [b for b in between if b.page < page]
            printed.blocks[index:] = [*earlier, block, *(b for b in between if b.page >= page)]
            return block
    return None


def is_aside(block: Paragraph, printed: Print) -> bool:
    """Whether a paragraph stands beside the text: a caption, a note in small print."""
    opening = block.lines[0].text
    if CAPTION.match(opening) or _FIGURE.match(opening):
        return True
    return block.size <= printed.size - _SIZE_STEP and bool(_NOTE.match(opening))


def tables_joined(blocks: Sequence[Block]) -> Iterator[Block | list[PlacedTable]]:
    """Blocks with captions above their tables; a table is a list of its parts on one page after the other."""
    ordered = _captions_first(blocks)
    parts: list[PlacedTable] = []
    for block in ordered:
        if isinstance(block, PlacedTable):
            if parts and not _continues(parts[-1], block):
                yield parts
                parts = []
            parts.append(block)
            continue
        if parts:
            yield parts
            parts = []
        yield block
    if parts:
        yield parts


def _captions_first(blocks: Sequence[Block]) -> list[Block]:
    ordered = list(blocks)
    for index in range(1, len(ordered)):
        block, above = ordered[index], ordered[index - 1]
        before = ordered[index - 2] if index > 1 else None
        if is_caption(block) and isinstance(above, PlacedTable) and not is_caption(before):
            after = ordered[index + 1] if index + 1 < len(ordered) else None
            if not isinstance(after, PlacedTable) and block.page == above.page:
                ordered[index - 1], ordered[index] = block, above
    return ordered


def is_caption(block: Block | None) -> bool:
    """Whether it is the caption of a table."""
    return isinstance(block, Paragraph) and bool(CAPTION.match(block.lines[0].text))


def _continues(above: PlacedTable, below: PlacedTable) -> bool:
    """The same columns at the same places on the next page."""
    a, b = above.table.columns, below.table.columns
    shift = b[0] - a[0]
    return (
        below.page == above.page + 1
        and len(a) == len(b)
        and all(abs(y - x - shift) <= 4 for x, y in zip(a, b, strict=True))
    )
