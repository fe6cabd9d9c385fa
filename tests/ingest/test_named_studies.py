"""Studies that a row names by author and year: linked to the entry that they are, or not at all."""

import pytest

from ingest.named_studies import NamedStudies
from ingest.records import Abbreviation, Reference

ENTRIES = (
    "Okafor B, Lindqvist A. Cryoablation of renal masses with robotic needles. J Cold Med. 2021;4(2):10-19.",
    "Nguyen T, Park S, et al. Sepsis alarms on hospital wards: a review. Alarms. 2022;1:1-9.",
    "Abel R, Nguyen T. Statistics for nurses. Wards. 2020;3:4-5.",
    "D'Souza K. Embolization of the prostatic artery. Vessels. 2019;7:70. doi:10.1000/vessels.2023.4",
    "de la Cruz M, Wu E. Segmentation of bone lesions. Bones. 2020;2:22. Epub 2019 Nov 3.",
    "Müller-Hohenstein P. Cryoablation of bone metastases. J Cold Med. 2023;6:60.",
    "Smith J. Hepatic arteriography. Vessels. 2018;6:6.",
    "Smith J, Doe A. Hepatic surgery. Vessels. 2018;6:66.",
)


@pytest.fixture
def named_in():
    references = [Reference(n, text, ((n, n + 1),)) for n, text in enumerate(ENTRIES, start=1)]
    short_forms = [Abbreviation("PAE", "prostatic artery embolization", "table")]
    return NamedStudies(references, short_forms).named_in


@pytest.mark.parametrize(
    "study",
    [
        "Okafor et al 2021",
        "Okafor et al. (2021)",
        "Okafor et al., 2021a",
        "Okafor and Lindqvist 2021",
        "Okafor & Lindqvist, 2021",
        "Okafor and colleagues 2021",
        "Okafor 2021",
    ],
)
def test_a_study_is_the_entry_of_its_author_year_and_subject(named_in, study):
    assert named_in(f"Organ: Kidney; Task: cryoablation; Author: {study}") == (1,)


def test_the_year_has_to_be_the_entrys(named_in):
    assert named_in("Task: cryoablation; Author: Okafor et al 2022") == ()


def test_a_year_in_an_identifier_is_not_the_entrys(named_in):
    assert named_in("Task: embolization of the prostatic artery; Author: D'Souza 2023") == ()


def test_the_year_of_the_first_publication_counts_too(named_in):
    assert named_in("Task: segmentation of lesions; Author: de la Cruz et al 2019") == (5,)


def test_a_work_on_another_subject_is_not_the_study(named_in):
    assert named_in("Task: stroke on CT; Author: Okafor et al 2021") == ()


def test_only_the_first_author_names_a_work(named_in):
    assert named_in("Task: cryoablation of renal masses; Author: Lindqvist et al 2021") == ()


def test_a_surname_that_the_bibliography_has_twice_needs_more_of_the_subject(named_in):
    assert named_in("Task: alarms; Author: Nguyen et al 2022") == ()
    assert named_in("Task: alarms on sepsis wards; Author: Nguyen et al 2022") == (2,)


def test_two_entries_of_one_author_and_year_leave_it_open(named_in):
    assert named_in("Task: hepatic arteriography; Author: Smith et al 2018") == ()


def test_short_forms_speak_of_what_they_stand_for(named_in):
    assert named_in("Task: PAE; Author: D'Souza 2019") == (4,)


def test_accents_do_not_count_and_a_long_name_may_have_one_slip(named_in):
    assert named_in("Task: cryoablation; Author: Muller-Hohenstain et al 2023") == (6,)


def test_a_short_name_may_have_no_slip(named_in):
    assert named_in("Task: cryoablation; Author: Okaforo et al 2021") == ()


def test_several_studies_of_a_row_stand_in_its_order(named_in):
    studies = "Müller-Hohenstein et al 2023, Nguyen et al 2022, Okafor et al 2021"
    assert named_in(f"Task: cryoablation of bone; Author: {studies}") == (6, 1)


def test_a_row_without_studies_names_none(named_in):
    assert named_in("Organ: Kidney; Result: AUC 0.93 in 2021") == ()


# Checked by hand: Table 3's "Zhang et al 2024" (twice), "He et al 2020" and "2024" are works that the
# bibliography lacks; "Matsui et al 2025" is entry 41, whose title has no word of the row.
def test_the_studies_of_lim_that_are_in_its_bibliography(lim):
    rows = {block.row.span: block.row.number for block in lim.blocks if block.row}
    links = {rows[span]: numbers for span, numbers in lim.named.items()}
    assert links == {6: (40,), 12: (23, 65), 13: (22,), 15: (44,)}
