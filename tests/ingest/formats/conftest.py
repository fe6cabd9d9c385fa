"""Small files of each format, made on the spot."""

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

LEFT, RIGHT = 72, 320
LINE = 12


class Sheet:
    """A PDF in the making: 10-point Times on letter paper, 612 points wide and 792 high."""

    def __init__(self, **options: object) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=letter, pageCompression=0, **options)

    def lines(self, x: float, y: float, *lines: str, size: float = 10, font: str = "Times-Roman") -> float:
        """Print lines downwards from (x, y), y from the foot of the page; returns y of the next line."""
        for line in lines:
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, y, line)
            y -= LINE * size / 10
        return y

    def rules(self, x0: float, x1: float, *ys: float) -> None:
        """Draw horizontal lines."""
        for y in ys:
            self.canvas.line(x0, y, x1, y)

    def turn(self) -> None:
        """Begin the next page."""
        self.canvas.showPage()

    def content(self) -> bytes:
        """The file."""
        self.canvas.save()
        return self._file.getvalue()


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


@pytest.fixture
def written() -> Callable[[Document], bytes]:
    """A DOCX as bytes."""

    def write(document: Document) -> bytes:
        file = io.BytesIO()
        document.save(file)
        return file.getvalue()

    return write


@pytest.fixture
def manuscript() -> Document:
    """An empty DOCX."""
    return docx.Document()
