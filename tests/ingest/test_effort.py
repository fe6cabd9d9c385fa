"""The work of reading grows in proportion to the text: counted in the interpreter's steps, not in seconds."""

import sys
from collections.abc import Callable

import pytest

from ingest.corpus import Source
from ingest.passages import make_passages
from ingest.reading import read

TABLE = "Table 1. A caption\n\n| a | b |\n|---|---|\n| x | y [1] |"
# What an upload may repeat as often as it likes.
SHAPES: dict[str, Callable[[int], str]] = {
    "unfinished lines": lambda n: "\n\n".join(["and so it goes on with"] * n),
    "markers": lambda n: "A finding was here [1]. " * n,
    "wrapped lines": lambda n: "\n".join(["some words of it"] * n),
    "rows": lambda n: f"{TABLE}\n" + "\n".join(f"| x{i} | y [2] |" for i in range(n)),
    "slipped rows": lambda n: f"{TABLE}\n" + "\n".join(f"| x{i} | |" for i in range(n)),
    "tables": lambda n: "\n\n".join([TABLE] * n),
    "tables in a sentence": lambda n: f"\n\n{TABLE}\n\n".join(["of the text that goes on and"] * n),
    "headings": lambda n: "\n\n".join(f"{'#' * (i % 6 + 1)} Heading {i}" for i in range(n)),
    "lines like headings": lambda n: "\n\n".join(["Title Case Here\n\n---"] * n),
    "rights": lambda n: "\n\n".join(["© 2020"] * n),
    "teasers": lambda n: "\n\n".join(f"# A{i}\n\nOnce upon a time {i} ..." for i in range(n)),
    "abbreviations": lambda n: " ".join(f"It is machine learning (ML{i})." for i in range(n)),
    "references": lambda n: "# References\n\n" + "\n".join(f"{i + 1}. Park J. Title." for i in range(n)),
    "lines of a reference": lambda n: "# References\n\n1. Park J.\n" + "\n".join(["and more"] * n),
    "citations": lambda n: (
        " ".join(f"It is so [{i + 1}]." for i in range(n)) + "\n\n# References\n\n1. Park J."
    ),
}
# A pattern that reads a run again from each of its characters would take minutes for each of these.
RUNS = {
    "blanks": "a" + " " * 300_000 + "b [1].",
    "blanks in a separator": "| a |\n|---" + " " * 300_000 + "x|\n| b |",
    "dashes": "-" * 300_000 + "x",
    "asterisks": "*" * 300_000 + "x",
    "blank cells": "| a | b |\n|---|---|\n" + "|" * 100_000 + "x|",
    "brackets behind a DOI": "# References\n\n1. Park J. 10.1234/x" + ")" * 300_000,
    "open links": "[a](" * 100_000,
}


def passages_of(text: str):
    return make_passages(read(Source("doc", "doc.txt", "A title", "0" * 64, text)))


def steps(text: str) -> int:
    """Instructions of the interpreter that reading `text` takes."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        passages_of(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_takes_twice_the_steps(shape):
    make = SHAPES[shape]
    assert steps(make(120)) <= 2.2 * steps(make(60))


@pytest.mark.parametrize("run", RUNS)
def test_a_long_run_of_one_character_is_read_once(run):
    assert all(span[1] <= len(RUNS[run]) for passage in passages_of(RUNS[run]) for span in passage.spans)


def test_what_every_row_repeats_is_bounded():
    text = f"| {'a' * 100_000} | b |\n|---|---|\n" + "| x | y |\n" * 100
    assert sum(len(passage.text) for passage in passages_of(text)) < 3 * len(text)


def test_a_merged_cell_is_not_filled_down_if_it_is_a_page_long():
    text = f"| a | b |\n|---|---|\n| {'c ' * 50_000}| d |\n" + "|  | y |\n" * 100
    assert sum(len(passage.text) for passage in passages_of(text)) < 3 * len(text)


def test_a_table_of_thousands_of_columns_is_plain_text():
    text = "| a " * 5000 + "|\n" + "|---" * 5000 + "|\n" + "| b |\n" * 1000
    assert {passage.kind for passage in passages_of(text)} == {"paragraph"}


def test_a_heading_of_a_page_is_plain_text():
    passages = passages_of(f"# {'long ' * 5000}\n\nIt is said here in a sentence.")
    assert all(passage.section == () for passage in passages)
