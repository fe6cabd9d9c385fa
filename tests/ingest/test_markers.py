"""In-text citation markers: which digits are one, where it stands, and which entries it names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.markers import expand, find_markers

ALL = range(1, 100)


def numbers(text: str, known=ALL) -> list[tuple[int, ...]]:
    return [marker.numbers for marker in find_markers(text, (0, len(text)), known)]


# The numbers that a marker names


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("3", (3,)),
        ("14,17", (14, 17)),
        ("1, 2", (1, 2)),
        ("1; 2", (1, 2)),
        ("⁷⁹", (79,)),
        ("²,³", (2, 3)),
    ],
)
def test_a_list_names_its_numbers(printed, expected):
    assert expand(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("4-6", (4, 5, 6)),
        ("4–6", (4, 5, 6)),
        ("4 — 6", (4, 5, 6)),
        ("⁴⁻⁶", (4, 5, 6)),
        ("¹-⁴", (1, 2, 3, 4)),
        ("21-23,45-48", (21, 22, 23, 45, 46, 47, 48)),
        ("98-101", (98, 99, 100, 101)),
        ("5-5", (5,)),
    ],
)
def test_a_range_names_every_number_between_its_ends(printed, expected):
    assert expand(printed) == expected


def test_a_falling_range_names_its_two_ends():
    assert expand("9-7") == (9, 7)


def test_a_number_printed_twice_is_named_once():
    assert expand("2,1,2") == (2, 1)


# The four ways of printing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in the first place.^{1,2} Park", [(1, 2)]),
        ("loss of information.^{37-40} Some", [(37, 38, 39, 40)]),
        ("to preventive healthcare^{59,60}, the", [(59, 60)]),
        ("spaced ^{ 1, 2 } out", [(1, 2)]),
    ],
)
def test_braced_numbers_are_a_marker(text, expected):
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("laboratory data.³ Predictive", [(3,)]),
        ("patient outcomes.⁴⁻⁶ From", [(4, 5, 6)]),
        ("prognostic modeling.¹-⁴ Together", [(1, 2, 3, 4)]),
        ("for AI training,⁷⁸ but", [(78,)]),
        ("two of them²,³ say", [(2, 3)]),
    ],
)
def test_raised_digits_are_a_marker(text, expected):
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("of the specialty [1, 2]. IR", [(1, 2)]),
        ("clinical validation [1].", [(1,)]),
        ("as before [3–5].", [(3, 4, 5)]),
    ],
)
def test_numbers_in_square_brackets_are_a_marker(text, expected):
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("comparable to experienced operators.3", [(3,)]),
        ("radiomics-only models.4 Another study", [(4,)]),
        ("as “indifference.” 8 In a", [(8,)]),
        ("care to all patients.”8", [(8,)]),
        ("in most patients.4,5 Then", [(4, 5)]),
        ("operators.3\n\nBeyond", [(3,)]),
    ],
)
def test_plain_digits_glued_to_the_end_of_a_sentence_are_a_marker(text, expected):
    assert numbers(text) == expected


def test_glued_digits_are_no_marker_where_the_bibliography_has_no_such_entry():
    assert numbers("comparable to experienced operators.3", known=[1, 2]) == []


def test_glued_digits_are_no_marker_if_one_of_them_is_unknown():
    assert numbers("in most patients.4,50 Then", known=range(1, 9)) == []


def test_the_other_forms_are_markers_without_any_bibliography():
    assert numbers("one.^{1} two.² three [3].", known=[]) == [(1,), (2,), (3,)]


# What only looks like one


@pytest.mark.parametrize("text", ["27 kg/m² of", "12 m²", "3 cm³ in", "volumes in mm³", "200 ft² wide"])
def test_the_power_of_a_unit_is_no_marker(text):
    assert numbers(text) == []


def test_the_power_of_a_number_is_no_marker():
    assert numbers("some 10³ cells") == []


@pytest.mark.parametrize(
    "text",
    [
        "an AUC of 0.93 in",
        "version 2.3 Then",
        "by 3.5 Gray",
        "in Fig.3 The dose",
        "see Vol.2 There",
        "Park et al.3 The dose",
        "node.js.8x and",
        "operators.3 and experts",
    ],
)
def test_decimals_and_labels_are_no_marker(text):
    assert numbers(text) == []


@pytest.mark.parametrize("text", ["[Table 2](#)", "[2](#note)", "in [2019] only", "[a, b]", "[]"])
def test_links_years_and_words_in_square_brackets_are_no_marker(text):
    assert numbers(text) == []


# Where it stands


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("first place.^{1,2} Park", "^{1,2}"),
        ("the specialty [1, 2]. IR", " [1, 2]"),
        ("“indifference.” 8 In", " 8"),
        ("operators.3", "3"),
        ("patient outcomes.⁴⁻⁶ From", "⁴⁻⁶"),
    ],
)
def test_a_marker_takes_the_blank_before_it(text, printed):
    (marker,) = find_markers(text, (0, len(text)), ALL)
    assert text[marker.start : marker.end] == printed


def test_markers_are_found_in_the_order_of_the_text():
    assert numbers("one [5]. two.⁴ three.^{3} four.2 Five") == [(5,), (4,), (3,), (2,)]


def test_markers_outside_the_span_are_not_found():
    text = "one [1]. two [2]. three [3]."
    assert [m.numbers for m in find_markers(text, (9, 17), ALL)] == [(2,)]


# Any text at all

PRINT = st.text() | st.lists(
    st.sampled_from(
        ["[", "]", "^{", "}", "1", "23", "¹", "⁻", "²", ",", "–", "-", " ", "\n", "aa.", "”", "B", "m²"]
    )
).map("".join)


@settings(deadline=None, derandomize=True, database=None, max_examples=500)
@given(PRINT, st.sampled_from([frozenset(), frozenset(range(1, 50))]))
def test_the_markers_of_any_text_stand_in_it_in_order_and_name_its_digits(text, known):
    markers = find_markers(text, (0, len(text)), known)
    assert [marker.start for marker in markers] == sorted(marker.start for marker in markers)
    for marker in markers:
        printed = text[marker.start : marker.end]
        assert 0 <= marker.start < marker.end <= len(text)
        assert marker.numbers == expand(printed.strip().strip("^[]{} "))
        assert all(0 <= number <= 999 for number in marker.numbers) or not printed.isascii()


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(st.text(max_size=40), PRINT, st.text(max_size=40))
def test_a_marker_never_reaches_out_of_its_stretch(before, inside, after):
    text = f"{before}{inside}{after}"
    span = (len(before), len(before) + len(inside))
    assert all(span[0] <= m.start < m.end <= span[1] for m in find_markers(text, span, ALL))
