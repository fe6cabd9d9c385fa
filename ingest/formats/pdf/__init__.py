"""PDF as publishers print it: columns, running heads, notes, cut words, tables, pages.

`glyphs` takes what is printed from the file, `lines` and `columns` put it in order, `furniture` drops heads
and feet, `tables` reads tables by their drawn lines, `paragraphs` gathers lines, `print` writes the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.errors import FormatError
from ingest.formats.extracted import Extracted
from ingest.formats.identity import names, with_identity
from ingest.formats.limits import MAX_GLYPHS, MAX_GLYPHS_IN_ALL, MAX_PAGES
from ingest.formats.pdf.columns import Box, gutters_of_pages, in_reading_order
from ingest.formats.pdf.furniture import without_furniture
from ingest.formats.pdf.glyphs import Page, TooManyGlyphs, read_page
from ingest.formats.pdf.hyphens import Vocabulary
from ingest.formats.pdf.lines import Line, joined, pieces
from ingest.formats.pdf.paragraphs import Run, gather
from ingest.formats.pdf.print import write
from ingest.formats.pdf.tables import PrintedTable, find_tables

# Of so many glyphs more than half without a character: what can be read is not what is printed.
_ENOUGH_GLYPHS = 50
_SCANNED = "run OCR on the file first (with ocrmypdf, say); Needle has none"


def read(content: bytes, file_name: str) -> Extracted:
    """The text of a PDF with its pages.

    Pages without text, pictures for instance, are named in `oddities`. Raises FormatError for a damaged or
    encrypted file, and for one most of whose pages have no text, a scan.
    """
    document = _opened(content, file_name)
    try:
        if len(document) > MAX_PAGES:
            raise FormatError(
                f"{file_name} has {len(document)} pages, at most {MAX_PAGES} are read; split it"
            )
        pages = _pages(document, file_name)
        stated = document.get_metadata_dict()
    finally:
        document.close()
    oddities = _without_text(pages, file_name)
    pages = [replace(page, glyphs=()) if _is_garbled(page) else page for page in pages]
    printed = [pieces(page.glyphs) for page in pages]
    vocabulary = Vocabulary.of([line.text for line in page] for page in printed)
    blocks = gather(list(_runs(pages, printed, vocabulary)))
    text, starts = write(blocks, vocabulary, len(pages), file_name)
    return with_identity(
        Extracted(
            text,
            starts,
            title=_title(stated.get("Title", "")),
            authors=names(stated.get("Author")),
            oddities=oddities,
        )
    )


def _opened(content: bytes, file_name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise FormatError(f"{file_name} is encrypted; save it without a password") from exc
        raise FormatError(f"{file_name} is not a sound PDF ({exc}); save or download it anew") from exc


def _pages(document: pypdfium2.PdfDocument, file_name: str) -> list[Page]:
    pages: list[Page] = []
    glyphs = 0
    for number in range(1, len(document) + 1):
        pages.append(_page(document, number, file_name))
        glyphs += len(pages[-1].glyphs)
        if glyphs > MAX_GLYPHS_IN_ALL:
            raise FormatError(
                f"{file_name} has more than {MAX_GLYPHS_IN_ALL} glyphs up to page {number}; split it"
            )
    return pages


def _page(document: pypdfium2.PdfDocument, number: int, file_name: str) -> Page:
    try:
        return read_page(document, number)
    except TooManyGlyphs as exc:
        raise FormatError(
            f"{file_name}, page {number} has {exc} glyphs, at most {MAX_GLYPHS} are read; leave that page out"
        ) from exc
    except pypdfium2.PdfiumError as exc:
        raise FormatError(f"{file_name}, page {number} is damaged ({exc}); save or download it anew") from exc


def _without_text(pages: Sequence[Page], file_name: str) -> tuple[str, ...]:
    """Which pages hold words that are not read. Raises FormatError if most do, or if no page has text."""
    pictured = [page.number for page in pages if page.pictured and not page.glyphs]
    garbled = [page.number for page in pages if _is_garbled(page)]
    found = []
    if pictured:
        found.append(f"{_listed(pictured)} without text, a picture or a scan")
    if garbled:
        found.append(f"{_listed(garbled)} in fonts that do not say which letters they print")
    if 2 * (len(pictured) + len(garbled)) > len(pages):
        raise FormatError(f"{file_name}: {', '.join(found)}; {_SCANNED}")
    if not any(page.glyphs for page in pages):
        raise FormatError(f"{file_name} has no text; {_SCANNED}")
    return tuple(f"{what}: not read; to have it, {_SCANNED}" for what in found)


def _is_garbled(page: Page) -> bool:
    return len(page.glyphs) >= _ENOUGH_GLYPHS and page.unreadable > len(page.glyphs) / 2


def _listed(numbers: Sequence[int]) -> str:
    """ "page 3" or "pages 3, 5–8"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    ranges = (f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page{'s' * (len(numbers) > 1)} {', '.join(ranges)}"


def _title(stated: str) -> str | None:
    """The title in the metadata, unless it is the name of the file that the PDF was made from."""
    bare = " ".join(stated.split())
    is_name = re.search(
        r"\.(?:docx?|tex|dvi|indd|pdf|qxd|rtf|odt|eps|ps)$|^(?:untitled|microsoft word\b)", bare, re.I
    )
    return bare if " " in bare and not is_name else None


def _runs(pages: Sequence[Page], printed: Sequence[list[Line]], vocabulary: Vocabulary) -> Iterator[Run]:
    """What is read in one go, from the first page to the last."""
    tables = [find_tables(parts, page.rules, vocabulary) for parts, page in zip(printed, pages, strict=True)]
    loose = [
        [piece for piece in parts if not any(table.holds(piece) for table in found)]
        for parts, found in zip(printed, tables, strict=True)
    ]
    rows = [joined(parts) for parts in loose]
    kept = without_furniture(rows, [(page.top, page.bottom) for page in pages])
    bodies = []
    for parts, lines in zip(loose, kept, strict=True):
        glyphs = {id(glyph) for line in lines for glyph in line.glyphs}
        bodies.append([piece for piece in parts if id(piece.glyphs[0]) in glyphs])
    for page, parts, found, between in zip(pages, bodies, tables, gutters_of_pages(bodies), strict=True):
        yield from _page_runs(page, parts, found, between)


def _page_runs(
    page: Page, parts: Sequence[Line], tables: Sequence[PrintedTable], between: Sequence[float]
) -> Iterator[Run]:
    boxes = [Box(p.x0, p.x1, p.base - p.size, p.base, p) for p in parts]
    boxes += [Box(t.x0, t.x1, t.y0, t.y1, t) for t in tables]
    for run in in_reading_order(boxes, between):
        items: list[Line | PrintedTable] = []
        waiting: list[Line] = []
        for box in run:
            if isinstance(box.item, PrintedTable):
                items.extend(line for line in joined(waiting) if line.text)
                waiting = []
                items.append(box.item)
            elif isinstance(box.item, Line):
                waiting.append(box.item)
        items.extend(line for line in joined(waiting) if line.text)
        yield Run(tuple(items), page.number)
