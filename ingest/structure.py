"""From canonical text to blocks: headings, paragraphs made whole, lists, tables, references, front matter.

The rules look at print and surroundings only and hold for any article: nothing here knows a document.
"""

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest import bibliography, headings
from ingest.abbreviations import LIST_LABEL
from ingest.blocks import Block, BlockKind
from ingest.continuation import PROSE_WORDS, goes_on, is_finished
from ingest.excerpt import read_excerpt
from ingest.lines import Chunk, read_chunks, split_lines
from ingest.records import Span
from ingest.tables import MOST_REPEATED, read_table

_CAPTION = re.compile(r"[\s*_]*((?:Table|TABLE|Tab\.)\s+(?:[A-Z]?\d+[A-Za-z]?|[IVXL]+))[.:]?\s")
# A label with its colon ("Keywords: …", "**Author:** …"), a line that names who wrote it, a page's own links.
_METADATA = re.compile(
    r"[\s*_]*(?:\*\s*)?(?:"
    r"(?:key\s?words|index terms|correspondence|corresponding author|e-?mail|authors?|affiliations?|published"
    r"|received|accepted|doi|copyright|licen[cs]e|funding|conflicts? of interest)\s*:"
    r"|(?:(?:edited|written|reviewed) by|by)\b[^.!?:,]{0,60}$"
    r"|skip to (?:main )?content\b)",
    re.IGNORECASE,
)
_CONTENT = ("paragraph", "list_item", "table", "reference")
# A line that nothing would be a heading of: the rest of a sentence, an affiliation, a bare link.
_NO_OPENING = re.compile(r"[\s*_]*(?:[a-z⁰¹²³⁴-⁹]|<?https?:)")


def read_blocks(text: str, *, extracted: bool = False) -> list[Block]:
    """All blocks of a canonical text, in document order; table rows follow their table.

    extracted: whether `ingest.formats` wrote the text, which has seen the print: if it has marked sections,
    no other line is a heading, however it reads (a label in a figure, a line of a formula).
    """
    chunks = read_chunks(text)
    marked = extracted and any(chunk.form == "heading" and chunk.level != 1 for chunk in chunks)
    reader = _Reader(text, chunks, marked)
    reader.read()
    return _without_closing_lines(_without_empty_sections(reader.blocks))


