"""Text and Markdown are their own canonical text; what is no text is refused."""

import pytest

from ingest.errors import FormatError
from ingest.formats import extract


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.MARKDOWN", "folder/a.text"])
def test_the_canonical_text_is_the_files_own(name):
    text = "\ufeff# Title\r\n\r\n\fWords,\tα ≥ 0.5.\n"
    assert extract(text.encode(), name).text == text


def test_a_text_has_no_pages():
    assert extract(b"One.\n\fTwo.\n", "a.txt").pages == ()


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(FormatError) as error:
        extract(content, name)
    return str(error.value)


def test_an_unknown_ending_is_refused_with_those_that_are_read():
    message = refusal(b"", "slides.pptx")
    assert "slides.pptx has the ending '.pptx'" in message
    assert ".md" in message


def test_another_encoding_is_refused_with_the_place():
    assert "a.txt is not UTF-8 (byte 3)" in refusal("Café".encode("latin-1"), "a.txt")


def test_utf_16_is_refused_by_name():
    assert "UTF-16" in refusal("Word".encode("utf-16"), "a.txt")


def test_a_control_character_is_refused_with_its_line():
    assert "U+0000 on line 2" in refusal(b"One.\nTw\x00o.\n", "a.txt")


def test_a_file_above_the_limit_is_refused_with_both_sizes(monkeypatch):
    monkeypatch.setattr("ingest.formats.MAX_BYTES", 3)
    assert "a.txt has 4 bytes, at most 3 are read" in refusal(b"Word", "a.txt")
