"""A document as read: its blocks, the markers in its prose, its bibliography and abbreviations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest import abbreviations, bibliography
from ingest.blocks import Block
from ingest.corpus import Source
from ingest.excerpt import read_excerpt
from ingest.markers import Marker, find_markers
from ingest.records import Abbreviation, Reference
from ingest.structure import read_blocks

PROSE = ("paragraph", "list_item")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one source.

    markers: in the prose, in the order in which a person reads it.
    oddities: what is strange about the document, in words.
    """

    source: Source
    blocks: tuple[Block, ...]
    markers: tuple[Marker, ...]
    references: tuple[Reference, ...]
    abbreviations: tuple[Abbreviation, ...]
    oddities: tuple[str, ...]


def read(source: Source) -> Reading:
    """Read one source; never fails on any text."""
    text = source.text
    blocks = tuple(read_blocks(text))
    entries = [block.entry for block in blocks if block.entry]
    references = bibliography.read_references(text, entries)
    known = {reference.number for reference in references}
    markers = tuple(_markers(text, blocks, known))
    cited = [number for marker in markers for number in marker.numbers]
    return Reading(
        source,
        blocks,
        markers,
        bibliography.with_citation_oddities(references, cited),
        abbreviations.unique(_abbreviations(text, blocks, markers)),
        tuple(_oddities(blocks, cited, known)),
    )


def _markers(text: str, blocks: Sequence[Block], known: set[int]) -> Iterator[Marker]:
    for block in blocks:
        if block.kind in PROSE:
            for fragment in block.fragments:
                yield from find_markers(text, fragment, known)


def _abbreviations(text: str, blocks: Sequence[Block], markers: Sequence[Marker]) -> Iterator[Abbreviation]:
    spans = [marker.span for marker in markers]
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