@dataclass(slots=True)
class _Reader:
    text: str
    chunks: list[Chunk]
    marked: bool
    blocks: list[Block] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    caption: Block | None = None
    past_rights: bool = False
    body_start: int = 0
    # What is known of the blocks so far, so that no chunk has to look through all of them.
    title: str | None = None
    has_content: bool = False
    caption_of_table: str | None = None
    unfinished: int | None = None
    continuations: dict[int, list[Span]] = field(default_factory=dict)

    def read(self) -> None:
        levels = [self._heading_level(position) for position in range(len(self.chunks))]
        title = self._title(levels)
        self.body_start = self._body_start(levels, title)
        position = 0
        while position < len(self.chunks):
            chunk, level = self.chunks[position], levels[position]
            if position == title:
                self._add("title", chunk.lines)
            elif (level is not None or self.marked) and self._repeats_title(chunk):
                self._add("front_matter", chunk.lines)
            elif level is not None and position >= self.body_start:
                self._add_heading(chunk, level)
                if headings.normalised(self._printed(chunk)) in bibliography.HEADINGS:
                    position = self._add_references(position + 1, levels)
                    continue
            else:
                self._add_chunk(position)
            position += 1
        # Once, at the end: reading a paragraph again with each of its lines takes the square of their number.
        for index, more in self.continuations.items():
            fragments = (*self.blocks[index].fragments, *more)
            whole = read_excerpt(self.text, fragments).text
            self.blocks[index] = replace(self.blocks[index], text=whole, fragments=fragments)

    # Headings

    def _heading_level(self, position: int) -> int | None:
        """1 to 6 for a Markdown heading, 1 for one in capitals, 2 in title case; None if it is none."""
        chunk = self.chunks[position]
        if chunk.form == "heading":
            # Every passage below a heading carries it, as every row its table's caption.
            return chunk.level if len(self._printed(chunk)) <= MOST_REPEATED else None
        if self.marked or chunk.form != "text" or not chunk.isolated or len(chunk.lines) > 1:
            return None
        printed = self._printed(chunk)
        if _CAPTION.match(printed) or _METADATA.match(printed):
            return None
        if headings.is_all_capitals(printed):
            return 1
        if headings.is_title_case(printed) and self._stands_between_sentences(position):
            return 2
        return None

    def _stands_between_sentences(self, position: int) -> bool:
        later = (self.chunks[index] for index in range(position + 1, len(self.chunks)))
        after = next((chunk for chunk in later if chunk.form != "rule"), None)
        if after is None or after.form not in ("text", "list_item", "table"):
            return False
        opens_content = after.form != "text" or not _NO_OPENING.match(self._printed(after))
        before = self.chunks[position - 1] if position else None
        return opens_content and not (before and self._is_left_open(before))

    def _is_left_open(self, chunk: Chunk) -> bool:
        """Whether a line breaks off in the middle of a sentence, and is not itself a heading or a label."""
        printed = self._printed(chunk)
        if chunk.form != "text" or len(chunk.lines) > 1 or is_finished(printed):
            return False
        is_heading = headings.is_all_capitals(printed) or headings.is_title_case(printed)
        return not is_heading and not any(p.match(printed) for p in (_METADATA, _CAPTION, LIST_LABEL))

    def _title(self, levels: Sequence[int | None]) -> int | None:
        """The first heading, if nothing that reads like prose stands before it."""
        for position, level in enumerate(levels):
            if level is not None:
                return (
                    position if level == 1 or len(self._printed(self.chunks[position]).split()) > 2 else None
                )
            if self._is_prose(self.chunks[position]):
                return None
        return None

    def _body_start(self, levels: Sequence[int | None], title: int | None) -> int:
        """The first section heading: in capitals or Markdown where the text has such, else in title case."""
        later = [(p, level) for p, level in enumerate(levels) if level is not None and p != title]
        strong = [p for p, _ in later if self.chunks[p].form == "heading" or self._in_capitals(p)]
        return (strong or [p for p, _ in later] or [0])[0]

    def _in_capitals(self, position: int) -> bool:
        return headings.is_all_capitals(self._printed(self.chunks[position]))

    def _repeats_title(self, chunk: Chunk) -> bool:
        return self.title is not None and headings.normalised(self._printed(chunk)) == self.title

    def _add_heading(self, chunk: Chunk, level: int) -> None:
        self.caption = None
        self.past_rights = False
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        section = tuple(name for _, name in self.path)
        name = read_excerpt(self.text, chunk.lines).text
        self.path.append((level, name))
        self._append(Block("heading", name, chunk.lines, section, level=len(self.path)))

    # Everything below a heading

    def _add_chunk(self, position: int) -> None:
        chunk = self.chunks[position]
        printed = self._printed(chunk)
        if chunk.form == "rule":
            return
        if chunk.form == "rights":
            # Above the body it says whose the text is; below, that the text is over.
            self.past_rights = self.has_content
            self._add("front_matter", chunk.lines)
        elif chunk.form == "table":
            self._add_table(chunk)
        elif self.past_rights or _METADATA.match(printed) or self._stands_before_body(position):
            self._add("front_matter", chunk.lines)
        elif LIST_LABEL.match(printed):
            self._add("abbreviations", chunk.lines, caption=self.caption_of_table)
        elif self._is_caption(position):
            self._add("caption", chunk.lines)
            self.caption = self.blocks[-1]
        elif not self._joined(chunk):
            self._add("list_item" if chunk.form == "list_item" else "paragraph", chunk.lines)

    def _add(self, kind: BlockKind, lines: tuple[Span, ...], caption: str | None = None) -> None:
        fragments = _merged(lines)
        section = tuple(name for _, name in self.path) if kind not in ("title", "front_matter") else ()
        text = read_excerpt(self.text, fragments).text
        self._append(Block(kind, text, fragments, section, caption=caption))

    def _append(self, block: Block) -> None:
        if block.kind in ("paragraph", "list_item"):
            self.unfinished = len(self.blocks)
        elif block.kind in ("heading", "title", "reference", "front_matter"):
            self.unfinished = None
        if block.kind == "title":
            self.title = headings.normalised(block.text)
        elif block.kind == "table":
            self.caption_of_table = block.caption
        self.has_content = self.has_content or block.kind in _CONTENT
        self.blocks.append(block)

    def _joined(self, chunk: Chunk) -> bool:
        """Whether `chunk` has been joined to the unfinished paragraph or list item before it."""
        if chunk.form != "text" or self.unfinished is None:
            return False
        last = self.continuations.get(self.unfinished, self.blocks[self.unfinished].fragments)[-1]
        if not goes_on(self.text[slice(*last)], self._printed(chunk)):
            return False
        self.continuations.setdefault(self.unfinished, []).extend(_merged(chunk.lines))
        return True

    def _add_table(self, chunk: Chunk) -> None:
        table = read_table(self.text, chunk.lines)
        if table is None:
            self._add("paragraph", chunk.lines)
            return
        caption = self.caption.text if self.caption else None
        section = tuple(name for _, name in self.path)
        printed = [row.text(table.headers) for row in table.rows]
        above = self.caption.fragments if self.caption else ()
        text = "\n".join(filter(None, [caption, *printed]))
        self._append(Block("table", text, (*above, table.span), section, table=table, caption=caption))
        self.caption = None
        for row, line in zip(table.rows, printed, strict=True):
            self._append(Block("table_row", line, row.spans, section, table=table, caption=caption, row=row))

    def _add_references(self, position: int, levels: Sequence[int | None]) -> int:
        """Read the entries below a bibliography's heading; return the first chunk that is none."""
        end = position
        while end < len(self.chunks) and self.chunks[end].form != "rights" and levels[end] is None:
            end += 1
        if end > position:
            start, stop = self.chunks[position - 1].span[1], self.chunks[end - 1].span[1]
            rules = {
                line for chunk in self.chunks[position:end] if chunk.form == "rule" for line in chunk.lines
            }
            printed = [(start + s, start + e) for s, e in split_lines(self.text[start:stop]) if e > s]
            lines = self._after_opening_words([line for line in printed if line not in rules])
            for entry in bibliography.read_entries(self.text, lines):
                entry_text = read_excerpt(self.text, entry.fragments).text
                section = tuple(name for _, name in self.path)
                self._append(Block("reference", entry_text, entry.fragments, section, entry=entry))
        return end

    def _after_opening_words(self, lines: Sequence[Span]) -> Sequence[Span]:
        """The lines from the first numbered one on; words above it are a paragraph."""
        numbered = [n for n, line in enumerate(lines) if bibliography.is_numbered(self.text[slice(*line)])]
        opening = numbered[0] if numbered else 0
        if opening:
            self._add("paragraph", tuple(lines[:opening]))
        return lines[opening:]

    # Questions about a chunk

    def _printed(self, chunk: Chunk) -> str:
        return self.text[slice(*chunk.span)]

    def _stands_before_body(self, position: int) -> bool:
        return position < self.body_start and not self._is_prose(self.chunks[position])

    def _is_prose(self, chunk: Chunk) -> bool:
        printed = self._printed(chunk)
        return chunk.form == "text" and len(printed.split()) >= PROSE_WORDS and is_finished(printed)

    def _is_caption(self, position: int) -> bool:
        printed = self._printed(self.chunks[position])
        before_table = position + 1 < len(self.chunks) and self.chunks[position + 1].form == "table"
        return before_table and len(printed) <= MOST_REPEATED and bool(_CAPTION.match(printed))


