"""Strings with numbers on the disk."""

import pytest

from ingest.string_table import StringTable, write_table

NUMBERS = {"liver": 7, "": 1, "éclair": 2, "lung": 0, "lun": 5, "𝛼": 3, "zoo": 4, "lungs": 9}


@pytest.fixture
def table(tmp_path) -> StringTable:
    write_table(tmp_path, "numbers", NUMBERS.items())
    return StringTable(tmp_path, "numbers")


def test_what_was_written_comes_back_in_order(table):
    assert list(table.items()) == sorted(NUMBERS.items())


@pytest.mark.parametrize("string", ["live", "livers", "a", "zz", "\U0010ffff"])
def test_a_string_that_is_not_there_is_an_error(table, string):
    assert string not in table
    with pytest.raises(KeyError):
        table[string]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("lun", ["lun", "lung", "lungs"]),
        ("l", ["liver", "lun", "lung", "lungs"]),
        ("é", ["éclair"]),
        ("x", []),
    ],
)
def test_strings_are_found_by_how_they_start(table, prefix, expected):
    assert table.starting(prefix) == expected


def test_an_empty_table_holds_nothing(tmp_path):
    write_table(tmp_path, "none", [])
    assert list(StringTable(tmp_path, "none")) == []
    assert "a" not in StringTable(tmp_path, "none")
