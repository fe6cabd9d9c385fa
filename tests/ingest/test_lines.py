"""Lines, and the chunks that they form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.lines import read_chunks, split_lines


def lines(text: str) -> list[str]:
    return [text[start:end] for start, end in split_lines(text)]


def chunks(text: str) -> list[tuple[str, str]]:
    return [(chunk.form, text[slice(*chunk.span)]) for chunk in read_chunks(text)]


# Lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_at_any_line_end(end):
    assert lines(f"one{end}two") == ["one", "two"]


def test_a_line_is_without_the_blanks_around_it():
    assert list(split_lines("  one \n")) == [(2, 5)]


def test_a_blank_line_is_an_empty_span():
    assert lines("one\n \ntwo") == ["one", "", "two"]


def test_an_empty_text_has_no_lines():
    assert lines("") == []


@settings(deadline=None, derandomize=True, database=None)
@given(st.text(max_size=60))
def test_lines_hold_all_that_is_not_white_space(text):
    assert "".join("".join(lines(text)).split()) == "".join(text.split())


# Forms


@pytest.mark.parametrize(
    ("line", "form", "kept"),
    [
        ("A line of text", "text", "A line of text"),
        ("## **Methods**", "heading", "**Methods**"),
        ("  • Fully automated", "list_item", "Fully automated"),
        ("- Fully automated", "list_item", "Fully automated"),
        ("3. Fully automated", "list_item", "Fully automated"),
        ("12) Fully automated", "list_item", "Fully automated"),
        ("| a | b |", "table", "| a | b |"),
        ("---", "rule", "---"),
        ("* * *", "rule", "* * *"),
        ("© 2017 Rasit Dinc", "rights", "© 2017 Rasit Dinc"),
        ("Copyright 2020 Someone", "rights", "Copyright 2020 Someone"),
    ],
)
def test_a_line_has_a_form_and_loses_the_sign_of_it(line, form, kept):
    assert chunks(line) == [(form, kept)]


@pytest.mark.parametrize(
    "line", ["#hashtag", "-5 degrees", "2.5 mg", "*emphasis* here", "a | b", "Copyright law"]
)
def test_a_line_that_only_looks_like_another_form_is_text(line):
    assert chunks(line) == [("text", line)]


@pytest.mark.parametrize(("signs", "level"), [("#", 1), ("##", 2), ("######", 6)])
def test_the_signs_of_a_heading_are_its_level(signs, level):
    assert read_chunks(f"{signs} Methods")[0].level == level


# Chunks


def test_soft_wrapped_lines_are_one_chunk():
    assert chunks("one line\nwrapped\nthrice\n") == [("text", "one line\nwrapped\nthrice")]


def test_soft_wrapped_lines_with_windows_line_ends_are_one_chunk():
    assert chunks("one line\r\nwrapped\r\n") == [("text", "one line\r\nwrapped")]


def test_a_blank_line_ends_a_chunk():
    assert chunks("one\n\ntwo") == [("text", "one"), ("text", "two")]


def test_a_list_item_takes_its_wrapped_lines():
    assert chunks("• one\nwrapped\n• two") == [("list_item", "one\nwrapped"), ("list_item", "two")]


def test_the_lines_of_a_table_are_one_chunk():
    assert chunks("| a |\n|---|\n| b |") == [("table", "| a |\n|---|\n| b |")]


def test_text_right_above_a_table_is_no_part_of_it():
    assert [form for form, _ in chunks("Caption\n| a |\n|---|")] == ["text", "table"]


def test_a_chunk_between_blank_lines_is_isolated():
    assert [chunk.isolated for chunk in read_chunks("one\n\ntwo\n\nthree")] == [True, True, True]


def test_chunks_without_a_blank_line_between_them_are_not_isolated():
    assert [chunk.isolated for chunk in read_chunks("one\n• two\n\nthree")] == [False, False, True]


@pytest.mark.parametrize("text", ["", "\n\n", "  \n\t\n"])
def test_a_blank_text_has_no_chunks(text):
    assert read_chunks(text) == []
