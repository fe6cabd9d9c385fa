"""DOCX: headings by style, lists with their numbers, tables with merged cells, notes, raised numbers."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.styles.style import BaseStyle
from lxml import etree
from lxml.etree import _Element as Element

from ingest.errors import FormatError
from ingest.formats.canonical import Canonical, raised
from ingest.formats.docx_numbering import Numbering
from ingest.formats.extracted import Extracted
from ingest.formats.grids import Merged, header_rows, written_out
from ingest.formats.identity import names, with_identity
from ingest.formats.limits import MAX_MARKUP_BYTES, MAX_PARTS, MAX_UNPACKED_BYTES

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_CAPTION = re.compile(r"\s*(?:Table|TABLE|Tab\.)\s+[A-Z]?\d")
_HEADING_WORDS = 14


def read(content: bytes, file_name: str) -> Extracted:
    """The body of a DOCX in document order. Raises FormatError for a damaged, encrypted or oversized file."""
    _check_package(content, file_name)
    try:
        return with_identity(_Reader(docx.Document(io.BytesIO(content)), file_name).read())
    except FormatError:
        raise
    except Exception as exc:  # whatever the part that it stumbles over raises: the file is at fault
        reason = " ".join(str(exc).split())[:200] or type(exc).__name__
        raise FormatError(
            f"{file_name} is not a sound DOCX ({reason}); open it in Word and save it anew"
        ) from exc


def _check_package(content: bytes, file_name: str) -> None:
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise FormatError(f"{file_name} is encrypted or an old .doc; save it as DOCX without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            markup = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            sizes = [
                ("parts", len(parts), MAX_PARTS),
                ("bytes unpacked", sum(part.file_size for part in parts), MAX_UNPACKED_BYTES),
                ("bytes of XML", sum(part.file_size for part in markup), MAX_MARKUP_BYTES),
            ]
            for what, size, limit in sizes:
                if size > limit:
                    raise FormatError(f"{file_name} has {size} {what}, at most {limit} are read; split it")
            for part in markup:
                # No word processor writes one; it is how entities are made to grow without end.
                if b"<!DOCTYPE" in package.read(part):
                    raise FormatError(f"{file_name}: {part.filename} has a DOCTYPE; save it anew without one")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as exc:
        raise FormatError(f"{file_name} is not a DOCX ({exc}); save it as DOCX") from exc


class _Reader:
    def __init__(self, document: Document, file_name: str) -> None:
        self._document = document
        self._file_name = file_name
        self._numbering = Numbering(document)
        self._notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
        self._shown: list[str] = []
        self._text = Canonical()
        self._levels = {
            style.style_id: level for style in document.styles if (level := _level(style)) is not None
        }
        styles = {_style_id(p) for p in document.element.body.iter(f"{W}p")}
        self._has_title = any(self._levels.get(style) == 0 for style in styles)
        self._has_headings = any(self._levels.get(style, 0) > 0 for style in styles)

    def read(self) -> Extracted:
        blocks = list(_blocks(self._document.element.body))
        skipped = None
        for position, block in enumerate(blocks):
            if block is skipped:
                continue
            if block.tag == f"{W}p":
                self._paragraph(block)
                continue
            after = blocks[position + 1] if position + 1 < len(blocks) else None
            if self._captioned_below(blocks[position - 1] if position else None, after):
                self._paragraph(after)
                skipped = after
            self._table(block)
        text, _ = self._text.finish()
        properties = self._document.core_properties
        return Extracted(text, title=properties.title.strip() or None, authors=names(properties.author))

    def _captioned_below(self, before: Element | None, after: Element | None) -> bool:
        """Whether the caption of a table is the paragraph after it; it is then written before it."""
        if after is None or after.tag != f"{W}p" or not _CAPTION.match(_plain(after)):
            return False
        return before is None or before.tag != f"{W}p" or not _CAPTION.match(_plain(before))

    def _paragraph(self, element: Element) -> None:
        text = self._printed(element)
        level = self._heading_level(element, text)
        if level is not None:
            self._text.heading(level, text)
        elif sign := self._numbering.sign(element):
            self._text.item(sign, text)
        else:
            self._text.paragraph(text)
        for box in element.iter(f"{W}txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                for inner in _blocks(box):
                    if inner.tag == f"{W}p":
                        self._paragraph(inner)
                    else:
                        self._table(inner)
        self._write_notes()

    def _heading_level(self, element: Element, text: str) -> int | None:
        level = self._levels.get(_style_id(element))
        if level is not None:
            # Below a title the sections begin at 2, so that the title alone is outermost.
            return level + 1 if self._has_title else max(level, 1)
        if self._has_headings or not text.strip() or len(text.split()) > _HEADING_WORDS:
            return None
        runs = [run for run in element.iter(f"{W}r") if _plain(run).strip()]
        is_bold = bool(runs) and all(_is_on(run.find(f"{W}rPr/{W}b")) for run in runs)
        return 2 if is_bold and not text.rstrip().endswith((".", ":", ",", ";")) else None

    def _table(self, element: Element) -> None:
        rows = [row for row in _children(element) if row.tag == f"{W}tr"]
        cells = [[cell for cell in _children(row) if cell.tag == f"{W}tc"] for row in rows]
        if len(rows) == 1 and len(cells[0]) == 1:
            for block in _blocks(cells[0][0]):
                self._paragraph(block) if block.tag == f"{W}p" else self._table(block)
            return
        spanned = [self._spanned(row, cells[number]) for number, row in enumerate(rows)]
        merged = _merged_down(spanned)
        grid = written_out(merged, self._file_name)
        marked = sum(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows)
        self._text.table(grid, marked or header_rows(merged))
        self._write_notes()

    def _spanned(self, row: Element, cells: list[Element]) -> list[tuple[str, int, bool]]:
        """(text, columns, whether it goes on with the cell above) of each cell of a row."""
        before = _number(row.find(f"{W}trPr/{W}gridBefore"))
        spanned = [("", before, False)] if before else []
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            columns = _number(properties.find(f"{W}gridSpan")) if properties is not None else 0
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            text = "\n".join(self._printed(p) for p in cell.iter(f"{W}p"))
            spanned.append((text, max(columns, 1), goes_on))
        return spanned

    def _printed(self, element: Element) -> str:
        """The text of a paragraph as printed: what was deleted, commented or hidden in a field is not."""
        return "".join(self._pieces(element))

    def _pieces(self, element: Element) -> Iterator[str]:
        for child in element:
            if child.tag == f"{W}r":
                yield from self._run(child)
            elif child.tag == _MATH_TEXT:
                yield child.text or ""
            elif child.tag not in (f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}txbxContent", _FALLBACK):
                yield from self._pieces(child)

    def _run(self, run: Element) -> Iterator[str]:
        properties = run.find(f"{W}rPr")
        if properties is not None and _is_on(properties.find(f"{W}vanish")):
            return
        align = properties.find(f"{W}vertAlign") if properties is not None else None
        text = _plain(run)
        yield raised(text) if align is not None and align.get(f"{W}val") == "superscript" else text
        for kind, notes in self._notes.items():
            for mark in run.iter(f"{W}{kind}Reference"):
                if (note := notes.get(mark.get(f"{W}id"))) is not None:
                    self._shown.append(self._printed_note(note))
                    yield f"[^{self._note_number}]"

    _note_number = 0

    def _printed_note(self, note: Element) -> str:
        self._note_number += 1
        return f"[^{self._note_number}]: " + " ".join(_plain(p) for p in note.iter(f"{W}p"))

    def _write_notes(self) -> None:
        """The notes stand below the block that refers to them."""
        for note in self._shown:
            self._text.paragraph(note)
        self._shown.clear()


@dataclass(slots=True)
class _Open:
    text: str
    columns: int
    rows: int = 1


def _merged_down(spanned: list[list[tuple[str, int, bool]]]) -> list[list[Merged]]:
    """The cells with the number of rows that each covers, without those that go on with the one above."""
    starts: dict[int, _Open] = {}
    merged: list[list[_Open]] = []
    for row in spanned:
        merged.append([])
        column = 0
        for text, columns, goes_on in row:
            if goes_on and column in starts:
                starts[column].rows += 1
            else:
                starts[column] = _Open(text, columns)
                merged[-1].append(starts[column])
            column += columns
    return [[(cell.text, cell.columns, cell.rows) for cell in row] for row in merged]


def _children(element: Element) -> Iterator[Element]:
    """The children, those inside content controls and tracked insertions included."""
    for child in element:
        if child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            yield from _children(content) if content is not None else ()
        elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _children(child)
        else:
            yield child


def _blocks(element: Element) -> Iterator[Element]:
    return (child for child in _children(element) if child.tag in (f"{W}p", f"{W}tbl"))


def _plain(element: Element) -> str:
    signs = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}sym": "\ufffd"}
    boxes = {inner for box in element.iter(f"{W}txbxContent") for inner in box.iter()}
    found = element.iter(f"{W}t", _MATH_TEXT, *signs)
    return "".join(signs.get(child.tag, child.text or "") for child in found if child not in boxes)


def _style_id(paragraph: Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(f"{W}val", "") if style is not None else ""


def _level(style: BaseStyle | None) -> int | None:
    """0 for the title, 1 and more for headings, also through the style that a style is based on."""
    seen = 0
    while style is not None and seen < 20:
        name = (style.name or "").lower()
        if name == "title":
            return 0
        if match := re.fullmatch(r"heading (\d)", name):
            return int(match[1])
        style, seen = getattr(style, "base_style", None), seen + 1
    return None


def _is_on(element: Element) -> bool:
    return element is not None and element.get(f"{W}val", "true") not in ("false", "0", "off", "none")


def _number(element: Element) -> int:
    value = element.get(f"{W}val", "0") if element is not None else "0"
    return int(value) if value.isdigit() else 0


def _notes(document: Document, kind: str) -> dict[str, Element]:
    """The notes of a kind by id, without the lines that separate them from the text."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}s") and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            return {n.get(f"{W}id"): n for n in root.iter(f"{W}{kind}") if n.get(f"{W}type") is None}
    return {}
