"""Canonical text of formats that have none of their own, written block by block as Markdown."""

import re
import unicodedata
from collections.abc import Collection, Sequence

# Stands in a text where a page begins; the canonical text has none, only their offsets.
PAGE_START = "\f"
Grid = Sequence[Sequence[str]]

_LIGATURES = {ord(sign): unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"}
# The bullet of Word's symbol font; soft hyphens, joiners and marks of direction, which nobody reads.
_SIGNS = _LIGATURES | {0xF0B7: "•", 0xF0A7: "▪"} | dict.fromkeys([0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFE])
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e]")
_MATHEMATICAL = re.compile(r"[\U0001D400-\U0001D7FF]")
# As TeX's old fonts print them, and as what is combined with a letter. They are accents inside a word only:
# "˜a third" is about a third, "90˚angle" lacks a blank; and "Crohn´s" has an apostrophe.
_ACCENTS = dict(zip("¨ˆ˜ˇ˘˚´", "\u0308\u0302\u0303\u030c\u0306\u030a\u0301", strict=True))
_ACCENTED = re.compile(r"(¨|(?<=[^\W\d_])(?:[ˆ˜ˇ˘˚]|´(?=[aeiouı])))([^\W\d_])")
_LOOKS_LIKE_MARKUP = re.compile(r"^(?=#{1,6}\s|\|.*\|$)", re.MULTILINE)
_BLANKS = re.compile(rf"[^\S{PAGE_START}]+")
_NUMBERED = re.compile(r"\[?\d{1,4}[\].)]")
_RAISED = str.maketrans("0123456789-–−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻")
_DIGITS = re.compile(r"[-–−]?\d+(?:[-–−]\d+)?")
# "1,2,5-9,12-14" and the like; what is longer is a line of small print.
_LONGEST_RAISED = 40
_LABELS = frozenset("st nd rd th ™ ® © °".split())


class Canonical:
    """A text that grows by one block at a time; blocks stand apart by a blank line."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._pages = ""

    def heading(self, level: int, text: str) -> None:
        """level: 1 for the title."""
        if line := " ".join(clean(text).split()):
            self._add(f"{'#' * min(level, 6)} {line}")

    def paragraph(self, text: str) -> None:
        """Line ends inside the text stay; other white space is folded."""
        lines = [_BLANKS.sub(" ", line).strip(" ") for line in _lines(clean(text))]
        if block := "\n".join(filter(None, lines)):
            self._add(_LOOKS_LIKE_MARKUP.sub(r"\\", block))

    def item(self, sign: str, text: str) -> None:
        """An item of a list; `sign` is its number as printed, or "-"."""
        words = " ".join(clean(text).split())
        if words:
            self._add(words if _NUMBERED.match(words) and sign == "-" else f"{sign} {words}")

    def table(self, grid: Grid, headers: int, page_rows: Collection[int] = ()) -> None:
        """A table whose merged cells are written out; the first `headers` rows make one row of headers.

        page_rows: the rows, counted from the first header, that begin a page.
        """
        width = max(map(len, grid), default=0)
        rows = [[_cell(text) for text in [*row, *[""] * (width - len(row))]] for row in grid]
        head = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*rows[:headers], strict=True)]
        lines = [head or [""] * width, ["---"] * width]
        marks = ["", ""]
        mark = ""
        for number, row in enumerate(rows):
            mark = PAGE_START if number in page_rows else mark
            if number >= headers and any(row):
                lines.append(row)
                marks.append(mark)
                mark = ""
        if width:
            printed = (f"{mark}| {' | '.join(line)} |" for mark, line in zip(marks, lines, strict=True))
            self._add("\n".join(printed))

    def page(self) -> None:
        """The next block begins a page. (Inside a paragraph, PAGE_START marks where one begins.)"""
        self._pages += PAGE_START

    def _add(self, block: str) -> None:
        self._blocks.append(self._pages + block)
        self._pages = ""

    def finish(self) -> tuple[str, tuple[int, ...]]:
        """The text, and the offset at which each page begins; () if none was begun."""
        before, *pages = ("\n\n".join(self._blocks) + "\n" + self._pages).split(PAGE_START)
        starts, position = [], len(before)
        for page in pages:
            starts.append(position)
            position += len(page)
        return "".join([before, *pages]), tuple(starts)


def clean(text: str) -> str:
    """Composed characters, ligatures and mathematical letters as plain ones, nothing unprintable."""
    plain = _MATHEMATICAL.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text.translate(_SIGNS))
    plain = _ACCENTED.sub(_composed, plain)
    return _UNPRINTABLE.sub("", unicodedata.normalize("NFC", plain))


def _composed(printed: re.Match[str]) -> str:
    """The letter with the accent printed before it: "B¨o" is "Bö"; "xˆθ", which is no letter, stays."""
    found = unicodedata.normalize("NFC", printed[2].replace("ı", "i") + _ACCENTS[printed[1]])
    return found if len(found) == 1 else printed[0]


def raised(text: str) -> str:
    """Raised text: numbers as `¹⁴`, lists of them as `^{1,2}`, ordinals as plain letters, the rest as `^{a}`.

    Raised digits tell an exponent ("mm³", "10⁻⁶") from a citation by what stands before them; a list is
    always a citation (`ingest.markers`).
    """
    bare = "".join(text.split())
    if not bare or len(bare) > _LONGEST_RAISED:
        return text
    if _DIGITS.fullmatch(bare):
        return bare.translate(_RAISED)
    if bare.lower() in _LABELS or not re.search(r"[\w*†‡§+-]", bare):
        return text
    return f"^{{{bare.strip('[]()')}}}"


def _lines(text: str) -> list[str]:
    # Not str.splitlines, which would also take the mark of a page for a line end.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cell(text: str) -> str:
    return " ".join(clean(text).split()).replace("|", r"\|")
