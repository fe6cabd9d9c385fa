"""A document as read: its markers and what they name, its oddities."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.corpus import Source
from ingest.reading import read, table_label


def numbers(reading) -> list[tuple[int, ...]]:
    return [marker.numbers for marker in reading.markers]


# Invented texts

LISTED = "\n\n## References\n\n1. One A. Title.\n2. Two B. Title."


def test_a_marker_names_an_entry_of_the_bibliography(read_text):
    reading = read_text(f"## Methods\n\nIt is safe.² It is quick [1].{LISTED}")
    assert numbers(reading) == [(2,), (1,)]


def test_glued_digits_are_a_marker_where_the_bibliography_has_them(read_text):
    assert numbers(read_text(f"## Methods\n\nIt is safe.2 It is quick.{LISTED}")) == [(2,)]


def test_glued_digits_are_no_marker_where_it_has_not(read_text):
    assert numbers(read_text(f"## Methods\n\nIt is safe.3 It is quick.{LISTED}")) == []


def test_without_a_bibliography_glued_digits_are_no_marker(read_text):
    assert numbers(read_text("It is safe.2 It is quick.")) == []


def test_the_numbers_of_the_bibliography_are_no_markers(read_text):
    assert numbers(read_text(f"## Methods\n\nIt is safe.{LISTED}")) == []


def test_markers_are_found_in_list_items(read_text):
    assert numbers(read_text("## Summary\n\n- It is safe [1].\n- It is quick [2].")) == [(1,), (2,)]


def test_markers_without_a_bibliography_are_said_to_stay_unresolved(read_text):
    assert read_text("It is safe [1, 2].").oddities == (
        "markers 1, 2 stay unresolved: the document prints no bibliography",
    )


def test_a_marker_without_an_entry_is_said_to_stay_unresolved(read_text):
    assert read_text(f"## Methods\n\nIt is safe [1, 7].{LISTED}").oddities == (
        "markers 7 stay unresolved: its bibliography has no such entry",
    )


def test_a_repaired_row_is_an_oddity_of_the_document(read_text):
    text = (
        "## Results\n\nTable 1. Uses\n\n| Organ | Scan | Purpose | Status |\n|---|---|---|---|\n"
        "| Lung | CT | Predict growth | Retrospective |\n| | Predict relapse | Retrospective | |\n"
    )
    assert read_text(text).oddities == ("Table 1: row 2 had slipped out of its columns and was put back",)


def test_a_sound_document_has_no_oddities(read_text):
    assert read_text(f"## Methods\n\nIt is safe.¹ It is quick.²{LISTED}").oddities == ()


@pytest.mark.parametrize(
    ("caption", "label"),
    [("Table 3. Select Applications", "Table 3"), ("Table 3: Uses", "Table 3"), (None, ""), ("", "")],
)
def test_the_label_of_a_table_is_its_name_and_number(caption, label):
    assert table_label(caption) == label


@settings(deadline=None, derandomize=True, database=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text):
    assert read(Source("doc", "doc.txt", "A title", "0" * 64, text)).source.text == text


# What is a digit above the line but no citation. In the readable text such a digit would be missing.
@pytest.mark.parametrize(
    "sentence",
    [
        "The χ² test was used.",
        "It had an R² of 0.93.",
        "They were given ⁹⁰Y microspheres.",
        "It was 10⁻³ mol of it.",
    ],
)
def test_a_raised_digit_of_a_formula_is_no_marker(read_text, sentence):
    assert numbers(read_text(sentence)) == []


@pytest.mark.parametrize("sentence", ["Values lie in [0, 1] here.", "It was 23 (95% CI [12, 34])."])
def test_an_interval_is_no_marker_where_the_bibliography_has_no_such_entry(read_text, sentence):
    assert numbers(read_text(f"## Methods\n\n{sentence} It is safe.¹{LISTED}")) == [(1,)]


def test_markers_are_found_in_the_cells_of_a_table(read_text):
    text = f"## Methods\n\nIt is safe.\n\n| Study | n |\n|---|---|\n| One et al [1] | 3 |{LISTED}"
    assert numbers(read_text(text)) == [(1,)]


def test_a_marker_in_a_cell_is_not_read(read_text):
    text = f"## Methods\n\nIt is safe.\n\n| Study | n |\n|---|---|\n| One et al [1] | 3 |{LISTED}"
    (row,) = [block for block in read_text(text).blocks if block.row]
    assert row.text == "Study: One et al; n: 3"


def test_a_row_that_is_only_a_marker_does_no_harm(read_text):
    text = f"## Methods\n\nIt is safe.\n\n| Study | n |\n|---|---|\n| | [1] |\n| One et al | 3 |{LISTED}"
    rows = [block.text for block in read_text(text).blocks if block.row]
    assert rows[-1] == "Study: One et al; n: 3"


# The three documents


# On lines 13-378 `grep -oP '\^\{[0-9,–-]+\}'` finds 49, `grep -oP '[⁰¹²³⁴-⁹]+(⁻[⁰¹²³⁴-⁹]+)*'` 27.
def test_lim_has_49_braced_and_27_raised_markers(lim):
    printed = [lim.source.text[marker.start] for marker in lim.markers]
    assert (printed.count("^"), len(printed)) == (49, 49 + 27)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("the patient presented in the first place.", (1, 2)),
        ("the inclusion of laboratory data.", (3,)),
        ("clinical efficiency and patient outcomes.", (4, 5, 6)),
        ("lesions and anatomic detail (**Table 2**).", (7, 9)),
        ("magnetic resonance imaging (MRI).", (7, 10, 11)),
        ("characterize their functional status.", (12,)),
        ("pre-procedural CT for intraprocedural 2D US.", (25, 26, 27, 28, 29, 30, 31, 32)),
        ("associated with protective lead garments.", (79,)),
        ("(*reinforcement learning*).", (24,)),
        ("through aligned features).", (77,)),
        ("the expression of tumor marker proteins.", (2, 14, 20, 33, 34)),
        ("pre- and intraprocedural imaging modalities.", (23, 37, 38, 39, 40)),
        ("triaging responders and non-responders.", (43, 44, 45)),
        ("clinical, laboratory, and demographic data.", (21, 22, 23, 45, 46, 47, 48)),
        ("locoregional interventions over surgical options.", (49, 50, 51)),
        ("through deep learning reconstruction ([Table 2](#)).", (17, 21, 31, 52, 53)),
        ("of cerebral, hepatic, and splenic arteries.", (23, 52, 53, 54, 55)),
        ("applications to preventive healthcare", (59, 60)),
        ("in preclinical and clinical models.", (53, 61, 62, 63, 64)),
        ("rescanning and planar reconstruction.", (49, 61)),
        ("as of yet require human expertise.", (66, 67, 68)),
        ("software as medical devices (SaMD).", (5, 17, 49, 73)),
        ("available data for AI training,", (78,)),
    ],
)
def test_a_marker_of_lim(lim, before, expected):
    place = lim.source.text.index(before) + len(before)
    assert [marker.numbers for marker in lim.markers if marker.start == place] == [expected]


# Lines 14-40: 9 raised ones, and 7 plain digits behind a full stop or a closing quote.
def test_the_markers_of_hmp(hmp):
    assert numbers(hmp) == [
        (1, 2, 3, 4),  # "prognostic modeling.¹-⁴"
        (1,),
        (1,),
        (2,),
        (2,),
        (3,),
        (3,),  # "experienced operators.3"
        (4,),  # "radiomics-only models.4"
        (5,),  # "in this population.5"
        (1,),
        (2,),
        (3,),
        (6,),  # "in AI research.6"
        (7,),  # "safety oversight.7"
        (8,),  # "“indifference.” 8"
        (8,),  # "to all patients.”8"
    ]


# `grep -oP '\[\d(, \d)?\]'` finds 12.
def test_the_markers_of_dinc(dinc):
    assert numbers(dinc) == [
        (1, 2),  # line 25
        (1,),
        (2,),  # 29
        (2,),  # 33
        (2,),
        (1, 2),  # 45
        (2,),  # 47
        (2,),  # 49
        (1, 2),  # 53
        (2,),
        (1, 2),  # 63
        (2,),  # 65
    ]


@pytest.mark.parametrize("document", ["lim", "hmp"])
def test_every_marker_resolves(readings, document):
    reading = readings[document]
    listed = {reference.number for reference in reading.references}
    assert {number for marker in reading.markers for number in marker.numbers} <= listed


def test_the_markers_of_dinc_are_said_to_stay_unresolved(dinc):
    assert dinc.oddities == ("markers 1, 2 stay unresolved: the document prints no bibliography",)


def test_the_oddities_of_lim_are_its_three_slipped_rows(lim):
    assert lim.oddities == (
        "Table 2: row 5 had slipped out of its columns and was put back",
        "Table 2: row 7 had slipped out of its columns and was put back",
        "Table 3: row 7 had slipped out of its columns and was put back",
    )


def test_hmp_has_no_oddities(hmp):
    assert hmp.oddities == ()
