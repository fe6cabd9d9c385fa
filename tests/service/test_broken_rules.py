import math

import pytest

from service import broken_rules


@pytest.mark.parametrize(
    ("location", "name"),
    [
        (("body",), "body"),
        (("body", "top_k"), "top_k"),
        (("body", "document_ids", 0), "document_ids[0]"),
        (("body", "history", 2, "a message", "content"), "history[2].content"),
        (("body", "an unknown field"), "an unknown field"),
    ],
)
def test_a_field_is_named_as_its_sender_wrote_it(location, name):
    assert broken_rules.field_name(location) == name


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (51, 51),
        (True, True),
        (None, None),
        ("a" * 200, "a" * 119 + "…"),
        ("\ud800", "\\ud800"),
        (math.inf, "inf"),
        (10**400, "a number of 1329 bits"),
        ({"a": 1}, "an object with 1 fields"),
        ([1, 2], "a list with 2 entries"),
    ],
)
def test_a_value_is_repeated_short_finite_and_valid(value, plain):
    assert broken_rules.plain(value) == plain
