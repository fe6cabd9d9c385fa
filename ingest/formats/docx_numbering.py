"""The numbers and bullets of the lists of a DOCX, which stand in no paragraph but are counted."""

import re
from collections import defaultdict

from docx.document import Document
from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLET = "-"


class Numbering:
    """Counts the items of all lists of a document, in document order."""

    def __init__(self, document: Document) -> None:
        self._levels = _levels(document)
        self._of_style = {
            style.style_id: found
            for style in document.styles
            if (found := _numbered(style.element.find(f"{W}pPr"))) is not None
        }
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def sign(self, paragraph: Element) -> str | None:
        """The number as printed, "3." or "[3]", or "-" for a bullet; None if the paragraph is no item."""
        properties = paragraph.find(f"{W}pPr")
        numbered = _numbered(properties)
        if numbered is None and properties is not None:
            style = properties.find(f"{W}pStyle")
            numbered = self._of_style.get(style.get(f"{W}val")) if style is not None else None
        if numbered is None or numbered[0] == "0":
            return None
        list_id, level = numbered
        counts = self._counts[list_id]
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        form, printed, start = self._levels.get((list_id, level), ("bullet", "", 1))
        counts[level] = counts.get(level, start - 1) + 1
        if form in ("bullet", "none"):
            return _BULLET
        return re.sub(r"%(\d)", lambda place: str(counts.get(int(place[1]) - 1, 1)), printed) or _BULLET


def _numbered(properties: Element | None) -> tuple[str, int] | None:
    if properties is None:
        return None
    number = properties.find(f"{W}numPr")
    list_id = number.find(f"{W}numId") if number is not None else None
    if number is None or list_id is None:
        return None
    level = number.find(f"{W}ilvl")
    return list_id.get(f"{W}val", "0"), int(level.get(f"{W}val", "0")) if level is not None else 0


def _levels(document: Document) -> dict[tuple[str, int], tuple[str, str, int]]:
    """(form, text with %1 for the number, first number) by list and level."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {a.get(f"{W}abstractNumId"): a for a in root.iter(f"{W}abstractNum")}
    levels = {}
    for number in root.iter(f"{W}num"):
        reference = number.find(f"{W}abstractNumId")
        shared = abstract.get(reference.get(f"{W}val")) if reference is not None else None
        for level in shared.iter(f"{W}lvl") if shared is not None else ():
            place = number.get(f"{W}numId"), int(level.get(f"{W}ilvl", "0"))
            start = _value(level, "start", "1")
            levels[place] = (_value(level, "numFmt", "decimal"), _value(level, "lvlText", "%1."), int(start))
    return levels


def _value(level: Element, name: str, default: str) -> str:
    element = level.find(f"{W}{name}")
    return str(element.get(f"{W}val", default)) if element is not None else default
