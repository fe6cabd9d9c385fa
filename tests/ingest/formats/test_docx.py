"""DOCX: what an author marks by style becomes Markdown, in the order of the document."""

import io
import zipfile

import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from ingest.errors import FormatError
from ingest.formats import extract


def refusal(content: bytes) -> str:
    with pytest.raises(FormatError) as error:
        extract(content, "a.docx")
    return str(error.value)


def package(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(f"word/{name}.xml", content)
    return file.getvalue()


def raise_last(paragraph, text):
    paragraph.add_run(text).font.superscript = True
    return paragraph


def test_title_headings_and_paragraphs_come_in_order(manuscript, written):
    manuscript.add_paragraph("Margins", style="Title")
    manuscript.add_heading("Methods", 1)
    manuscript.add_heading("Patients", 2)
    manuscript.add_paragraph("We saw 12 patients.")
    text = extract(written(manuscript), "a.docx").text
    assert text == "# Margins\n\n## Methods\n\n### Patients\n\nWe saw 12 patients.\n"


def test_bold_lines_are_headings_where_no_style_is_used(manuscript, written):
    manuscript.add_paragraph().add_run("Methods").bold = True
    manuscript.add_paragraph("We saw 12 patients.")
    assert extract(written(manuscript), "a.docx").text.startswith("## Methods\n")


def test_raised_numbers_are_markers_or_powers(manuscript, written):
    paragraph = raise_last(manuscript.add_paragraph("It is safe."), "1,2")
    raise_last(paragraph, "")
    paragraph.add_run(" A volume of 5 cm")
    raise_last(paragraph, "3")
    assert extract(written(manuscript), "a.docx").text == "It is safe.^{1,2} A volume of 5 cm³\n"


def test_items_carry_the_numbers_that_word_counts(manuscript, written):
    for words in ("first", "second"):
        manuscript.add_paragraph(words, style="List Number")
    manuscript.add_paragraph("a point", style="List Bullet")
    assert extract(written(manuscript), "a.docx").text == "1. first\n\n2. second\n\n- a point\n"


def test_merged_cells_of_a_table_are_written_out(manuscript, written):
    table = manuscript.add_table(rows=3, cols=3)
    for row, cells in zip(
        table.rows, [["Organ", "Scan", "AUC"], ["Liver", "CT", "0.9"], ["", "MR", "a|b"]], strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert extract(written(manuscript), "a.docx").text == (
        "| Organ | Scan | AUC |\n| --- | --- | --- |\n| Liver | CT | 0.9 |\n| Liver | MR | a\\|b |\n"
    )


def test_a_caption_below_its_table_is_written_above_it(manuscript, written):
    manuscript.add_table(rows=2, cols=2).cell(0, 0).text = "Organ"
    manuscript.add_paragraph("Table 1. Organs")
    assert extract(written(manuscript), "a.docx").text.startswith("Table 1. Organs\n\n| Organ |")


def test_what_was_deleted_is_left_out_and_what_was_inserted_is_kept(manuscript, written):
    paragraph = manuscript.add_paragraph("No ")
    for tag, kind in (("del", "delText"), ("ins", "t")):
        change = parse_xml(f"<w:{tag} {nsdecls('w')}><w:r><w:{kind}>{tag} words</w:{kind}></w:r></w:{tag}>")
        paragraph._p.append(change)
    assert extract(written(manuscript), "a.docx").text == "No ins words\n"


def test_a_paragraph_in_a_content_control_is_read(manuscript, written):
    control = OxmlElement("w:sdt")
    content = OxmlElement("w:sdtContent")
    control.append(content)
    content.append(manuscript.add_paragraph("Inside.")._p)
    manuscript.element.body.insert(0, control)
    assert extract(written(manuscript), "a.docx").text == "Inside.\n"


def test_the_running_head_is_no_text(manuscript, written):
    manuscript.sections[0].header.paragraphs[0].text = "Running head"
    manuscript.add_paragraph("Body.")
    assert extract(written(manuscript), "a.docx").text == "Body.\n"


def test_title_and_authors_are_those_of_the_properties(manuscript, written):
    manuscript.core_properties.title = "Margins"
    manuscript.core_properties.author = "Ada Lovelace; Bo Ek"
    found = extract(written(manuscript), "a.docx")
    assert (found.title, found.authors, found.pages) == ("Margins", ("Ada Lovelace", "Bo Ek"), ())


def test_doi_and_date_are_those_that_the_first_lines_state(manuscript, written):
    manuscript.add_paragraph("Published: January 5, 2017")
    manuscript.add_paragraph("DOI: 10.5281/zenodo.1799909.")
    found = extract(written(manuscript), "a.docx")
    assert (found.doi, found.date) == ("10.5281/zenodo.1799909", "2017-01-05")


def test_the_date_of_another_article_is_not_taken_for_its_own(manuscript, written):
    manuscript.add_paragraph("A trial published in the May 2025 issue of a journal was read.")
    assert extract(written(manuscript), "a.docx").date is None


def test_a_file_that_is_no_package_is_refused():
    assert "a.docx is not a DOCX" in refusal(b"Just text.")


def test_an_encrypted_file_is_refused_with_the_mend():
    assert "without a password" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


def test_a_package_without_a_document_is_refused_as_damaged():
    assert "a.docx is not a sound DOCX" in refusal(package(other="<a/>"))


def test_a_package_that_unpacks_too_far_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("ingest.formats.docx.MAX_MARKUP_BYTES", 1000)
    assert "a.docx has 5000 bytes of XML, at most 1000" in refusal(package(document=" " * 5000))


def test_entities_are_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    assert "word/document.xml has a DOCTYPE" in refusal(package(document=bomb))


def test_deep_nesting_is_refused(manuscript, written):
    deep = f"<w:p {nsdecls('w')}>" + "<w:smartTag>" * 400 + "</w:smartTag>" * 400 + "</w:p>"
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(manuscript))) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"<w:body>", f"<w:body>{deep}".encode()))
    assert "a.docx is not a sound DOCX" in refusal(content.getvalue())


def test_a_footnote_stands_below_its_paragraph(manuscript, written):
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator' w:id='0'/>"
        "<w:footnote w:id='2'><w:p><w:r><w:t>Not in children.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), manuscript.part.package)
    manuscript.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), "2")
    manuscript.add_paragraph("It is safe.").add_run()._r.append(mark)
    assert extract(written(manuscript), "a.docx").text == "It is safe.[^1]\n\n[^1]: Not in children.\n"
