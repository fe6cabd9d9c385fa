"""What is printed on a page of a PDF: glyphs and drawn lines, in one upright system of coordinates."""

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.formats.limits import MAX_DRAWN, MAX_GLYPHS

_QUARTER = math.pi / 2
_THIN = 2.5
# Letters that are drawn as outlines are as many paths; a page with a frame and some rules has fewer.
_MANY_PATHS = 100
# Where TeX's old encodings OT1 and T1 have them, in fonts that do not say what they print.
_TEX_LIGATURES: dict[int, str] = dict(
    zip([*range(0x0B, 0x10), *range(0x1B, 0x20)], ["ff", "fi", "fl", "ffi", "ffl"] * 2, strict=True)
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character. Coordinates in points, x to the right and y down the page.

    base: y of the baseline.  size: of the font, as printed.  spaced: white space stands before it.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str
    bold: bool
    spaced: bool

    @property
    def italic(self) -> bool:
        return "Ital" in self.font or "Obli" in self.font


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line from (x0, y0) to (x1, y1): horizontal if y0 equals y1, else vertical."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return self.y0 == self.y1


@dataclass(frozen=True, slots=True)
class Page:
    """A page as printed.

    top, bottom: y of its edges.
    unreadable: glyphs for which the file does not say which character they are.
    pictured: an image is on it, or a drawing.
    """

    number: int
    top: float
    bottom: float
    glyphs: tuple[Glyph, ...] = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    unreadable: int
    pictured: bool


class TooManyGlyphs(Exception):
    """A page holds more glyphs than are read; `args[0]` says how many."""


def read_page(document: pypdfium2.PdfDocument, number: int) -> Page:
    """Page `number`, from 1. Raises TooManyGlyphs, or PdfiumError if the page is damaged."""
    page = document[number - 1]
    try:
        text_page = page.get_textpage()
        count = text_page.count_chars()
        if count > MAX_GLYPHS:
            raise TooManyGlyphs(count)
        angle = _angle(text_page, count)
        upright = _Upright(angle)
        edges = upright.box(*page.get_cropbox())
        glyphs = tuple(_glyphs(text_page, count, angle, upright, edges))
        unreadable = sum(map(_is_unreadable, glyphs))
        rules, pictured = _drawn(page, upright)
        return Page(number, edges[1], edges[3], glyphs, rules, unreadable, pictured)
    finally:
        page.close()


@dataclass(frozen=True, slots=True)
class _Upright:
    """Turns coordinates of the file (y upwards) so that most of the text runs from left to right."""

    angle: int  # clockwise, in quarters of a turn

    def point(self, x: float, y: float) -> tuple[float, float]:
        return ((x, -y), (-y, -x), (-x, y), (y, x))[self.angle]

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1) with y0 above y1."""
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return min(a, c), min(b, d), max(a, c), max(b, d)


def _angle(text_page: pypdfium2.PdfTextPage, count: int) -> int:
    """The commonest direction of the text in quarters of a turn."""
    # Every seventh glyph tells.
    sample = Counter(_quarters(text_page, i) for i in range(0, count, 7))
    return sample.most_common(1)[0][0] if sample else 0


def _quarters(text_page: pypdfium2.PdfTextPage, index: int) -> int:
    angle: float = pdfium.FPDFText_GetCharAngle(text_page, index)
    return round(angle / _QUARTER) % 4


def _glyphs(
    text_page: pypdfium2.PdfTextPage,
    count: int,
    angle: int,
    upright: _Upright,
    edges: tuple[float, float, float, float],
) -> Iterator[Glyph]:
    x, y = ctypes.c_double(), ctypes.c_double()
    area = pdfium.FS_RECTF()
    matrix = pdfium.FS_MATRIX()
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    seen: set[tuple[str, int, int]] = set()
    spaced = False
    ligature = (0.0, 0.0, 0.0)
    for index in range(count):
        character = _character(text_page, index)
        if character.isspace() or not character:
            # Blanks that the file does not hold are told from the gaps here (`lines`).
            spaced = spaced or pdfium.FPDFText_IsGenerated(text_page, index) != 1
            continue
        if _quarters(text_page, index) != angle:
            continue
        # The area with the glyph's own margins: between ink alone, spaced letters look like words.
        pdfium.FPDFText_GetLooseCharBox(text_page, index, area)
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        x0, _, x1, _ = upright.box(area.left, area.bottom, area.right, area.top)
        _, base = upright.point(x.value, y.value)
        if (x0, x1, base) == ligature:
            x0 = x1  # the letters of a ligature share its area: the first takes it all
        else:
            ligature = (x0, x1, base)
        # Printed twice, a little apart, letters look bold.
        place = (character, round(x0), round(base))
        inside = edges[0] - 1 <= x0 and x1 <= edges[2] + 1 and edges[1] <= base <= edges[3]
        if place in seen or not inside:
            continue
        seen.add(place)
        pdfium.FPDFText_GetMatrix(text_page, index, matrix)
        size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
        pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
        font = name.value.decode("utf-8", "replace").rpartition("+")[2]
        bold = any(word in font for word in ("Bold", "Black", "Heavy", "CMBX", "-Bd", "Semibold", "Medi"))
        yield Glyph(character, x0, max(x1, x0), base, size, font, bold, spaced)
        spaced = False


def _character(text_page: pypdfium2.PdfTextPage, index: int) -> str:
    """What the glyph prints, "" for the second half of a character beyond U+FFFF."""
    code: int = pdfium.FPDFText_GetUnicode(text_page, index)
    if 0xD800 <= code < 0xDC00:
        low: int = pdfium.FPDFText_GetUnicode(text_page, index + 1)
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)) if 0xDC00 <= low < 0xE000 else "\ufffd"
    if 0xDC00 <= code < 0xE000 or code in (0, 0x200B):
        return ""
    if code in _TEX_LIGATURES and pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1:
        return _TEX_LIGATURES[code]
    # PDFium's sign for a hyphen at a line's end is U+0002 (or U+FFFE).
    return "-" if code in (0x02, 0xFFFE) else chr(code)


def _is_unreadable(glyph: Glyph) -> bool:
    """Whether the file says nothing of it, or a dingbat: what fonts numbered at will make of letters."""
    is_dingbat = "\u2700" <= glyph.text <= "\u27bf"
    return is_dingbat or unicodedata.category(glyph.text[0]) in ("Cc", "Co", "Cn") or glyph.text == "\ufffd"


def _drawn(page: pypdfium2.PdfPage, upright: _Upright) -> tuple[tuple[Rule, ...], bool]:
    """The drawn lines, none where there are too many for a table, and whether the page has a picture."""
    rules: list[Rule] = []
    images = paths = 0
    drawn = pdfium.FPDFPage_CountObjects(page)
    for number, item in enumerate(page.get_objects(max_depth=2)):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            images += 1
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            if number < MAX_DRAWN and drawn <= MAX_DRAWN:
                rules.extend(_rules(item, upright))
    return tuple(rules), images > 0 or paths >= _MANY_PATHS


def _rules(item: pypdfium2.PdfObject, upright: _Upright) -> Iterator[Rule]:
    x0, y0, x1, y1 = upright.box(*item.get_bounds())
    if y1 - y0 <= _THIN < x1 - x0:
        yield Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    elif x1 - x0 <= _THIN < y1 - y0:
        yield Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
    elif x1 - x0 > _THIN:
        yield from _sides(item, upright)


def _sides(item: pypdfium2.PdfObject, upright: _Upright) -> Iterator[Rule]:
    """The straight lines of a stroked outline: a frame, or a whole grid drawn at once."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    segments = pdfium.FPDFPath_CountSegments(item)
    if not stroke.value or segments > MAX_DRAWN:
        return
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for index in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = upright.point(*matrix.on_point(x.value, y.value))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _side(last, point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield from _side(point, first)
        last = point


def _side(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    (x0, x1), (y0, y1) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    if y1 - y0 <= 1 < x1 - x0:
        yield Rule(x0, y0, x1, y0)
    elif x1 - x0 <= 1 < y1 - y0:
        yield Rule(x0, y0, x0, y1)
