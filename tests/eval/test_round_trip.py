"""A document turned into DOCX and PDF gives the same evidence as its text."""

import hashlib
import io
from collections.abc import Callable
from html import escape
from pathlib import Path

import docx
import pytest
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from eval.evidence import Place, ranks
from eval.questions import Question, load_questions
from eval.systems import NeedleSystem
from ingest.blocks import Block
from ingest.build import build
from ingest.corpus import load_corpus
from ingest.encoder import DEFAULT, Encoder
from ingest.index import open_current
from ingest.reading import Reading, read
from tests.conftest import CORPUS

ID = "dinc"
COLUMN = 235  # points; A4 is 595 wide


@pytest.fixture(scope="module")
def reading() -> Reading:
    return next(read(source) for source in load_corpus(CORPUS).documents if source.id == ID)


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    """Those whose whole evidence stands in the document."""
    found = [q for q in load_questions() if {quote.document for g in q.evidence for quote in g} == {ID}]
    assert len(found) >= 20
    return found


def printed(reading: Reading, block: Block) -> str:
    """The block's own words on one line, without the asterisks of Markdown."""
    words = " ".join(reading.source.text[slice(*span)] for span in block.fragments).replace("*", "")
    return " ".join(words.lstrip("# ").split())


def as_text(reading: Reading) -> bytes:
    return reading.source.text.encode()


def as_docx(reading: Reading) -> bytes:
    document = docx.Document()
    for block in reading.blocks:
        level = 0 if block.kind == "title" else block.level
        if level is not None:
            document.add_heading(printed(reading, block), level)
        else:
            document.add_paragraph(printed(reading, block))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_pdf(reading: Reading) -> bytes:
    """Two justified columns, with a running head and page numbers."""
    body = ParagraphStyle("body", fontName="Times-Roman", alignment=TA_JUSTIFY, spaceAfter=6)
    bold = ParagraphStyle("bold", fontName="Times-Bold", fontSize=12, leading=14, spaceAfter=6)
    title = ParagraphStyle("title", parent=bold, fontSize=18, leading=22)

    def head(canvas, template) -> None:
        canvas.drawString(50, 810, f"Interventional Radiology   {template.page}")

    def style(block: Block) -> ParagraphStyle:
        return title if block.kind == "title" else bold if block.kind == "heading" else body

    file = io.BytesIO()
    columns = [Frame(x, 50, COLUMN, 740, id=f"column at {x}") for x in (50, 310)]
    template = BaseDocTemplate(file, pagesize=A4, pageTemplates=[PageTemplate("two", columns, onPage=head)])
    template.build([Paragraph(escape(printed(reading, b)), style(b)) for b in reading.blocks])
    return file.getvalue()


@pytest.fixture
def recall_of(tmp_path, monkeypatch, encoder: Encoder, questions) -> Callable[[str, bytes], float]:
    """The share of the evidence in the first five passages, when the document is a file of this kind."""
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: encoder)

    def recall(suffix: str, content: bytes) -> float:
        corpus, index = tmp_path / f"corpus{suffix}", tmp_path / f"index{suffix}"
        write(corpus, f"{ID}{suffix}", content)
        build(corpus, index, DEFAULT, lambda *_: None)
        generation = open_current(index)
        system = NeedleSystem("full", generation, encoder)
        found = []
        for question in questions:
            text = generation.documents[ID].text
            groups = [tuple(place(text, quote.quote) for quote in group) for group in question.evidence]
            found += ranks(groups, system.search(question, 5).passages)
        return sum(rank is not None for rank in found) / len(found)

    return recall


def write(corpus: Path, file: str, content: bytes) -> None:
    corpus.mkdir()
    (corpus / file).write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    entry = f'[[documents]]\nid = "{ID}"\nfile = "{file}"\ntitle = "T"\nsha256 = "{sha256}"\n'
    (corpus / "corpus.toml").write_text(entry)


def place(text: str, quote: str) -> Place:
    """Where the letters and digits of a quote stand in a text, whatever stands between them."""
    offsets = [n for n, character in enumerate(text) if character.isalnum()]
    folded = "".join(text[n] for n in offsets)
    start = folded.find("".join(filter(str.isalnum, quote)))
    assert start >= 0, f"{quote!r} is not in the text as read"
    length = sum(map(str.isalnum, quote))
    return Place(ID, offsets[start], offsets[start + length - 1] + 1)


@pytest.mark.parametrize(("suffix", "written"), [(".docx", as_docx), (".pdf", as_pdf)])
def test_the_evidence_is_found_as_well_as_in_the_text(recall_of, reading, suffix, written):
    assert recall_of(suffix, written(reading)) >= recall_of(".txt", as_text(reading)) - 0.03
