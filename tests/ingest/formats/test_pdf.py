"""PDF: what is printed, in the order in which a person reads it, with its pages."""

import io

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from ingest.errors import FormatError
from ingest.formats import extract
from tests.ingest.formats.conftest import LEFT, LINE, RIGHT, Sheet

# Lines of about 240 points, as wide as a column.
COLUMN_A = (
    "Thermal ablation of small tumors of the liver is a safe",
    "procedure in most of the patients who cannot have sur-",
    "gery. The margin around a tumor decides whether it re-",
    "turns, and so it is measured on images before and after",
    "the needle has been placed by hand or by a robot arm in",
    "the usual way, which differs between the centers that",
)
COLUMN_B = (
    "took part. In this trial a robot placed all needles, and a",
    "network drew the outline of each tumor and each zone.",
    "No patient died. One had a bleeding that was treated at",
    "once, and none had an abscess in the first half year that",
    "followed the procedure. All margins were read again by",
    "two readers who did not know the outcome of any case.",
)
WIDE = (
    "A line of prose that goes from one margin to the other one and tells of patients, needles and images. "
)


def refusal(content: bytes) -> str:
    with pytest.raises(FormatError) as error:
        extract(content, "a.pdf")
    return str(error.value)


def picture() -> ImageReader:
    file = io.BytesIO()
    Image.new("L", (50, 50), 200).save(file, "PNG")
    file.seek(0)
    return ImageReader(file)


def test_two_columns_are_read_one_after_the_other(sheet):
    sheet.lines(LEFT, 700, *COLUMN_A)
    sheet.lines(RIGHT, 700, *COLUMN_B)
    text = extract(sheet.content(), "a.pdf").text
    assert "between the centers that took part. In this trial" in text
    assert text.count("\n\n") == 0


def test_a_word_that_a_line_end_cuts_is_joined(sheet):
    sheet.lines(LEFT, 700, *COLUMN_A, "and then again the surgery of this kind returns here.")
    text = extract(sheet.content(), "a.pdf").text
    assert "cannot have surgery. The margin" in text
    assert "whether it returns, and so" in text


def test_a_hyphen_that_belongs_to_the_word_is_kept(sheet):
    sheet.lines(
        LEFT, 700, "The patients had long-term follow-up after CT-", "guided and Kaplan-", "Meier methods"
    )
    assert extract(sheet.content(), "a.pdf").text.endswith("after CT-guided and Kaplan-Meier methods\n")


def test_a_title_across_both_columns_comes_first(sheet):
    sheet.lines(LEFT, 720, "Margins of ablation in the liver", size=18)
    sheet.lines(LEFT, 690, "Methods", font="Times-Bold")
    sheet.lines(LEFT, 670, *COLUMN_A)
    sheet.lines(RIGHT, 670, *COLUMN_B)
    found = extract(sheet.content(), "a.pdf")
    assert found.title == "Margins of ablation in the liver"
    assert found.text.startswith("# Margins of ablation in the liver\n\n## Methods\n\nThermal ablation of")


def test_running_heads_feet_and_page_numbers_are_left_out_and_pages_are_kept():
    sheet = Sheet()
    for page, words in enumerate(
        ("Alpha words here end.", "Beta words here end.", "Gamma words here end."), 1
    ):
        sheet.lines(LEFT, 760, f"Lovelace et al.   Margins   {page}", size=8)
        sheet.lines(LEFT, 700, words)
        sheet.lines(300, 30, str(page))
        sheet.turn()
    found = extract(sheet.content(), "a.pdf")
    assert found.text == "Alpha words here end.\n\nBeta words here end.\n\nGamma words here end.\n"
    assert [found.text[start:][:5] for start in found.pages] == ["Alpha", "Beta ", "Gamma"]


def test_a_sentence_that_a_page_end_cuts_is_whole_and_the_page_begins_inside_it(sheet):
    sheet.lines(LEFT, 100, "The margin was five millimeters or more in each of the")
    sheet.turn()
    sheet.lines(LEFT, 700, "patients who had no recurrence.")
    found = extract(sheet.content(), "a.pdf")
    assert found.text == (
        "The margin was five millimeters or more in each of the patients who had no recurrence.\n"
    )
    assert found.pages == (0, found.text.index("patients who"))


def test_a_blank_page_is_counted(sheet):
    sheet.lines(LEFT, 700, "One.")
    sheet.turn()
    sheet.turn()
    sheet.lines(LEFT, 700, "Three.")
    found = extract(sheet.content(), "a.pdf")
    assert found.text == "One.\n\nThree.\n"
    assert found.pages == (0, 6, 6)


def test_raised_numbers_are_markers(sheet):
    sheet.lines(LEFT, 700, "It is safe.")
    sheet.lines(LEFT + stringWidth("It is safe.", "Times-Roman", 10), 704, "1,2", size=6)
    sheet.lines(LEFT, 688, "Nobody died in the trial.")
    assert "It is safe.^{1,2}" in extract(sheet.content(), "a.pdf").text


