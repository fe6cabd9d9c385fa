"""The blocks of a PDF written as canonical text: headings by their print, notes, tables, pages."""

import re
from collections.abc import Iterator

from ingest import headings
from ingest.formats.canonical import PAGE_START, Canonical
from ingest.formats.grids import header_rows, written_out
from ingest.formats.pdf.hyphens import Vocabulary, join_lines
from ingest.formats.pdf.paragraphs import Paragraph, PlacedTable, Print, is_aside, is_caption, tables_joined

_NUMBER = re.compile(r"(?:(\d{1,2}(?:\.\d{1,2})*)\.?|[IVX]+\.|[A-Z]\.)\s+(?=[^\W\d_])")
_ABSTRACT = re.compile(r"(Abstract|ABSTRACT|Summary)\s*(?:[—–:.]|-{1,2})\s*(?=\S)")
_BACK = re.compile(
    r"(?:references|bibliography|literature cited|acknowledge?ments?|abstract)$", re.IGNORECASE
)
_MAX_WORDS = 20
_MAX_LINES = 4
_MAX_TITLE_WORDS = 45
_LARGER = 0.6
_WIDE_GAP = 1.5  # in parts of the font's size

Style = tuple[float, bool, bool, bool]


def write(printed: Print, vocabulary: Vocabulary, pages: int, file_name: str) -> tuple[str, tuple[int, ...]]:
    """The canonical text and the offset at which each of the `pages` pages begins."""
    return _Printer(printed, vocabulary, file_name).write(pages)


class _Printer:
    def __init__(self, printed: Print, vocabulary: Vocabulary, file_name: str) -> None:
        self._printed = printed
        self._vocabulary = vocabulary
        self._file_name = file_name
        self._text = Canonical()
        self._page = 0
        found = [b for b in printed.blocks if isinstance(b, Paragraph) and self._reads_as_heading(b)]
        self._title = self._find_title()
        styles = {self._style(b) for b in found if b not in self._title}
        ranked = sorted(styles, reverse=True)
        self._levels = {style: min(2 + rank, 4) for rank, style in enumerate(ranked)}

    def write(self, pages: int) -> tuple[str, tuple[int, ...]]:
        """Write all blocks."""
        for block in tables_joined(self._printed.blocks):
            if isinstance(block, list):
                self._table(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block)
        self._turn_to(pages)
        return self._text.finish()

    def _turn_to(self, page: int) -> None:
        while self._page < page:
            self._text.page()
            self._page += 1

    def _paragraph(self, block: Paragraph) -> None:
        self._turn_to(block.page)
        text = join_lines(list(self._marked(block)), self._vocabulary)
        if block in self._title:
            if block is self._title[0]:
                whole = [line.text for part in self._title for line in part.lines]
                self._text.heading(1, join_lines(whole, self._vocabulary))
        elif self._reads_as_heading(block):
            self._text.heading(self._level(block, text), text)
        elif opening := _ABSTRACT.match(text):
            self._text.heading(2, opening[1])
            self._text.paragraph(text[opening.end() :])
        else:
            self._text.paragraph(text)

    def _marked(self, block: Paragraph) -> Iterator[str]:
        """The lines, each first one of a page with its mark."""
        for line, page in zip(block.lines, block.pages, strict=True):
            turned, self._page = max(page - self._page, 0), max(self._page, page)
            yield PAGE_START * turned + line.text

    def _table(self, parts: list[PlacedTable]) -> None:
        self._turn_to(parts[0].page)
        grid: list[list[str]] = []
        turns: list[int] = []
        headers = 0
        for number, part in enumerate(parts):
            rows = written_out(part.table.rows, self._file_name)
            own = header_rows(part.table.rows) if part.table.headers is None else part.table.headers
            if not number:
                headers = own
            elif rows[:headers] == grid[:headers]:
                rows = rows[headers:]
            if number:
                if rows and grid and _goes_on(rows[0]):
                    cut = zip(grid[-1], rows.pop(0), strict=True)
                    grid[-1] = [join_lines([p for p in pair if p], self._vocabulary) for pair in cut]
                turns.append(len(grid))
                self._page = part.page
            grid.extend(rows)
        self._text.table(grid, headers, turns)

    # Headings

    def _style(self, block: Paragraph) -> Style:
        text = block.text
        line = block.lines[0]
        return round(line.size), line.bold, headings.is_all_capitals(text), not line.italic

    def _reads_as_heading(self, block: Paragraph) -> bool:
        text = block.text
        words = text.split()
        if len(block.lines) > _MAX_LINES or len(words) > _MAX_WORDS or not re.search(r"[^\W\d_]{2}", text):
            return False
        if is_aside(block, self._printed) or is_caption(block) or text.endswith((".", ",", ";", "-")):
            return False
        if not (text[0].isupper() or text[0].isdigit() or text[0] in '“"(') and not _NUMBER.match(text):
            return False
        if re.search(r"@|https?:|\^\{", text) or block.size < self._printed.size - 2:
            return False
        if any(line.widest_gap > _WIDE_GAP * line.size for line in block.lines):
            return False  # labels of a figure, headers of a table, a line of the contents with its page
        larger = all(line.size >= self._printed.size + _LARGER for line in block.lines)
        bold = all(line.bold for line in block.lines)
        italic = all(line.italic for line in block.lines)
        numbered = bool(_NUMBER.match(text)) and len(block.lines) <= 2
        capitals = headings.is_all_capitals(text)
        return larger or bold or capitals or (numbered and italic) or bool(_BACK.match(text))

    def _find_title(self) -> list[Paragraph]:
        """The largest print of the first page; its lines may have been parted."""
        first = [b for b in self._printed.blocks if isinstance(b, Paragraph) and b.page == 1]
        candidates = [b for b in first if 2 < len(b.text.split()) <= _MAX_TITLE_WORDS]
        largest = max((b.size for b in candidates), default=0.0)
        if largest < self._printed.size + _LARGER:
            return []
        start = next(n for n, b in enumerate(first) if b in candidates and b.size == largest)
        while start and abs(first[start - 1].size - largest) <= 0.3:
            start -= 1
        title = []
        for block in first[start:]:
            if abs(block.size - largest) > 0.3:
                break
            title.append(block)
        return title

    def _level(self, block: Paragraph, text: str) -> int:
        number = _NUMBER.match(text)
        if number and number[1]:
            return min(2 + number[1].count("."), 6)
        return self._levels.get(self._style(block), 2)


def _goes_on(row: list[str]) -> bool:
    """Whether the first row on a page is the rest of the last one before: few cells, or half sentences."""
    filled = [cell for cell in row if cell]
    return not row[0] and (2 * len(filled) < len(row) or any(cell[0].islower() for cell in filled))
