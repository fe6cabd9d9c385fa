"""Tables: rows under their headers, merged cells filled down, slipped rows put back, categories apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.lines import split_lines
from ingest.tables import is_table_line, read_table


def table(text: str):
    return read_table(text, list(split_lines(text)))


def cells(text: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table(text).rows]


# Lines and headers


@pytest.mark.parametrize("line", ["| a | b |", "  | a |  ", "|a|", "| |", "||"])
def test_a_line_between_pipes_is_a_row(line):
    assert is_table_line(line)


@pytest.mark.parametrize("line", ["a | b", "| a | b", "a |", "|", ""])
def test_a_line_without_pipes_at_both_ends_is_no_row(line):
    assert not is_table_line(line)


def test_the_first_line_holds_the_headers():
    assert table("| Organ | Scan |\n|---|---|\n| Liver | CT |").headers == ("Organ", "Scan")


def test_a_column_may_have_no_header():
    assert table("| | Scan |\n|---|---|\n| Liver | CT |").headers == ("", "Scan")


@pytest.mark.parametrize("rule", ["|---|---|", "| --- | --- |", "|:---|---:|", "|:--:|:--:|"])
def test_any_header_rule_is_read(rule):
    assert cells(f"| a | b |\n{rule}\n| 1 | 2 |") == [["1", "2"]]


# https://github.github.com/gfm/#tables-extension-: "a delimiter row consists of cells whose only content are
# hyphens (-), and optionally, a leading or trailing colon", one hyphen being enough.
def test_a_header_rule_of_single_hyphens_is_read():
    assert cells("| a | b |\n|-|-|\n| 1 | 2 |") == [["1", "2"]]


@pytest.mark.parametrize("text", ["| a | b |\n| 1 | 2 |", "|---|---|\n| 1 | 2 |\n| 3 | 4 |", "| a | b |"])
def test_without_a_header_rule_it_is_no_table(text):
    assert table(text) is None


def test_a_table_may_have_no_rows():
    assert table("| a | b |\n|---|---|").rows == ()


# Cells


def test_blanks_around_a_value_are_left_out():
    assert cells("| a |\n|---|\n|   much  space   |") == [["much space"]]


def test_an_escaped_pipe_belongs_to_the_cell():
    assert cells("| a | b |\n|---|---|\n| x \\| y | z |") == [["x | y", "z"]]


def test_a_line_break_inside_a_cell_is_a_blank():
    assert cells("| a |\n|---|\n| one<br>two |") == [["one two"]]


@pytest.mark.parametrize("printed", ["one <br> two", "one<br><br>two", "<br>one two<br>"])
def test_line_breaks_and_blanks_inside_a_cell_are_one_blank(printed):
    assert cells(f"| a |\n|---|\n| {printed} |") == [["one two"]]


def test_a_cell_with_nothing_but_a_line_break_is_blank():
    assert cells("| a | b |\n|---|---|\n| <br> | 1 |") == [["", "1"]]


def test_a_row_with_too_few_cells_is_filled_up_with_blank_ones():
    assert cells("| a | b | c |\n|---|---|---|\n| 1 | 2 |") == [["1", "2", ""]]


def test_a_row_with_too_many_cells_loses_the_blank_ones():
    assert cells("| a | b |\n|---|---|\n| 1 | 2 | | |") == [["1", "2"]]


def test_a_row_with_too_many_filled_cells_loses_no_words():
    assert cells("| a | b |\n|---|---|\n| 1 | 2 | 3 | 4 |") == [["1", "2 3 4"]]


def test_cells_that_were_put_together_point_to_all_their_words():
    text = "| a | b |\n|---|---|\n| 1 | 2 | 3 | 4 |"
    start, end = table(text).rows[0].cells[1].span
    assert text[start:end] == "2 | 3 | 4"


def test_a_row_of_blank_cells_is_no_data():
    assert cells("| a | b |\n|---|---|\n| | |\n| 1 | 2 |") == [["1", "2"]]


def test_cells_in_any_script_are_read():
    assert cells("| תווית | 名 |\n|---|---|\n| עברית | e\u0301👍 |") == [["עברית", "e\u0301👍"]]


def test_a_value_knows_where_it_stands():
    text = "| a | b |\n|---|---|\n| x \\| y |  z |"
    spans = [cell.span for cell in table(text).rows[0].cells]
    assert [text[start:end] for start, end in spans] == ["x \\| y", "z"]


@pytest.mark.parametrize("printed", ["**Liver**", "*Liver*", "[Liver](#liver)"])
def test_markdown_inside_a_cell_is_not_read(printed):
    assert cells(f"| a | b |\n|---|---|\n| {printed} | 1 |") == [["Liver", "1"]]


# Merged cells


def test_a_blank_first_cell_takes_the_value_above_it():
    text = "| Organ | Scan | n |\n|---|---|---|\n| Liver | CT | 1 |\n| | MRI | 2 |\n| | US | 3 |"
    assert [row[0] for row in cells(text)] == ["Liver", "Liver", "Liver"]


def test_blank_first_and_second_cells_take_the_values_above_them():
    text = "| Organ | Scan | n |\n|---|---|---|\n| Liver | CT | 1 |\n| | | 2 |"
    assert cells(text)[1] == ["Liver", "CT", "2"]


def test_a_printed_first_cell_opens_a_group_that_inherits_nothing():
    text = "| Organ | Scan | n |\n|---|---|---|\n| Liver | CT | 1 |\n| Lung | | 2 |"
    assert cells(text)[1] == ["Lung", "", "2"]


def test_a_blank_cell_further_right_stays_blank():
    text = "| Organ | Scan | n | m |\n|---|---|---|---|\n| Liver | CT | 1 | 2 |\n| Lung | CT | | 3 |"
    assert cells(text)[1] == ["Lung", "CT", "", "3"]


def test_the_only_column_is_never_filled_down():
    assert cells("| a |\n|---|\n| 1 |\n| |\n| 2 |") == [["1"], ["2"]]


def test_an_inherited_value_points_to_the_cell_above():
    text = "| Organ | n |\n|---|---|\n| Liver | 1 |\n| | 2 |"
    row = table(text).rows[1]
    assert [text[start:end] for start, end in row.spans] == ["Liver", "| | 2 |"]


# Slipped rows

SLIPPED = (
    "| Organ | Scan | Purpose | Status |\n|---|---|---|---|\n"
    "| Lung | CT | Predict growth | Retrospective |\n"
    "| | | Detect nodules | Prospective |\n"
    "| | Predict relapse | Retrospective | |\n"
)


def test_a_row_that_has_slipped_to_the_left_is_put_back():
    assert cells(SLIPPED)[2] == ["Lung", "CT", "Predict relapse", "Retrospective"]


def test_a_repaired_row_says_so():
    assert [row.slipped for row in table(SLIPPED).rows] == [False, False, True]


def test_the_table_records_the_repair():
    assert table(SLIPPED).oddities == ("row 3 had slipped out of its columns and was put back",)


def test_a_row_that_merely_lacks_its_last_value_stays_as_printed():
    text = (
        "| Organ | Scan | Purpose | Status |\n|---|---|---|---|\n"
        "| Lung | CT | Predict growth | Retrospective |\n"
        "| Liver | CT | Detect nodules | |\n"
    )
    assert cells(text)[1] == ["Liver", "CT", "Detect nodules", ""]


@pytest.mark.parametrize("value", ["д", "–", "名"])
def test_a_row_without_latin_letters_that_lacks_its_last_value_stays_as_printed(value):
    assert cells(f"| a | b | c |\n|---|---|---|\n| {value} | {value} | |") == [[value, value, ""]]


# Categories

CATEGORIES = (
    "| Category | Details |\n|---|---|\n| Data | |\n| Privacy | Needed |\n| People | |\n| Trust | At risk |"
)


def test_a_row_with_a_first_cell_only_is_no_data():
    assert cells(CATEGORIES) == [["Privacy", "Needed"], ["Trust", "At risk"]]


def test_it_is_the_category_of_the_rows_below_it():
    assert [row.group.text for row in table(CATEGORIES).rows] == ["Data", "People"]


def test_rows_are_numbered_without_the_categories():
    assert [row.number for row in table(CATEGORIES).rows] == [1, 2]


def test_a_category_ends_the_merged_cells_above_it():
    text = "| a | b | c |\n|---|---|---|\n| Liver | CT | 1 |\n| Others | | |\n| | MRI | 2 |"
    assert cells(text)[1] == ["", "MRI", "2"]


# Rows as read


def test_a_row_is_read_as_header_and_value():
    read = table("| Organ | Scan |\n|---|---|\n| Liver | CT |")
    assert read.rows[0].text(read.headers) == "Organ: Liver; Scan: CT"


def test_a_value_without_a_header_is_read_alone():
    read = table("| | Scan |\n|---|---|\n| Liver | CT |")
    assert read.rows[0].text(read.headers) == "Liver; Scan: CT"


def test_blank_cells_are_not_read():
    read = table("| Organ | Scan | n |\n|---|---|---|\n| Liver | | 3 |")
    assert read.rows[0].text(read.headers) == "Organ: Liver; n: 3"


def test_the_category_is_read_first():
    read = table(CATEGORIES)
    assert read.rows[0].text(read.headers) == "Group: Data; Category: Privacy; Details: Needed"


# The four tables of Lim. Line numbers are the file's own; each data row was counted there.


@pytest.fixture(scope="module")
def lim_tables(lim):
    return [block.table for block in lim.blocks if block.kind == "table"]


def rows(read) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read.rows]


# Lines 43-74, 102-116, 136-167 and 331-353, less two of each for the header, less Table 4's 3 categories.
def test_lim_has_91_data_rows(lim_tables):
    assert [len(read.rows) for read in lim_tables] == [30, 13, 30, 18]


@pytest.mark.parametrize(
    ("number", "headers"),
    [
        (1, "Clinical Domain | Subdomain | Advantages Conferred by AI | Clinical Readiness"),
        (
            2,
            " | Phase of DLR | Advantages conferred by Deep Learning Reconstruction | Clinical Readiness",
        ),
        (
            3,
            "Organ | Scan Type | Brief Description | Validation Status | Performance Benchmarks | "
            "Author and Year",
        ),
        (4, "Category | Description/Details"),
    ],
)
def test_the_headers_of_lims_tables(lim_tables, number, headers):
    assert " | ".join(lim_tables[number - 1].headers) == headers


def test_the_domains_of_table_1_are_filled_down(lim_tables):
    assert [row[0] for row in rows(lim_tables[0])] == (
        ["Initial Encounter"] * 2  # lines 45-46
        + ["Screening"] * 2  # 47-48
        + ["Diagnosis"] * 4  # 49-52
        + ["Prognostication"] * 4  # 53-56
        + ["Treatment"] * 3  # 57-59
        + ["Procedural Optimization"] * 5  # 60-64
        + ["Surveillance"] * 3  # 65-67
        + ["Multidisciplinary Engagement"] * 3  # 68-70
        + ["Education"] * 2  # 71-72
        + ["Workflow Optimization"] * 2  # 73-74
    )


def test_the_kinds_of_radiology_in_table_2_are_filled_down(lim_tables):
    assert [row[0] for row in rows(lim_tables[1])] == (
        ["Diagnostic Radiology"] * 7  # lines 104-110
        + ["Interventional Radiology"] * 6  # 111-116
    )


def test_the_phases_of_table_2_are_filled_down(lim_tables):
    assert [row[1] for row in rows(lim_tables[1])] == (
        ["Pre-Acquisition"]
        + ["During Acquisition"] * 4  # lines 105-108
        + ["Post-Acquisition"] * 2  # 109-110
        + ["Pre-Procedural"]
        + ["Intra-Procedural"] * 4  # 112-115
        + ["Post-Procedural"]
    )


def test_the_organs_of_table_3_are_filled_down(lim_tables):
    assert [row[0] for row in rows(lim_tables[2])] == (
        ["Brain and Spinal Cord"] * 2  # lines 138-139
        + ["Pulmonary"] * 6  # 140-145
        + ["Adrenal", "Renal", "GI"]  # 146-148
        + ["Hepatobiliary"] * 4  # 149-152
        + ["Genitourinary and Gynecologic"] * 6  # 153-158
        + ["Breast"] * 4  # 159-162
        + ["Bone"] * 2  # 163-164
        + ["Soft Tissue"] * 2  # 165-166
        + ["Whole Body"]  # 167
    )


def test_the_scan_types_of_table_3_are_filled_down(lim_tables):
    assert [row[1] for row in rows(lim_tables[2])] == (
        ["MRI"] * 2  # lines 138-139
        + ["CT"] * 5  # 140-144, the last one slipped
        + ["XR", "CT", "CT", "MRI"]  # 145-148
        + ["CT", "CT, MRI", "MRI", "SPECT/CT"]  # 149-152
        + ["US", "CT", "MRI", "MRI", "MRI", "PET/CT"]  # 153-158
        + ["MG", "MG", "MG+US", "US"]  # 159-162
        + ["XR", "MR", "US, MRI", "MRI", "PET/CT"]  # 163-167
    )


def test_the_categories_of_table_4(lim_tables):
    assert [row.group.text for row in lim_tables[3].rows] == (
        ["AI Features and Artifacts"] * 7  # lines 334-340
        + ["Barriers: Data Management"] * 3  # 342-344
        + ["Barriers: Human-AI Interface"] * 8  # 346-353
    )


@pytest.mark.parametrize(
    ("number", "row", "expected"),
    [
        (  # line 62
            1,
            18,
            "Procedural Optimization | Interventional Robotics | Reduced procedural fatigue and human error; "
            "potential for expanded reach via tele-IR suites | In limited clinical use; in clinical trials",
        ),
        (  # line 74
            1,
            30,
            "Workflow Optimization | Administrative Tasks | AI-assisted or automated scheduling, referrals, "
            "patient communication, billing/coding | In clinical use",
        ),
        (  # line 115
            2,
            12,
            "Interventional Radiology | Intra-Procedural | Improved SNR of small vessels, CNR of lesions, "
            "and visualization of feeder arteries | In clinical use",
        ),
        (  # line 139
            3,
            2,
            "Brain and Spinal Cord | MRI | Predict recurrence of glioma after treatment | "
            "Retrospective/prospective | C-index 0.76 in training set, 0.69 in the validation set | "
            "Liu et al 2022",
        ),
        (  # line 146
            3,
            9,
            "Adrenal | CT | Predict local tumor progression and overall survival after thermal ablation of "
            "adrenal metastases | Retrospective | AUC 0.93 for predicting LTP | Daye et al 2019",
        ),
        (  # line 156
            3,
            19,
            "Genitourinary and Gynecologic | MRI | Improve patient selection for prostate biopsy vs. PI-RADS "
            "| Retrospective | Spared 49% of biopsies (compared to 37% spared with PI-RADS ≥ 4 cut-off) "
            "while maintaining 94% NPV | Schrader et al 2024",
        ),
        (  # line 348
            4,
            13,
            "User buy-in vs. job security | Early adopters and trainers of AI – pioneers, or the first to be "
            "replaced?",
        ),
        (4, 18, "Medical harm, error, and liability | Unclear assigning of liability"),  # line 353
    ],
)
def test_a_row_of_lim(lim_tables, number, row, expected):
    assert rows(lim_tables[number - 1])[row - 1] == expected.split(" | ")


@pytest.mark.parametrize(
    ("number", "row", "expected"),
    [
        (  # line 108
            2,
            5,
            "Diagnostic Radiology | During Acquisition | Indirect DLR: algorithms applied to sinogram and/or "
            "FBP/IR-reconstructed images | FDA-approved for clinical use, in clinical trials",
        ),
        (  # line 110
            2,
            7,
            "Diagnostic Radiology | Post-Acquisition | Improved SNR and CNR for lesion visibility and "
            "anatomic detail | FDA-approved for clinical use",
        ),
        (  # line 144
            3,
            7,
            "Pulmonary | CT | Predict LTP after radiofrequency ablation of CRC metastases | Retrospective | "
            "AUC 0.72, accuracy 0.79 | Crombe et al 2023",
        ),
    ],
)
def test_a_slipped_row_of_lim_is_put_back_under_its_headers(lim_tables, number, row, expected):
    assert rows(lim_tables[number - 1])[row - 1] == expected.split(" | ")


def test_no_other_row_of_lim_is_moved(lim_tables):
    moved = [(n, row.number) for n, read in enumerate(lim_tables, 1) for row in read.rows if row.slipped]
    assert moved == [(2, 5), (2, 7), (3, 7)]


# Any cells at all

CELL = st.text(max_size=12) | st.sampled_from(
    ["", " ", "**x**", "<br>", "\\|", "[1]", "–", "a b", "AUC 0.93"]
)
GRID = st.lists(st.lists(CELL, max_size=6), min_size=1, max_size=8)


def printed(grid: list[list[str]]) -> str:
    lines = ["|" + "|".join(" ".join(cell.split()) for cell in row) + "|" for row in grid]
    return "\n".join([lines[0], "|---|", *lines[1:]])


@settings(deadline=None, derandomize=True, database=None, max_examples=400)
@given(GRID)
def test_every_cell_of_any_table_holds_words_that_stand_in_its_span(grid):
    text = printed(grid)
    read = table(text)
    for row in read.rows if read else ():
        assert len(row.cells) == len(read.headers)
        for cell in row.cells:
            assert (cell.span is None) == (not cell.text)
            if cell.span:
                verbatim = iter(text[slice(*cell.span)])
                assert [c for c in cell.text if c != " " and c not in verbatim] == []


@settings(deadline=None, derandomize=True, database=None, max_examples=400)
@given(GRID)
def test_no_word_of_any_table_is_lost(grid):
    read = table(printed([["a", "b", "c"], *grid]))
    shown = " ".join(f"{row.group.text if row.group else ''} {row.text(read.headers)}" for row in read.rows)
    # A category with no row below it belongs to none.
    kept = [row for row in grid if any(cell.strip() for cell in row[1:])]
    words = {word for row in kept for cell in row for word in cell.split() if word.isalnum()}
    assert {word for word in words if word not in shown} == set()
