"""Which bare lines can be headings."""

import pytest

from ingest.headings import is_all_capitals, is_title_case, normalised


@pytest.mark.parametrize(
    "line",
    [
        "AIMS",
        "INTRODUCTION",
        "BIOPSY VS. RADIOMICS-BASED VIRTUAL BIOPSY",
        "POST-PROCEDURAL FOLLOW-UP",
        "ÉTUDE PILOTE",
    ],
)
def test_a_line_in_capitals_can_be_a_heading(line):
    assert is_all_capitals(line)


@pytest.mark.parametrize(
    "line",
    [
        "Introduction",
        "CONSORT-AI, and the FDA",
        "STOP HERE.",
        "SPIRIT-AI,",
        "CT",
        "2019-2025",
        "",
        "介入放射学",
        "A B C D E F G H I J K L M N O",
    ],
)
def test_other_lines_are_not_in_capitals(line):
    assert not is_all_capitals(line)


@pytest.mark.parametrize(
    "line",
    [
        "Key Summary",
        "Conclusions",
        "The “Black Box” and AI Artifacts",
        "Liability, Provider Readiness, and Patient Consent",
        "Artificial Intelligence Advances in Interventional Oncology: Year in Review",
        "The Devolution of Math: Model Drift and Collapse",
    ],
)
def test_a_short_line_with_capitals_on_its_words_is_in_title_case(line):
    assert is_title_case(line)


@pytest.mark.parametrize(
    "line",
    [
        "unknowingly consented to AI-enhanced care?",
        "Various groups are developing and trialing deep learning models for",
        "Abbreviations:",
        "It Ends Here.",
        "Hwa-Pyung David Lim², Keith M. Horton",
        "Write To Us@example.org",
        "See https://example.org",
        "",
        "2019",
    ],
)
def test_other_lines_are_not_in_title_case(line):
    assert not is_title_case(line)


@pytest.mark.parametrize(
    "printed", ["References", "REFERENCES", "**References**", "References:", "  references "]
)
def test_headings_are_compared_by_their_words(printed):
    assert normalised(printed) == "references"


def test_the_words_of_a_longer_heading_are_kept_in_order():
    assert normalised("***The Synergy of AI and Robotics***") == "the synergy of ai and robotics"
