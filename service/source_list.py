"""The list of sources below an answer, for whoever reads it as plain text."""

from collections.abc import Iterable, Iterator
from textwrap import shorten

from service.schemas.answers import Citation
from service.schemas.responses import Reference

HEADING = "Sources:"
# Of the studies that one source cites, as many are named as a person reads; "^{23-32}" names ten.
_STUDIES = 3
_TITLE = 110  # characters of a bibliography entry: authors and title, mostly


def source_list(citations: Iterable[Citation]) -> list[str]:
    """ "[1] Title — Section › Subsection, Table 3, row 2, page 4, https://doi.org/…", one a citation.

    Below it, indented, "cites 7: Frost A. Ice and needles. … https://doi.org/…": the studies that it cites.
    """
    return ["\n    ".join((f"[{each.n}] {source(each)}", *_studies(each))) for each in citations]


def source(citation: Citation) -> str:
    """Where the cited words stand: document, section, table and row, page, address."""
    place = [" › ".join(citation.section)]
    if citation.table and citation.table.label:
        place += [citation.table.label, f"row {citation.table.row_number}"]
    if citation.page is not None:
        place.append(f"page {citation.page}")
    document = citation.document
    address = document.url or (f"https://doi.org/{document.doi}" if document.doi else "")
    where = ", ".join(filter(None, (*place, address)))
    return f"{document.title} — {where}" if where else document.title


def quotation(citation: Citation) -> str:
    """The cited words with " … " wherever the document has others between them."""
    parts, position, last = [""], 0, None
    for start, end in citation.spans:
        # `cited_text` is the spans' own words, joined by one blank.
        words = citation.cited_text[position : position + end - start]
        parts += [" … " if last is not None and start > last + 1 else " ", words]
        position, last = position + end - start + 1, end
    return "".join(parts).strip()


def _studies(citation: Citation) -> Iterator[str]:
    studies = [entry for entry in citation.references if not _is_itself(entry, citation)]
    for entry in studies[:_STUDIES]:
        text = shorten(entry.text, _TITLE, placeholder=" …")
        yield f"cites {entry.number}: {text}{f' {entry.url}' if entry.url and entry.url not in text else ''}"
    if len(studies) > _STUDIES:
        yield "cites " + ", ".join(str(entry.number) for entry in studies[_STUDIES:]) + " as well"


def _is_itself(entry: Reference, citation: Citation) -> bool:
    """Whether what is cited is this entry of the bibliography."""
    return " ".join(citation.cited_text.split())[:40] == entry.text[:40]
