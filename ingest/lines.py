"""Lines of a text gathered into chunks of one form each, before anything is known of their meaning."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.records import Span
from ingest.tables import is_table_line

Form = Literal["text", "heading", "list_item", "table", "rule", "rights"]

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(?=\S)")
_LIST_ITEM = re.compile(r"\s*(?:[-•◦▪‣●–*]|\d{1,3}[.)])\s+(?=\S)")
_RIGHTS = re.compile(r"\s*(?:©|\(c\)\s*\d{4}|copyright\s+(?:©|\d{4}))", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:[-–—_*=]\s*){3,}$")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive lines of one form.

    lines: their spans without the line ends; for headings and list items without the sign that marks them.
    level: of a Markdown heading, 1 to 6.
    isolated: a blank line or the text's end stands on both sides.
    """

    form: Form
    lines: tuple[Span, ...]
    level: int | None = None
    isolated: bool = True

    @property
    def span(self) -> Span:
        return self.lines[0][0], self.lines[-1][1]


def split_lines(text: str) -> Iterator[Span]:
    """The span of each line, without surrounding white space; blank lines are empty spans."""
    # A byte order mark belongs to the file, not to its first line.
    start = len(text) - len(text.removeprefix("\ufeff"))
    for line in text[start:].splitlines(keepends=True):
        stripped = line.strip()
        left = start + len(line) - len(line.lstrip()) if stripped else start
        yield left, left + len(stripped)
        start += len(line)


def read_chunks(text: str) -> list[Chunk]:
    """All chunks of a text in order; blank lines are left out."""
    chunks: list[Chunk] = []
    gathered: list[Chunk] = []  # the lines of one chunk to be
    alone = after_blank = True
    for line in split_lines(text):
        if line[0] == line[1]:
            after_blank = True
            continue
        chunk = _chunk_of(text, line)
        follows = bool(gathered) and not after_blank
        if follows and _continues(gathered[0], chunk):
            gathered.append(chunk)
            continue
        if gathered:
            chunks.append(_joined(gathered, isolated=alone and not follows))
        gathered, alone, after_blank = [chunk], not follows, False
    if gathered:
        chunks.append(_joined(gathered, isolated=alone))
    return chunks


def _joined(gathered: Sequence[Chunk], *, isolated: bool) -> Chunk:
    first = gathered[0]
    lines = tuple(line for chunk in gathered for line in chunk.lines)
    return Chunk(first.form, lines, first.level if len(gathered) == 1 else None, isolated)


def _chunk_of(text: str, line: Span) -> Chunk:
    printed = text[slice(*line)]
    if is_table_line(printed):
        return Chunk("table", (line,))
    if _RULE.match(printed):
        return Chunk("rule", (line,))
    if _RIGHTS.match(printed):
        return Chunk("rights", (line,))
    heading = _HEADING.match(text, *line)
    if heading:
        return Chunk("heading", ((heading.end(), line[1]),), level=len(heading[1]))
    item = _LIST_ITEM.match(text, *line)
    if item:
        return Chunk("list_item", ((item.end(), line[1]),))
    return Chunk("text", (line,))


def _continues(previous: Chunk, chunk: Chunk) -> bool:
    """Whether `chunk`, on the very next line, goes on with `previous`: wrapped text or the same table."""
    if chunk.form == "table":
        return previous.form == "table"
    return chunk.form == "text" and previous.form in ("text", "list_item")