def _merged(lines: Sequence[Span]) -> tuple[Span, ...]:
    """Lines of one chunk as one fragment."""
    return ((lines[0][0], lines[-1][1]),)


def _without_empty_sections(blocks: list[Block]) -> list[Block]:
    """Headings with only front matter below them, and teasers of later text, become front matter."""
    teasers = _teasers(blocks)
    return [
        replace(block, kind="front_matter", section=())
        if index in teasers or (block.kind == "heading" and not _has_content(blocks, index, teasers))
        else block
        for index, block in enumerate(blocks)
    ]


def _teasers(blocks: Sequence[Block]) -> set[int]:
    """The truncated copies of a paragraph that follows: "While AI has already ..."."""
    last = {block.text: index for index, block in enumerate(blocks) if block.kind == "paragraph"}
    texts = sorted(last)
    last_with: dict[str, int] = {}  # by opening: the last paragraph that begins so
    teasers = set()
    for index, block in enumerate(blocks):
        if block.kind != "paragraph" or not block.text.endswith(("...", "…")):
            continue
        opening = block.text.rstrip(".… ")
        if opening not in last_with:
            last_with[opening] = max(last[text] for text in _beginning_with(opening, texts))
        if last_with[opening] > index:
            teasers.add(index)
    return teasers


def _beginning_with(opening: str, texts: Sequence[str]) -> Iterator[str]:
    """Those of the sorted `texts` that begin with `opening`."""
    for position in range(bisect_left(texts, opening), len(texts)):
        if not texts[position].startswith(opening):
            return
        yield texts[position]


def _has_content(blocks: Sequence[Block], index: int, teasers: Container[int]) -> bool:
    for position in range(index + 1, len(blocks)):
        block = blocks[position]
        if block.kind == "heading":
            if (block.level or 1) <= (blocks[index].level or 1):
                return False
        elif block.kind not in ("front_matter", "title") and position not in teasers:
            return True
    return False


def _without_closing_lines(blocks: list[Block]) -> list[Block]:
    """Short lines that are no sentences at the very end (a name, an address) become front matter."""
    checked = list(blocks)
    for index in reversed(range(len(checked))):
        block = checked[index]
        if block.kind == "front_matter":
            continue
        if block.kind != "paragraph" or is_finished(block.text) or len(block.text.split()) >= PROSE_WORDS:
            break
        checked[index] = replace(block, kind="front_matter", section=())
    return checked