def test_a_grid_is_a_table_under_its_caption_with_merged_cells_written_out(sheet):
    sheet.lines(LEFT, 700, "Table 1. Results by organ")
    sheet.rules(LEFT, 372, 690, 670, 630)
    sheet.rules(172, 372, 650)
    for x in (72, 172, 272, 372):
        sheet.canvas.line(x, 690, x, 630)
    for y, cells in ((676, ("Organ", "Scan", "AUC")), (656, ("", "CT", "0.91")), (636, ("", "MR", "0.93"))):
        for column, cell in enumerate(cells):
            sheet.lines(LEFT + 5 + 100 * column, y, cell)
    sheet.lines(LEFT + 5, 646, "Liver")
    assert extract(sheet.content(), "a.pdf").text == (
        "Table 1. Results by organ\n\n| Organ | Scan | AUC |\n| --- | --- | --- |\n"
        "| Liver | CT | 0.91 |\n| Liver | MR | 0.93 |\n"
    )


@pytest.mark.parametrize("caption_y", [700, 610])
def test_a_table_with_horizontal_rules_only_has_the_columns_that_its_gaps_show(sheet, caption_y):
    sheet.lines(LEFT, caption_y, "Table 2. Results by organ")
    sheet.rules(LEFT, 372, 690, 672, 624)
    rows = (
        (677, "Organ", "AUC"),
        (660, "Liver and", "0.91"),
        (648, "bile ducts", ""),
        (632, "Kidney", "0.93"),
    )
    for y, organ, auc in rows:
        sheet.lines(LEFT, y, organ)
        sheet.lines(LEFT + 200, y, auc)
    assert extract(sheet.content(), "a.pdf").text == (
        "Table 2. Results by organ\n\n| Organ | AUC |\n| --- | --- |\n"
        "| Liver and bile ducts | 0.91 |\n| Kidney | 0.93 |\n"
    )


def test_a_table_that_goes_on_on_the_next_page_is_one(sheet):
    for page, (organ, auc) in enumerate((("Liver", "0.91"), ("Kidney", "0.93"))):
        if page:
            sheet.turn()
        else:
            sheet.lines(LEFT, 700, "Table 1. Results by organ")
        sheet.rules(LEFT, 272, 690, 670, 650)
        for x in (72, 172, 272):
            sheet.canvas.line(x, 690, x, 650)
        for y, cells in ((676, ("Organ", "AUC")), (656, (organ, auc))):
            for column, cell in enumerate(cells):
                sheet.lines(LEFT + 5 + 100 * column, y, cell)
    found = extract(sheet.content(), "a.pdf")
    assert found.text.endswith("| Organ | AUC |\n| --- | --- |\n| Liver | 0.91 |\n| Kidney | 0.93 |\n")
    assert found.pages == (0, found.text.index("| Kidney"))


def test_entries_of_a_bibliography_are_paragraphs_of_their_own(sheet):
    y = sheet.lines(LEFT, 700, "References", font="Times-Bold", size=12)
    sheet.lines(
        LEFT,
        y - 6,
        "1. Park S. A study of margins in",
        "the liver. doi:10.1000/1",
        "2. Daye D. Another study. 2019",
    )
    assert extract(sheet.content(), "a.pdf").text == (
        "## References\n\n1. Park S. A study of margins in the liver. doi:10.1000/1\n\n"
        "2. Daye D. Another study. 2019\n"
    )


def test_a_note_at_the_foot_does_not_cut_the_sentence_that_goes_on(sheet):
    y = sheet.lines(LEFT, 400, *[WIDE.strip()] * 4, "The margin was five millimeters or more in each of the")
    sheet.lines(LEFT, y - 20, "* Not in children.", size=7)
    sheet.turn()
    sheet.lines(LEFT, 700, "patients who had no recurrence.")
    found = extract(sheet.content(), "a.pdf")
    assert "in each of the patients who had no recurrence." in found.text
    assert found.text.index("Not in children") < found.pages[1]


def test_title_and_authors_of_the_metadata_are_taken_but_not_a_file_name(sheet):
    sheet.canvas.setTitle("paper-final.docx")
    sheet.canvas.setAuthor("Ada Lovelace; Bo Ek")
    sheet.lines(LEFT, 700, "We saw 12 patients.")
    found = extract(sheet.content(), "a.pdf")
    assert (found.title, found.authors) == (None, ("Ada Lovelace", "Bo Ek"))


def test_a_scan_is_refused_with_its_pages_and_what_is_missing(sheet):
    sheet.lines(LEFT, 700, "A page with text.")
    for _ in range(3):
        sheet.turn()
        sheet.canvas.drawImage(picture(), 0, 0, 612, 792)
    message = refusal(sheet.content())
    assert all(part in message for part in ("a.pdf: pages 2–4 without text, a picture or a scan", "OCR"))


