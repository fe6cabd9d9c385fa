"""HTML: the article of a page with its headings, lists, tables, references and raised numbers."""

import codecs
import re

from lxml import etree
from lxml import html as parser
from lxml.etree import _Element as Element

from ingest.errors import FormatError
from ingest.formats.canonical import Canonical
from ingest.formats.extracted import Extracted
from ingest.formats.html_page import article_of, metadata
from ingest.formats.html_tables import read_grid
from ingest.formats.html_words import folded, words
from ingest.formats.identity import with_identity
from ingest.formats.limits import MAX_MARKUP_BYTES

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I
)
# How far into the file a browser looks for the encoding.
_HEAD = 4096
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HEADING = re.compile(r"h([1-6])$")
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer"
    " header hr html li main nav ol p pre section summary table ul h1 h2 h3 h4 h5 h6".split()
)
# Such a heading, or a bold label, belongs to the caption that follows it.
_LABEL = re.compile(r"(?:Table|TABLE|Tab\.|Figure|Fig\.|Box)\s+[A-Z]?\d+[A-Za-z]?[.:]?$")


def read(content: bytes, file_name: str) -> Extracted:
    """The article of a page; navigation, footers and scripts are left out.

    Raises FormatError for another encoding than declared, for too deep nesting and for a page without text.
    """
    if len(content) > MAX_MARKUP_BYTES:
        raise FormatError(
            f"{file_name} has {len(content)} bytes of HTML, at most {MAX_MARKUP_BYTES} are read; split it"
        )
    root = _parsed(_decoded(content, file_name), file_name)
    described = metadata(root)
    writer = _Writer(file_name)
    writer.children(article_of(root))
    writer.flush()
    text, _ = writer.text.finish()
    if not text.strip():
        raise FormatError(f"{file_name} has no text; if a script loads it, save the page from the browser")
    return with_identity(Extracted(text, **described))


def _decoded(content: bytes, file_name: str) -> str:
    declared = _DECLARED.search(content, 0, _HEAD)
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    for mark, marked in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        encoding = marked if content.startswith(mark) else encoding
    # What browsers do: a page that says Latin-1 means its superset of Windows.
    encoding = "cp1252" if encoding.lower() in ("iso-8859-1", "latin1", "us-ascii") else encoding
    try:
        return content.decode(encoding)
    except LookupError as exc:
        raise FormatError(
            f"{file_name} declares the unknown encoding {encoding!r}; save it as UTF-8"
        ) from exc
    except UnicodeDecodeError as exc:
        raise FormatError(f"{file_name} is not {encoding} (byte {exc.start}); save it as UTF-8") from exc


def _parsed(text: str, file_name: str) -> Element:
    reader = parser.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = parser.document_fromstring(_XML_DECLARATION.sub("", text).replace("\x00", ""), parser=reader)
    except (etree.ParserError, etree.XMLSyntaxError) as exc:
        raise FormatError(f"{file_name} is not HTML ({exc}); save the page anew") from exc
    for error in reader.error_log:
        if "depth" in error.message.lower():
            # The parser stops there, so that the rest of the page would be lost.
            raise FormatError(f"{file_name}, line {error.line}: {error.message.strip()}; simplify the page")
    return root


class _Writer:
    """Walks a tree and writes its blocks. Text between blocks is a paragraph of its own."""

    def __init__(self, file_name: str) -> None:
        self.text = Canonical()
        self._file_name = file_name
        self._loose: list[str] = []
        self._label = ""

    def children(self, element: Element) -> None:
        """Write all that stands in an element."""
        self._loose.append(folded(element.text))
        for child in element:
            if _holds_blocks(child):
                self.flush()
                self._block(child)
            else:
                self._loose.append(words(child))
            self._loose.append(folded(child.tail))

    def flush(self) -> None:
        """Write the loose text gathered so far as a paragraph."""
        text = "".join(self._loose)
        self._loose.clear()
        if not text.strip():
            return
        printed = " ".join(text.split())
        if _LABEL.match(printed):
            self._label = printed
            return
        self.text.paragraph(f"{self._label} {text.strip()}" if self._label else text)
        self._label = ""

    def _block(self, element: Element) -> None:
        tag = str(element.tag)
        if heading := _HEADING.match(tag):
            self._heading(int(heading[1]), element)
        elif tag in ("ol", "ul"):
            self._list(element)
        elif tag == "table":
            self._table(element)
        elif tag == "pre":
            self.text.paragraph(words(element, keep_lines=True))
        else:
            self.children(element)
            self.flush()

    def _heading(self, level: int, element: Element) -> None:
        text = words(element)
        if _LABEL.match(" ".join(text.split())):
            self._loose.append(text)
            self.flush()
        else:
            self.text.heading(level, text)

    def _list(self, element: Element) -> None:
        number = int(element.get("start", "1")) if element.get("start", "1").isdigit() else 1
        for item in element:
            if item.tag != "li":
                self._block(item) if _holds_blocks(item) else self._loose.append(words(item))
                self.flush()
                continue
            number = int(item.get("value")) if item.get("value", "").isdigit() else number
            self._item(f"{number}." if element.tag == "ol" else "-", item)
            number += 1

    def _item(self, sign: str, item: Element) -> None:
        """An item's own words, then the lists and tables inside it."""
        inner = [child for child in item.iter("ol", "ul", "table", "pre") if _outermost(child, item)]
        self.text.item(sign, words(item, without=frozenset(inner)))
        for child in inner:
            self._block(child)

    def _table(self, element: Element) -> None:
        caption = element.find("caption")
        if caption is not None:
            self._loose.append(words(caption))
            self.flush()
        elif self._label:
            self.text.paragraph(self._label)
            self._label = ""
        found = read_grid(element, self._file_name)
        if found is None:
            # A table for layout: its cells are read as blocks.
            for cell in element.iter("td", "th"):
                if _outermost(cell, element):
                    self.children(cell)
                    self.flush()
            return
        grid, headers = found
        self.text.table(grid, headers)
        for foot in element.iterfind("tfoot"):
            self._loose.append(words(foot))
            self.flush()


def _holds_blocks(element: Element) -> bool:
    return element.tag in _BLOCKS or any(inner.tag in _BLOCKS for inner in element.iter())


def _outermost(element: Element, root: Element) -> bool:
    """Whether no list, cell or table stands between the element and `root`."""
    for parent in element.iterancestors():
        if parent is root:
            return True
        if parent.tag in ("ol", "ul", "table", "td", "th", "pre"):
            return False
    return True
