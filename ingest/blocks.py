"""A document's blocks: what each stretch of its text is, and the section that it belongs to."""

from dataclasses import dataclass
from typing import Literal

from ingest.bibliography import Entry
from ingest.records import Span
from ingest.tables import Row, Table

BlockKind = Literal[
    "title",
    "heading",
    "paragraph",
    "list_item",
    "caption",
    "table",
    "table_row",
    "abbreviations",
    "reference",
    "front_matter",
]


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    text: what a person reads of it.
    fragments: its verbatim spans; more than one where a page break or a table interrupts it.
    level: of a heading, 1 the outermost.
    section: the headings above it, from the outermost in.
    table, caption: of a table and of its rows; the caption also names the table ("Table 3. …").
    row: of a table row.  entry: of a reference.
    """

    kind: BlockKind
    text: str
    fragments: tuple[Span, ...]
    section: tuple[str, ...] = ()
    level: int | None = None
    table: Table | None = None
    caption: str | None = None
    row: Row | None = None
    entry: Entry | None = None
