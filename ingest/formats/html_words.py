"""The words inside an element of HTML, as a browser prints them on one line."""

import re
from collections.abc import Collection, Iterator

from lxml.etree import _Element as Element

from ingest.formats.canonical import raised

_BREAKS = frozenset(
    "address article blockquote dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 li ol p pre section"
    " table td th tr ul".split()
)
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)", re.IGNORECASE)


def words(element: Element, *, without: Collection[Element] = (), keep_lines: bool = False) -> str:
    """The text of an element, raised numbers marked as such.

    without: elements inside it that are left out.
    keep_lines: line ends are kept, as in preformatted text; else only those of `<br>`.
    """
    return "".join(_pieces(element, without, keep_lines))


def _pieces(element: Element, without: Collection[Element], keep_lines: bool) -> Iterator[str]:
    if element.tag == "br":
        yield "\n"
        return
    if element.tag == "sup":
        # The words of notes and of nested marks too: "<sup><a>1</a>,<a>2</a></sup>" is "1,2".
        yield raised("".join(element.itertext()))
        return
    if element.tag == "math":
        yield element.get("alttext") or "".join(element.itertext())
        return
    yield (element.text or "") if keep_lines else folded(element.text)
    for child in element:
        if child not in without:
            is_block = child.tag in _BREAKS
            yield " " if is_block else ""
            yield from _pieces(child, without, keep_lines)
            yield " " if is_block else ""
        yield (child.tail or "") if keep_lines else folded(child.tail)
    yield _hidden_doi(element)


def folded(text: str | None) -> str:
    """White space as a browser prints it."""
    return re.sub(r"\s+", " ", text or "")


def _hidden_doi(element: Element) -> str:
    """The DOI that a link such as "CrossRef" leads to and does not show; without it a reference has none."""
    if element.tag != "a":
        return ""
    match = _DOI_ADDRESS.match(element.get("href", ""))
    shown = "".join(element.itertext())
    inside = any(parent.tag in ("li", "cite") for parent in element.iterancestors())
    return f" doi:{match[1]}" if match and inside and "10." not in shown else ""