def test_pages_that_are_pictures_are_named_and_the_others_read(sheet):
    for number, words in enumerate(["One.", "", "Three.", "", "", "", "Seven.", "Eight."], 1):
        sheet.lines(LEFT, 700, words)
        if number in (2, 5):
            sheet.canvas.drawImage(picture(), 0, 0, 612, 792)
        if number == 4:
            sheet.canvas.drawImage(picture(), 500, 700, 30, 30)
        sheet.turn()
    found = extract(sheet.content(), "a.pdf")
    assert found.text == "One.\n\nThree.\n\nSeven.\n\nEight.\n"
    assert found.oddities == (
        "pages 2, 4–5 without text, a picture or a scan: not read; to have it, run OCR on the file first "
        "(with ocrmypdf, say); Needle has none",
    )


def test_letters_that_are_drawn_as_outlines_are_named(sheet):
    sheet.lines(LEFT, 700, "A page with text.")
    sheet.turn()
    for number in range(120):
        sheet.canvas.circle(100 + number % 12 * 9, 700 - number, 3)
    assert "page 2 without text" in extract(sheet.content(), "a.pdf").oddities[0]


def test_a_page_whose_font_names_dingbats_for_letters_is_named_and_not_read(sheet):
    sheet.lines(LEFT, 700, "A page with text.")
    sheet.turn()
    sheet.lines(LEFT, 700, "❡" * 60, font="ZapfDingbats")
    found = extract(sheet.content(), "a.pdf")
    assert found.text == "A page with text.\n"
    assert "page 2 in fonts that do not say which letters they print" in found.oddities[0]


def test_labels_in_a_figure_and_lines_of_the_contents_are_no_headings(sheet):
    sheet.lines(LEFT, 765, "Margins of ablation in the liver", size=18)
    sheet.lines(LEFT, 740, "2.1   Methods", font="Times-Bold", size=12)
    sheet.lines(LEFT, 720, *COLUMN_A)
    for x, label in ((LEFT, "Brown"), (LEFT + 90, "Blue"), (LEFT + 180, "Hazel")):
        sheet.lines(x, 600, label, font="Times-Bold", size=12)
    sheet.lines(LEFT, 560, "Results", font="Times-Bold", size=12)
    sheet.lines(LEFT + 200, 560, "23", font="Times-Bold", size=12)
    text = extract(sheet.content(), "a.pdf").text
    assert [line for line in text.splitlines() if line.startswith("##")] == ["### 2.1 Methods"]
    assert "Brown Blue Hazel" in text


def test_an_encrypted_file_is_refused_with_the_mend():
    sheet = Sheet(encrypt=StandardEncryption("secret", canPrint=0))
    sheet.lines(LEFT, 700, "Secret.")
    assert "a.pdf is encrypted; save it without a password" in refusal(sheet.content())


def test_a_file_that_is_no_pdf_is_refused():
    assert "a.pdf is not a sound PDF" in refusal(b"Just text.")


def test_a_file_without_any_text_is_refused(sheet):
    sheet.canvas.rect(100, 100, 50, 50)
    assert "a.pdf has no text" in refusal(sheet.content())


def test_more_pages_than_the_limit_are_refused(sheet, monkeypatch):
    monkeypatch.setattr("ingest.formats.pdf.MAX_PAGES", 1)
    sheet.lines(LEFT, 700, "One.")
    sheet.turn()
    sheet.lines(LEFT, 700, "Two.")
    assert "a.pdf has 2 pages, at most 1" in refusal(sheet.content())


def test_a_page_with_more_glyphs_than_the_limit_is_refused_with_its_number(sheet, monkeypatch):
    monkeypatch.setattr("ingest.formats.pdf.glyphs.MAX_GLYPHS", 5)
    sheet.lines(LEFT, 700, "Too many glyphs.")
    assert "a.pdf, page 1 has 16 glyphs" in refusal(sheet.content())


def test_a_page_printed_sideways_is_read_upright(sheet):
    sheet.canvas.rotate(90)
    for number, line in enumerate(("The first line of a sideways page", "and the second line of it.")):
        sheet.lines(LEFT, -100 - LINE * number, line)
    assert (
        extract(sheet.content(), "a.pdf").text
        == "The first line of a sideways page and the second line of it.\n"
    )


def test_graph_paper_is_no_table(sheet):
    sheet.lines(LEFT, 740, "Table 1. Results by organ")
    sheet.rules(72, 532, *range(100, 700, 10))
    for x in range(72, 540, 10):
        sheet.canvas.line(x, 100, x, 690)
    sheet.lines(LEFT, 60, "A curve.")
    assert "|" not in extract(sheet.content(), "a.pdf").text
