"""Rows read as sentences. As a row of Table 3, of Table 1 and of Table 4 reads in print."""

from dataclasses import replace

from ingest.records import TableRow
from service.answers.rows import asked_cells, brief_row, hinted_together, named_together, written_row


def study(organ, scan, what, status, figures, authors):
    cells = (
        ("Organ", organ),
        ("Scan Type", scan),
        ("Brief Description", what),
        ("Validation Status", status),
        ("Performance Benchmarks", figures),
        ("Author and Year", authors),
    )
    return TableRow("Table 3", "", 1, cells)


def application(domain, subdomain, advantages, readiness):
    cells = (
        ("Clinical Domain", domain),
        ("Subdomain", subdomain),
        ("Advantages", advantages),
        ("Clinical Readiness", readiness),
    )
    return TableRow("Table 1", "", 1, cells)


GLIOMA = study("Brain", "MRI", "Predict recurrence", "Retrospective", "C-index 0.76", "Liu et al 2022")
CERVIX = study("Uterus", "PET/CT", "Delineate cancers", "Internal", "AUC 0.85", "Liu et al 2024")
TESTIS = study("Testis", "CT", "Delineate masses", "Retrospective", "AUC 0.95", "Hu et al 2024")
FOLLOW_UP = application("Surveillance", "Personalized Follow-Up", "A schedule", "Proof of concept")
MONITORING = application("Surveillance", "Remote Monitoring", "Early signs", "In clinical use")
SCHEDULING = application("Workflow", "Administrative Tasks", "Automated billing", "In clinical use")


def test_a_row_that_names_its_study_is_led_by_it():
    cells = (("Organ", "Adrenal"), ("Scan Type", "CT"), ("Brief Description", "Predict LTP"))
    row = TableRow(
        "Table 3", "", 9, (*cells, ("Performance Benchmarks", "AUC 0.93"), ("Author and Year", "Daye 2019"))
    )
    assert written_row(row) == "Daye 2019 (Adrenal, CT): Predict LTP; performance benchmarks: AUC 0.93"


def test_a_row_without_a_study_is_led_by_its_most_particular_label():
    cells = (("Clinical Domain", "Diagnosis"), ("Subdomain", "Histopathology"), ("Advantages", "Sensitivity"))
    row = TableRow("Table 1", "", 8, (*cells, ("Clinical Readiness", "In clinical use")))
    assert written_row(row) == (
        "Histopathology (Diagnosis): advantages: Sensitivity; clinical readiness: In clinical use"
    )


def test_a_row_of_a_label_and_a_description_keeps_no_header():
    row = TableRow(
        "Table 4", "", 1, (("Category", "Black box"), ("Description/Details", "Lack of transparency"))
    )
    assert written_row(row) == "Black box: Lack of transparency"


def test_beside_others_the_row_of_a_study_keeps_its_cells_and_loses_headers():
    assert brief_row(TESTIS) == "Hu et al 2024 (Testis, CT, Retrospective): Delineate masses; AUC 0.95"


def test_beside_others_a_row_of_labels_keeps_its_headers():
    assert brief_row(FOLLOW_UP) == written_row(FOLLOW_UP)


def test_of_a_row_of_labels_the_cell_that_is_asked_for_is_enough():
    assert asked_cells(FOLLOW_UP, "How ready is each?") == (
        "Personalized Follow-Up (Surveillance): clinical readiness: Proof of concept"
    )


def test_where_no_cell_is_asked_for_all_are_given():
    assert asked_cells(FOLLOW_UP, "What about those?") == written_row(FOLLOW_UP)


def test_rows_under_a_label_are_asked_for_together():
    rows = [FOLLOW_UP, MONITORING, SCHEDULING]
    assert named_together(rows, "What are the two surveillance applications?") == [0, 1]


def test_a_further_cell_that_is_named_narrows_them_down():
    rows = [FOLLOW_UP, MONITORING, SCHEDULING]
    assert named_together(rows, "Which surveillance tools are in clinical use?") == []
    assert named_together(rows, "Which tools are in clinical use?") == [1, 2]


def test_the_rows_of_an_author_are_asked_for_together():
    assert named_together([GLIOMA, CERVIX, TESTIS], "Which tumors did Liu et al. study?") == [0, 1]


def test_a_pronoun_is_no_surname():
    rows = [study("Bone", "XR", "Detect", "Internal", "AUC 0.92", "He et al 2020")] * 2
    assert named_together(rows, "Which tumors did He mean?") == []


def test_a_question_for_one_thing_asks_for_no_rows_together():
    assert named_together([FOLLOW_UP, MONITORING], "How ready is surveillance?") == []


def test_a_part_of_a_name_that_no_other_row_shares_is_enough():
    approved = application("Diagnosis", "Imaging", "Quality", "FDA-approved for clinical use")
    rows = [approved, FOLLOW_UP, approved, SCHEDULING]
    assert named_together(rows, "Which of these applications are FDA approved?") == []
    assert hinted_together(rows, "Which of these applications are FDA approved?") == [0, 2]


def test_a_cell_of_figures_is_no_name():
    rows = [study("Bone", "XR", "Detect", "Internal", "AUC 0.93", "Ma et al 2020")] * 2
    assert named_together(rows, "Which models have an AUC of 0.93?") == []


def test_of_a_study_the_figures_go_where_nobody_asks_for_them():
    assert asked_cells(TESTIS, "Which models delineate masses?") == (
        "Hu et al 2024 (Testis, CT, Retrospective): Delineate masses"
    )


def test_the_longer_name_is_meant_where_one_is_part_of_the_other():
    rows = [
        study("Any", scan, "See it", "Internal", "", "Ma et al 2020") for scan in ("CT", "PET/CT", "PET/CT")
    ]
    assert named_together(rows, "Which studies used PET/CT?") == [1, 2]


def test_what_rows_describe_is_no_name_that_they_share():
    rows = [study("Any", "CT", f"Predict {what}", "Internal", "", "Ma et al 2020") for what in ("a", "b")]
    rows = [replace(row, cells=row.cells[2:3]) for row in rows]
    assert hinted_together(rows, "Which models predict recurrence of a?") == []
