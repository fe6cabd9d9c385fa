"""What the index holds, as plain values: documents, passages, references, abbreviations.

Every offset is a code-point offset into the document's canonical text; a span is `(start, end)`,
end exclusive, so that `text[start:end]` is verbatim.
"""

from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]

PassageKind = Literal[
    "paragraph", "list_item", "table_row", "table", "reference", "abbreviations", "front_matter"
]
PASSAGE_KINDS: tuple[PassageKind, ...] = (
    "paragraph",
    "list_item",
    "table_row",
    "table",
    "reference",
    "abbreviations",
    "front_matter",
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage (for a table row, the whole row).

    start, end: where it stands in the passage's readable `text`.
    spans: where it stands in the canonical text; two where a page break cuts it.
    references: numbers of the bibliography entries that its markers name.
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """A data row under its headers.

    table: its label as printed, "Table 3".
    number: 1 for the first data row.
    cells: (header, value) from left to right; merged cells filled down, empty cells left out.
    """

    table: str
    caption: str
    number: int
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved and cited.

    id: stable while the passage's words and place in the document's structure stay the same.
    text: what a person reads: whitespace folded, markers left out, cells written "Header: value".
    spans: the verbatim evidence, in document order.
    section: headings from the outermost in.
    references: numbers of the bibliography entries that its markers name, in order of mention.
    table: set for table rows; `caption` also for a whole table.
    context: the section of prose, searched together with the text but no part of it. (Titles and captions,
        the same for many passages, cost 2 to 5 points of recall at 5 when they were searched too.)
    page: of the source, from 1, on which its first span begins; None where the source has no pages.
    index_text: what is embedded and lexically indexed in place of `text`, where that differs.
    """

    id: str
    document_id: str
    kind: PassageKind
    text: str
    spans: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    section: tuple[str, ...] = ()
    references: tuple[int, ...] = ()
    table: TableRow | None = None
    caption: str | None = None
    page: int | None = None
    context: str = ""
    index_text: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A bibliography entry as printed.

    oddities: what is strange about it, in words ("never cited in the text").
    """

    number: int
    text: str
    spans: tuple[Span, ...]
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and one of its meanings in one document.

    source: where the meaning is given: in prose, in a table's list, or in another document of the corpus
    whose long form this document uses too.
    """

    short: str
    long: str
    source: Literal["prose", "table", "corpus"]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the corpus with what was read from it; `text` is the canonical text.

    pages: the offset in `text` at which each page begins, page 1 first; () where the format has no pages.
    """

    id: str
    file: str
    sha256: str
    title: str
    text: str = field(repr=False)
    authors: tuple[str, ...] = ()
    date: str | None = None
    doi: str | None = None
    url: str | None = None
    publisher: str | None = None
    rights: str | None = None
    references: tuple[Reference, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()
    oddities: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
