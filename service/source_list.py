"""The list of sources below an answer, for whoever reads it as plain text."""

from collections.abc import Iterable

from service.schemas.answers import Citation

HEADING = "Sources:"


def source_list(citations: Iterable[Citation]) -> list[str]:
    """ "[1] Title — Section › Subsection, Table 3, row 2, page 4, https://doi.org/…", a line each."""
    return [f"[{citation.n}] {source(citation)}" for citation in citations]


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
