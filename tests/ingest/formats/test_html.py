"""HTML: the article of a page, with its structure, and nothing else of the page."""

import pytest

from ingest.errors import FormatError
from ingest.formats import extract


def text_of(body: str) -> str:
    return extract(f"<!doctype html><meta charset=utf-8><body>{body}</body>".encode(), "a.html").text


def refusal(content: bytes) -> str:
    with pytest.raises(FormatError) as error:
        extract(content, "a.html")
    return str(error.value)


def test_headings_paragraphs_and_lists_are_written_as_markdown():
    body = (
        "<h1>Margins</h1><p>We saw\n 12 <b>patients</b>.</p><ol start=3><li>one<ul><li>two</ul><li>three</ol>"
    )
    assert text_of(body) == "# Margins\n\nWe saw 12 patients.\n\n3. one\n\n- two\n\n4. three\n"


def test_text_between_blocks_is_kept():
    assert text_of("<div>Loose <i>words</i><p>and</p>more</div>") == "Loose words\n\nand\n\nmore\n"


def test_navigation_scripts_and_footers_are_left_out():
    body = "<nav>Home</nav><script>x()</script><main><p>The article.</p></main><footer>Imprint</footer>"
    assert text_of(body) == "The article.\n"


def test_the_links_to_other_chapters_are_left_out():
    table = "<table class={}><tr><td>Chapter {}<td>Next</table>"
    body = f"{table.format('navheader', 1)}<p>The article.</p>{table.format('navfooter', 2)}"
    assert text_of(body) == "The article.\n"


def test_raised_links_are_one_marker():
    assert text_of("<p>Safe.<sup><a>1</a>,<a>2</a></sup> 5 mm<sup>2</sup></p>") == "Safe.^{1,2} 5 mm²\n"


def test_cells_over_rows_and_columns_are_written_out():
    body = (
        "<table><caption>Table 1. AUC</caption><thead><tr><th rowspan=2>Organ<th colspan=2>AUC"
        "<tr><th>train<th>test</thead><tr><td rowspan=2>Liver<td>1<td>2<tr><td>3<td>4"
        "<tr><td colspan=3>Group B</table>"
    )
    assert text_of(body) == (
        "Table 1. AUC\n\n| Organ | AUC train | AUC test |\n| --- | --- | --- |\n"
        "| Liver | 1 | 2 |\n| Liver | 3 | 4 |\n| Group B |  |  |\n"
    )


def test_a_label_in_a_heading_belongs_to_the_caption_below_it():
    assert text_of("<h3>Table 2.</h3><p>Organs</p>") == "Table 2. Organs\n"


def test_a_table_for_layout_is_read_as_text():
    assert text_of("<table><tr><td><p>One.</p><p>Two.</p></td></tr></table>") == "One.\n\nTwo.\n"


def test_a_doi_that_a_reference_only_links_to_is_written_out():
    body = (
        '<h2>References</h2><ul><li>1. Park S. <a href="https://doi.org/10.1000/xy1">CrossRef</a></li></ul>'
    )
    assert text_of(body) == "## References\n\n1. Park S. CrossRef doi:10.1000/xy1\n"


def test_a_comment_in_a_listing_is_no_heading():
    assert text_of("<pre># first\nx = 1</pre>") == "\\# first\nx = 1\n"


def test_the_head_of_the_page_states_title_authors_doi_and_date():
    head = (
        "<title>Margins | Journal</title><meta name=citation_title content='Margins'>"
        "<meta name=citation_author content='Ada Lovelace'><meta name=citation_author content='Bo Ek'>"
        "<meta name=citation_doi content='doi:10.1000/xy1'>"
        "<meta name=citation_publication_date content='2024/3/7'>"
    )
    found = extract(f"<html><head>{head}</head><body><p>Text.</p></body></html>".encode(), "a.htm")
    assert (found.title, found.authors) == ("Margins", ("Ada Lovelace", "Bo Ek"))
    assert (found.doi, found.date) == ("10.1000/xy1", "2024-03-07")


def test_the_declared_encoding_is_used():
    page = '<meta charset="iso-8859-1"><p>Café – 5 µm</p>'.encode("cp1252")
    assert extract(page, "a.html").text == "Café – 5 µm\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<p>Café</p>".encode("latin-1"), "not utf-8 (byte 6)"),
        (b"<meta charset=klingon><p>x</p>", "unknown encoding 'klingon'"),
        (b"<body><script>load()</script></body>", "has no text"),
        (b"<p>a</p>" + b"<div>" * 3000 + b"<p>b</p>", "depth"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(content, says):
    assert says in refusal(content)


def test_a_table_of_too_many_cells_is_refused_before_it_is_written_out():
    row = "<tr>" + "<td colspan=1000>x</td>" * 2
    assert "a table of 2000 × 300 cells" in refusal(f"<table>{row * 300}</table>".encode())


def test_a_page_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr("ingest.formats.html.MAX_MARKUP_BYTES", 10)
    assert "at most 10 are read" in refusal(b"<p>Eleven or more.</p>")
