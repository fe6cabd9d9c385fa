"""A document as read: its blocks, the markers in its prose, its bibliography and abbreviations."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest import abbreviations, bibliography
from ingest.blocks import Block
from ingest.corpus import Source
from ingest.excerpt import read_excerpt
from ingest.lines import split_lines
from ingest.markers import Marker, find_markers
from ingest.named_studies import NamedStudies
from ingest.records import Abbreviation, Reference, Span
from ingest.structure import read_blocks
from ingest.tables import Row, Table, read_table

PROSE = ("paragraph", "list_item")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one source.

    markers: in the prose, in the order in which a person reads it.
    named: numbers of the entries that a row of a table names by author and year, by the row's span.
    oddities: what is strange about the document, in words.
    """

    source: Source
    blocks: tuple[Block, ...]
    markers: tuple[Marker, ...]
    named: Mapping[Span, tuple[int, ...]]
    references: tuple[Reference, ...]
    abbreviations: tuple[Abbreviation, ...]
    oddities: tuple[str, ...]


def read(source: Source) -> Reading:
    """Read one source; never fails on any text."""
    text = source.text
    blocks = tuple(read_blocks(text, extracted=source.extracted))
    entries = [block.entry for block in blocks if block.entry]
    references = bibliography.read_references(text, entries)
    known = {reference.number for reference in references}
    markers = tuple(_markers(text, blocks, known))
    cited = [number for marker in markers for number in marker.numbers]
    short_forms = abbreviations.unique(_abbreviations(text, blocks, markers))
    named = _named(blocks, NamedStudies(references, short_forms))
    return Reading(
        source,
        _without_markers(text, blocks, markers),
        markers,
        named,
        bibliography.with_citation_oddities(references, cited, set().union(*named.values())),
        short_forms,
        (*source.oddities, *_oddities(blocks, cited, known)),
    )


def _markers(text: str, blocks: Sequence[Block], known: set[int]) -> Iterator[Marker]:
    for block in blocks:
        if block.kind in PROSE:
            for fragment in block.fragments:
                yield from find_markers(text, fragment, known)
        elif block.row:
            yield from find_markers(text, block.row.span, known)


def _named(blocks: Sequence[Block], studies: NamedStudies) -> dict[Span, tuple[int, ...]]:
    rows = {block.row.span: studies.named_in(block.text) for block in blocks if block.row}
    return {span: numbers for span, numbers in rows.items() if numbers}


def _without_markers(text: str, blocks: Sequence[Block], markers: Sequence[Marker]) -> tuple[Block, ...]:
    """The blocks with the markers in the cells of tables left out of what a person reads."""
    spans = sorted(marker.span for marker in markers)
    printed = [line for line in split_lines(text) if line[0] < line[1]]
    read_again: dict[Span, Table] = {}
    rows: dict[Span, Row] = {}
    for block in blocks:
        if block.kind != "table" or not block.table:
            continue
        inside = _inside(spans, block.table.span)
        if inside:
            table = read_table(text, _inside(printed, block.table.span), inside) or block.table
            read_again[block.table.span] = table
            rows.update((row.span, row) for row in table.rows)
    return tuple(read for block in blocks if (read := _reread(block, read_again, rows)))


def _inside(ordered: Sequence[Span], span: Span) -> Sequence[Span]:
    return ordered[bisect_left(ordered, (span[0],)) : bisect_left(ordered, (span[1],))]


def _reread(block: Block, read_again: Mapping[Span, Table], rows: Mapping[Span, Row]) -> Block | None:
    """The block as its table reads without markers; None for a row that was nothing else."""
    table = read_again.get(block.table.span) if block.table else None
    if table is None:
        return block
    if block.row:
        row = rows.get(block.row.span)
        return None if row is None else replace(block, table=table, row=row, text=row.text(table.headers))
    lines = [row.text(table.headers) for row in table.rows]
    return replace(block, table=table, text="\n".join(filter(None, [block.caption, *lines])))


def _abbreviations(text: str, blocks: Sequence[Block], markers: Sequence[Marker]) -> Iterator[Abbreviation]:
    spans = sorted(marker.span for marker in markers)
    for block in blocks:
        excerpt = read_excerpt(text, block.fragments, spans)
        if block.kind == "abbreviations":
            yield from abbreviations.in_list(excerpt)
        elif block.kind in PROSE or block.kind == "table_row":
            yield from abbreviations.in_prose(excerpt)


def _oddities(blocks: Sequence[Block], cited: Sequence[int], known: set[int]) -> Iterator[str]:
    for block in blocks:
        if block.kind == "table" and block.table:
            label = table_label(block.caption) or "a table without caption"
            yield from (f"{label}: {oddity}" for oddity in block.table.oddities)
    unresolved = sorted(set(cited) - known)
    if unresolved:
        numbers = ", ".join(map(str, unresolved))
        reason = "the document prints no bibliography" if not known else "its bibliography has no such entry"
        yield f"markers {numbers} stay unresolved: {reason}"


def table_label(caption: str | None) -> str:
    """ "Table 3" of "Table 3. Select Applications …"; empty without a caption."""
    if not caption:
        return ""
    words = caption.split()
    return " ".join(words[:2]).rstrip(".:")
