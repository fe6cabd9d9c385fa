"""Blocks: what each stretch of a text is, and the section that it belongs to."""

import re
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.structure import read_blocks

FINISHED = "This paragraph has a first sentence. And it has another one, which ends it."


def blocks(text: str, kind: str) -> list[str]:
    return [block.text for block in read_blocks(text) if block.kind == kind]


def kinds(text: str) -> list[str]:
    return [block.kind for block in read_blocks(text)]


def sections(text: str) -> dict[str, tuple[str, ...]]:
    return {block.text: block.section for block in read_blocks(text)}


# Paragraphs made whole


def test_a_soft_wrapped_paragraph_is_one_block_with_one_fragment():
    (block,) = read_blocks("The precise\nnavigation of\nneedles is hard.\n")
    assert (block.text, block.fragments) == ("The precise navigation of needles is hard.", ((0, 42),))


def test_windows_line_ends_are_no_words():
    (block,) = read_blocks("The precise\r\nnavigation of\r\nneedles is hard.\r\n")
    assert block.text == "The precise navigation of needles is hard."


def test_a_blank_line_between_finished_sentences_parts_two_paragraphs():
    assert blocks(f"{FINISHED}\n\n{FINISHED}", "paragraph") == [FINISHED, FINISHED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The field is led by interventional", "radiologists who treat cancers."),
        ("Guidelines are TRIPOD-AI, SPIRIT-AI,", "CONSORT-AI, and others."),
        ("They treat it by chemoembolization", "(TACE) for carcinoma."),
        ("It has risen to", "425,148 patients in all."),
        ("This is known as the", "Adrenal study."),
        ("Tumors were treated (in", "Washington) at once."),
        ("**Reality:** Augmented Reality (AR) can", "overlay images."),
    ],
)
def test_a_sentence_cut_by_a_page_break_is_one_paragraph_with_two_fragments(before, after):
    (block,) = read_blocks(f"{before}\n\n\n\n{after}")
    start = len(before) + 4
    assert block.fragments == ((0, len(before)), (start, start + len(after)))


def test_a_form_feed_between_the_pages_is_no_word():
    (block,) = read_blocks("The field is led by interventional\n\f\nradiologists who treat cancers.")
    assert block.text == "The field is led by interventional radiologists who treat cancers."


def test_a_paragraph_cut_twice_has_three_fragments():
    (block,) = read_blocks("It is led by\n\ninterventional radiologists and\n\n\ntheir teams.")
    assert block.text == "It is led by interventional radiologists and their teams."
    assert len(block.fragments) == 3


def test_a_long_line_without_a_stop_goes_on_even_with_a_capital():
    line = "one " * 24 + "two"
    assert blocks(f"{line}\n\nThree is the end.", "paragraph") == [f"{line} Three is the end."]


@pytest.mark.parametrize(
    "end", ["ends.¹", "ends.^{1,2}", "ends [1, 2].*", "ends.3", "ends.”", "ends?", "follows:"]
)
def test_a_finished_sentence_is_not_joined_to_what_follows(end):
    text = f"This sentence here {end}\n\nlower case words follow it."
    assert len(blocks(text, "paragraph")) == 2


TABLE = "Table 1. Devices\n\n| Organ | n |\n|---|---|\n| Liver | 3 |"


def test_prose_interrupted_by_a_table_is_joined():
    text = f"The needle is advanced into\n\n{TABLE}\n\nthe lesion under guidance."
    assert blocks(text, "paragraph") == ["The needle is advanced into the lesion under guidance."]


def test_prose_interrupted_by_a_table_has_a_fragment_on_either_side(verbatim):
    text = f"The needle is advanced into\n\n{TABLE}\n\nthe lesion under guidance."
    (paragraph,) = [block for block in read_blocks(text) if block.kind == "paragraph"]
    assert verbatim(text, paragraph.fragments) == [
        "The needle is advanced into",
        "the lesion under guidance.",
    ]


def test_prose_interrupted_by_a_table_and_its_abbreviations_is_joined():
    text = (
        f"The needle is advanced into\n\n{TABLE}\n\nAbbreviations: CT: computed tomography\n\n"
        "the lesion under guidance."
    )
    assert blocks(text, "paragraph") == ["The needle is advanced into the lesion under guidance."]


def test_prose_is_not_joined_across_a_heading():
    text = "# A longer title\n\n## One\n\nThe needle is advanced into\n\n## Two\n\nthe lesion under guidance."
    assert len(blocks(text, "paragraph")) == 2


# Lists


def test_each_item_of_a_list_is_a_block():
    text = "## Summary\n\n  • It is safe.\n  • It is quick.\n"
    assert blocks(text, "list_item") == ["It is safe.", "It is quick."]


def test_the_bullet_is_no_part_of_the_item(verbatim):
    text = "## Summary\n\n  • It is safe.\n"
    item = read_blocks(text)[-1]
    assert verbatim(text, item.fragments) == ["It is safe."]


def test_an_item_cut_by_a_page_break_is_whole():
    text = "## Summary\n\n- It is safe for the\n\npatient.\n- It is quick."
    assert blocks(text, "list_item") == ["It is safe for the patient.", "It is quick."]


# Headings and sections


def test_a_text_without_headings_is_all_paragraphs():
    text = "Needles are sharp.\n\nCatheters are not.\n\nBoth are thin."
    assert kinds(text) == ["paragraph"] * 3


def test_without_headings_there_is_no_section():
    assert sections("Needles are sharp.")["Needles are sharp."] == ()


MARKDOWN = """# A Review of Needles

## Methods

We looked.

### Search

We searched.

## Results

We found.
"""


def test_the_first_heading_is_the_title():
    assert blocks(MARKDOWN, "title") == ["A Review of Needles"]


def test_markdown_headings_give_the_section_path():
    assert sections(MARKDOWN) == {
        "A Review of Needles": (),
        "Methods": (),
        "We looked.": ("Methods",),
        "Search": ("Methods",),
        "We searched.": ("Methods", "Search"),
        "Results": (),
        "We found.": ("Results",),
    }


CAPITALS = """A Review of Needles

METHODS

We looked.

How We Searched

We searched.

RESULTS

We found.
"""


def test_capitals_and_title_case_give_the_section_path():
    assert sections(CAPITALS) == {
        "A Review of Needles": (),
        "METHODS": (),
        "We looked.": ("METHODS",),
        "How We Searched": ("METHODS",),
        "We searched.": ("METHODS", "How We Searched"),
        "RESULTS": (),
        "We found.": ("RESULTS",),
    }


def test_emphasis_is_no_part_of_a_heading():
    assert blocks("# A Title Here\n\n## ***Image Analysis***\n\nIt helps.", "heading") == ["Image Analysis"]


def test_a_skipped_level_is_no_level_of_the_path():
    text = "# A Title Here\n\n## One\n\nText.\n\n#### Deep\n\nMore text."
    assert [block.level for block in read_blocks(text) if block.kind == "heading"] == [1, 2]


@pytest.mark.parametrize(
    "line", ["clinical studies in 2019.", "The end of it all.", "unknowingly consented to it?"]
)
def test_a_bare_line_that_is_a_sentence_is_no_heading(line):
    text = f"A Review of Needles\n\nMETHODS\n\nWe looked.\n\n{line}\n\nIt is over now."
    assert blocks(text, "heading") == ["METHODS"]


def test_a_line_in_title_case_in_the_middle_of_a_sentence_is_no_heading():
    text = (
        "A Review of Needles\n\nMETHODS\n\nWe searched the records of the\n\nCancer Imaging Archive\n\n"
        "and found them useful."
    )
    assert blocks(text, "heading") == ["METHODS"]


# Front matter


def test_lines_between_title_and_body_are_front_matter():
    text = "# A Review of Needles\n\nJane Doe\n\nDOI: 10.1000/1\n\n## Methods\n\nWe looked."
    assert blocks(text, "front_matter") == ["Jane Doe", "DOI: 10.1000/1"]


def test_prose_before_the_first_section_is_not_front_matter():
    prose = (
        "Needles have been used since the dawn of medicine, and "
        + "very " * 20
        + "often they were too thick."
    )
    text = f"# A Review of Needles\n\n{prose}\n\n## Methods\n\nWe looked."
    assert blocks(text, "paragraph") == [prose, "We looked."]


def test_keywords_are_front_matter_wherever_they_stand():
    text = "# A Long Title\n\n## Abstract\n\nWe looked.\n\nKeywords: needles, catheters\n\n## Methods\n\nSo."
    assert blocks(text, "front_matter") == ["Keywords: needles, catheters"]


def test_a_repeated_title_is_front_matter():
    text = "# A Review of Needles\n\n# A Review of Needles\n\n## Methods\n\nWe looked."
    assert (blocks(text, "title"), blocks(text, "front_matter")) == (
        ["A Review of Needles"],
        ["A Review of Needles"],
    )


def test_a_truncated_copy_of_a_paragraph_is_front_matter_with_its_heading():
    text = "# A Review of Needles\n\n## Abstract\n\nWe looked ...\n\n## Methods\n\nWe looked at all of them."
    assert blocks(text, "front_matter") == ["Abstract", "We looked ..."]


def test_a_rights_line_and_what_follows_it_is_front_matter():
    text = "## Methods\n\nWe looked.\n\n© 2026 Someone\n\nViews are the authors' own and nobody else's."
    assert blocks(text, "front_matter") == ["© 2026 Someone", "Views are the authors' own and nobody else's."]


def test_a_rights_line_at_the_foot_of_a_page_leaves_the_next_section_alone():
    text = "# A Long Title\n\n## Methods\n\nWe looked.\n\n© 2020 Someone\n\n## Results\n\nWe found them."
    assert blocks(text, "paragraph") == ["We looked.", "We found them."]


def test_a_name_at_the_very_end_is_front_matter():
    text = "## Methods\n\nWe looked.\n\nJane Doe Research"
    assert blocks(text, "front_matter") == ["Jane Doe Research"]


def test_a_rule_is_no_block():
    assert kinds("## Methods\n\n---\n\nWe looked.") == ["heading", "paragraph"]


def test_a_rights_line_at_the_top_leaves_the_body_alone():
    text = "© 2020 The Authors\n\n# A Review of Needles\n\n## Methods\n\nWe looked at all of them."
    assert blocks(text, "paragraph") == ["We looked at all of them."]


@pytest.mark.parametrize(
    "sentence",
    [
        "By reducing the content of iodine, the dose falls.",
        "Published content was searched.",
        "By design, three arms were formed: A, B and C.",
    ],
)
def test_a_sentence_that_begins_like_a_label_is_not_front_matter(sentence):
    assert blocks(f"## Methods\n\n{sentence}", "paragraph") == [sentence]


def test_a_heading_that_differs_from_the_title_by_its_number_is_a_heading():
    text = "# Needles Part 1\n\n## Needles Part 2\n\nWe looked at all of them."
    assert blocks(text, "heading") == ["Needles Part 2"]


def test_a_byte_order_mark_does_not_hide_the_title():
    assert blocks("\ufeff# A Review of Needles\n\n## Methods\n\nWe looked.", "title") == [
        "A Review of Needles"
    ]


# Tables


def test_a_table_has_its_caption_and_a_block_a_row():
    assert [(b.kind, b.caption) for b in read_blocks(f"## Methods\n\n{TABLE}")[1:]] == [
        ("caption", None),
        ("table", "Table 1. Devices"),
        ("table_row", "Table 1. Devices"),
    ]


def test_a_table_reads_as_its_caption_and_its_rows():
    assert blocks(f"## Methods\n\n{TABLE}", "table") == ["Table 1. Devices\nOrgan: Liver; n: 3"]


def test_a_caption_belongs_to_one_table_only():
    text = f"## Methods\n\n{TABLE}\n\nWe also looked here.\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert [block.caption for block in read_blocks(text) if block.kind == "table"] == [
        "Table 1. Devices",
        None,
    ]


def test_a_caption_without_a_table_is_not_lost():
    text = "# A Long Title\n\n## Methods\n\nWe looked.\n\nTable 1. Devices"
    assert [block.text for block in read_blocks(text)][-1] == "Table 1. Devices"


def test_pipe_lines_without_a_header_rule_are_read_as_text():
    text = "## Methods\n\n| a | b |\n| 1 | 2 |\n\nWe looked."
    assert blocks(text, "paragraph") == ["| a | b | | 1 | 2 |", "We looked."]


def test_a_list_of_abbreviations_names_the_table_above_it():
    text = f"## Methods\n\n{TABLE}\n\nAbbreviations: CT: computed tomography"
    last = read_blocks(text)[-1]
    assert (last.kind, last.caption) == ("abbreviations", "Table 1. Devices")


# Bibliography


@pytest.mark.parametrize("heading", ["## References", "## **Bibliography**", "REFERENCES", "References"])
def test_the_entries_below_the_heading_of_a_bibliography_are_references(heading):
    text = f"## Methods\n\nWe looked.\n\n{heading}\n\n1. One A. Title.\n2. Two B. Title."
    assert blocks(text, "reference") == ["One A. Title.", "Two B. Title."]


def test_unnumbered_entries_are_references():
    text = "## Methods\n\nWe looked.\n\n## References\n\n- One A. Title.\n- Two B. Title."
    assert blocks(text, "reference") == ["One A. Title.", "Two B. Title."]


def test_a_section_behind_the_bibliography_is_no_reference():
    text = "## Methods\n\nWe looked.\n\n## References\n\n1. One A. Title.\n\n## Appendix\n\nWe looked again."
    assert (blocks(text, "reference"), blocks(text, "paragraph")[-1]) == (
        ["One A. Title."],
        "We looked again.",
    )


def test_words_above_the_first_entry_are_not_lost():
    text = "## Methods\n\nWe looked.\n\n## References\n\nAll of them were read.\n\n1. One A. Title."
    assert any("All of them were read." in block.text for block in read_blocks(text))


def test_a_rule_between_entries_is_no_part_of_them():
    text = "## Methods\n\nWe looked.\n\n## References\n\n1. One A. Title.\n\n---\n\n2. Two B. Title."
    assert blocks(text, "reference") == ["One A. Title.", "Two B. Title."]


# The three documents


def headings(reading) -> list[tuple[str, ...]]:
    return [(*block.section, block.text) for block in reading.blocks if block.kind == "heading"]


# `grep -nP '^[A-Z][^a-z]{3,}$'` lists those in capitals; the others were read off the text.
def test_the_headings_of_lim(lim):
    barriers = "BARRIERS, LIMITATIONS, AND CONSIDERATIONS"
    assert headings(lim) == [
        ("ABSTRACT",),
        ("INTRODUCTION",),
        ("OPPORTUNISTIC SCREENING",),
        ("DIAGNOSIS",),
        ("PROGNOSTICATION",),
        ("BIOPSY VS. RADIOMICS-BASED VIRTUAL BIOPSY",),
        ("AI NAVIGATION AND ROBOTIC PLATFORMS",),
        ("STAGING AND TREATMENT PROGNOSTICATION",),
        ("MULTIDISCIPLINARY ENGAGEMENT",),
        ("PROCEDURAL PLANNING",),
        ("INTRAPROCEDURAL IMAGING RECONSTRUCTION AND GUIDANCE",),
        ("PERI-PROCEDURAL MONITORING AND PAIN MANAGEMENT",),
        ("AUGMENTED REALITY GUIDED INTERVENTION",),
        ("POST-PROCEDURAL FOLLOW-UP",),
        ("PROVIDER WORKFLOW AND WELLNESS",),
        ("MEDICAL EDUCATION AND INTERVENTIONAL TRAINING",),
        (barriers,),
        (barriers, "Liability, Provider Readiness, and Patient Consent"),
        (barriers, "Patient Privacy, Equity, and Transparency in AI Implementation"),
        (barriers, "The “Black Box” and AI Artifacts"),
        (barriers, "The Devolution of Math: Model Drift and Collapse"),
        ("CONCLUSION",),
        ("REFERENCES",),
    ]


def test_the_headings_of_dinc(dinc):
    procedure = "Revolutionizing Procedural Guidance and Execution"
    assert headings(dinc) == [
        ("Introduction",),
        ("Enhancing Patient Selection and Outcome Prediction",),
        (procedure,),
        (procedure, "Advanced Image Analysis"),
        (procedure, "The Synergy of AI and Robotics"),
        ("The Future: Simulated Reality and Virtual Biopsy",),
        ("Conclusion",),
    ]


def test_the_headings_of_hmp(hmp):
    assert headings(hmp) == [
        ("Key Summary",),
        ("Main Findings",),
        ("Clinical Implications",),
        ("Expert Perspectives",),
        ("Conclusions",),
        ("References",),
    ]


@pytest.mark.parametrize(
    ("document", "words", "section"),
    [
        ("lim", "Park et al. used data", ["OPPORTUNISTIC SCREENING"]),
        ("lim", "Since the introduction of percutaneous", ["INTRODUCTION"]),
        (
            "lim",
            "hallucinations can be further subcategorized",
            ["BARRIERS, LIMITATIONS, AND CONSIDERATIONS", "The “Black Box” and AI Artifacts"],
        ),
        (
            "dinc",
            "digital subtraction angiography",
            ["Revolutionizing Procedural Guidance and Execution", "Advanced Image Analysis"],
        ),
        ("dinc", "percutaneous vertebroplasty", ["The Future: Simulated Reality and Virtual Biopsy"]),
        ("hmp", "1598 CT scans", ["Main Findings"]),
        ("hmp", "Dr Judy Wawira Gichoya", ["Expert Perspectives"]),
    ],
)
def test_the_section_of_a_paragraph(readings, document, words, section):
    (found,) = [b for b in readings[document].blocks if b.kind == "paragraph" and words in b.text]
    assert list(found.section) == section


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (
            "lim",
            "Moving the Needle Forward: Interventional Oncology in the Era of Clinical "
            "Artificial Intelligence",
        ),
        ("dinc", "What Is the Role of AI in Interventional Radiology?"),
        ("hmp", "Artificial Intelligence Advances in Interventional Oncology: Year in Review"),
    ],
)
def test_the_title_of_a_document(readings, document, title):
    assert [block.text for block in readings[document].blocks if block.kind == "title"] == [title]


def front_matter(reading) -> list[str]:
    found = [block for block in reading.blocks if block.kind == "front_matter"]
    return [" ".join(reading.source.text[s:e] for s, e in block.fragments) for block in found]


def test_the_front_matter_of_lim(lim):
    assert front_matter(lim) == [
        "Hwa-Pyung David Lim^{1,*}, Keith M. Horton², Emil I. Cohen¹",
        "¹ Department of Interventional Radiology, MedStar Georgetown University Hospital, "
        "Washington, DC, USA.",
        "² Department of Interventional Radiology, MedStar Washington Hospital Center, Washington, DC, USA.",
        "Correspondence: Hwa-Pyung.Lim@medstar.net",
        "Keywords: Artificial Intelligence, Interventional Oncology, Deep Learning, Deep Learning "
        "Reconstruction, Radiomics, Augmented Reality, Robotics, Generative Adversarial Networks",
    ]


def test_the_front_matter_of_dinc(dinc):
    assert front_matter(dinc) == [
        "Rasit Dinc",
        "*Rasit Dinc Digital Health & AI Research*",
        "Published: January 5, 2017 | AI in Medical Imaging and Diagnostics",
        "DOI: [10.5281/zenodo.1799909](https://doi.org/10.5281/zenodo.1799909)",
        "Abstract",
        "Interventional Radiology (IR) and Artificial Intelligence (AI) are two fields at the forefront of "
        "technological innovation in medicine. While AI has already ...",
        "What Is the Role of AI in Interventional Radiology?",
        "**Author:** Rasit Dinc",
        "Rasit Dinc Digital Health & AI Research",
        "<https://rasitdinc.com>",
        "© 2017 Rasit Dinc",
    ]


def test_the_front_matter_of_hmp(hmp):
    assert front_matter(hmp) == [
        "Skip to main content\nAnalysis",
        "Edited by",
        "© 2026 HMP Global. All Rights Reserved.",
        "Any views and opinions expressed are those of the author(s) and/or participants and do not "
        "necessarily reflect the views, policy, or position of Vascular Disease Management or HMP Global, "
        "their employees, and affiliates.",
    ]


def test_the_three_points_of_hmps_summary_are_list_items(hmp):
    items = [block for block in hmp.blocks if block.kind == "list_item"]
    assert [(block.text.split()[0], block.section) for block in items] == [
        ("AI-assisted", ("Key Summary",)),
        ("Fully", ("Key Summary",)),
        ("An", ("Key Summary",)),
    ]


@pytest.mark.parametrize(
    ("number", "caption"),
    [
        (1, "Table 1. Clinical Applications of AI in Various Domains of Interventional Oncology"),
        (
            2,
            "Table 2. Applications of Deep Learning Reconstruction in Diagnostic and "
            "Interventional Radiology",
        ),
        (3, "Table 3. Select Applications of Radiomics in Interventional Oncology"),
        (4, "Table 4. AI Artifacts and Barriers to Successful Implementation of Clinical AI"),
    ],
)
def test_the_caption_of_a_table_of_lim(lim, number, caption):
    assert [b.caption for b in lim.blocks if b.kind == "table"][number - 1] == caption


def test_each_list_of_abbreviations_of_lim_belongs_to_the_table_above_it(lim):
    captions = [block.caption for block in lim.blocks if block.kind == "abbreviations"]
    assert [caption[:8] for caption in captions] == ["Table 2.", "Table 3.", "Table 4."]


# The page breaks of Lim (blank lines inside a sentence) and of Dinc, read off the files.
PAGE_BREAKS = [
    ("lim", "in the late 20th century, interventional", "radiologists have played an integral role"),
    ("lim", "diagnostic imaging and clinical oncology allowing for", "targeted locoregional therapy."),
    ("lim", "with minimal human intervention – are", "expansive and largely limited"),
    ("lim", "real-time risk stratification — even for disease", "processes that have no apparent connection"),
    ("lim", "The patient undergoes the", "appropriate imaging studies"),
    ("lim", "the sinogram data for reconstruction without", "FBP or IR, or applied indirectly"),
    ("lim", "data to gather additional information", "regarding staging and prognostication."),
    ("lim", "not accessible to visual analysis for the", "prediction of diagnosis"),
    ("lim", "axillary lymph node metastases in early breast", "cancer based on contrast-enhanced US"),
    ("lim", "and trialing deep learning models for", "improved needle tip localization"),
    ("lim", "Quality Score (RQS), SPIRIT-AI,", "CONSORT-AI, and the FDA's 2021 action plan"),
    ("lim", "or the patient who knowingly or", "unknowingly consented to AI-enhanced care?"),
    ("lim", "on intraprocedural imaging. Besides", "monitoring vitals, other biometrics"),
    ("lim", "as recursive training and", "generation of synthetic data"),
    ("lim", "discussed in the previous section are not", "new or unique to AI"),
    ("dinc", "treatments like transarterial chemoembolization", "(TACE) for hepatocellular carcinoma."),
    ("dinc", "Augmented Reality (AR) and Virtual Reality (VR) can", "overlay 3D volumetric images"),
]


@pytest.mark.parametrize(("document", "before", "after"), PAGE_BREAKS)
def test_a_paragraph_cut_by_a_page_break_is_whole(readings, verbatim, document, before, after):
    reading = readings[document]
    (block,) = [b for b in reading.blocks if b.kind == "paragraph" and f"{before} {after}" in b.text]
    printed = verbatim(reading.source.text, block.fragments)
    assert any(first.endswith(before) and second.startswith(after) for first, second in pairwise(printed))


# What may stand outside all blocks: signs of headings, bullets, numbers of entries, rules.
SIGN = re.compile(r"#{1,6}|[-•*]|\d{1,2}\.|-{3,}")


def test_nothing_of_a_document_is_lost(reading):
    text = reading.source.text
    covered = bytearray(len(text))
    for block in reading.blocks:
        for start, end in block.fragments:
            covered[start:end] = b"\x01" * (end - start)
    outside = "".join(" " if covered[n] else character for n, character in enumerate(text))
    assert [word for word in outside.split() if not SIGN.fullmatch(word)] == []


# Any text at all

LINE = st.sampled_from(
    [
        "# A Review of Needles",
        "## Methods",
        "METHODS",
        "Main Findings",
        "References",
        "## References",
        "1. One A, Two B. Title. doi:10.1000/1.",
        "2. Two B. A title that goes on",
        "- 2025;106(1):5-10.",
        "• It is safe.",
        "- It is safe for the",
        "- [1]",
        "Table 1. Devices",
        "| Organ | Scan | n |",
        "|---|---|---|",
        "| Liver | CT | 3 |",
        "| | MRI | |",
        "| – | – | |",
        "| | [1] | <br> |",
        "| Group | | |",
        "| **x** \\| y | z | 1 | 2 |",
        "| a |",
        "Abbreviations: CT: computed tomography; US: ultrasound",
        "Keywords: needles",
        "© 2020 Someone",
        "---",
        "The needle is advanced into",
        "the lesion under guidance.¹",
        "Electronic medical records (EMRs) help [1, 2]. **They** do.3 Then *more*.^{1,2}",
        "We looked ...",
        "\\*",
        "**\\* Bold:** 12 m² of it",
        "[Table 2](#) <https://example.org>",
        "עברית 👩🏽‍⚕️ cafe\u0301 \u2028 \x1e \x0c",
        "",
        "",
    ]
)
TEXT = st.one_of(
    st.text(max_size=200),
    st.text("ab A1.|-#*•[]()¹²\\\n ", max_size=120),
    st.lists(LINE, max_size=14).map("\n".join),
    st.lists(LINE | st.text(max_size=20), max_size=10).map("\r\n\r\n".join),
)
any_text = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow],
)


@any_text
@given(TEXT)
@example("")
@example("\r\n")
@example("[](x)")
@example("| a | b | c |\n|--|--|--|\n| – | – | |")
@example("| a | b | c |\n|--|--|--|\n| | [1] | |\n| <br> | x | |")
def test_the_fragments_of_any_text_are_inside_it_and_in_order(text):
    for block in read_blocks(text):
        ends = [end for fragment in block.fragments for end in fragment]
        assert ends == sorted(ends)
        assert 0 <= ends[0] <= ends[-1] <= len(text)


@any_text
@given(TEXT)
def test_the_blocks_of_any_text_are_in_its_order(text):
    # A table's first fragment is its caption, which is a block itself; its rows follow it.
    places = [
        block.fragments[-1] if block.kind == "table" else block.fragments[0]
        for block in read_blocks(text)
        if block.kind != "table_row"
    ]
    assert places == sorted(places)


@any_text
@given(TEXT)
def test_no_two_paragraphs_of_any_text_share_a_word(text):
    spans = [f for b in read_blocks(text) if b.kind in ("paragraph", "list_item") for f in b.fragments]
    assert all(first[1] <= second[0] for first, second in pairwise(sorted(spans)))


def test_in_an_extracted_text_with_marked_sections_no_other_line_is_a_heading():
    text = "# Needles\n\n## Results\n\nIt was so in all of them.\n\nMin Max Median\n\nAnd it was so again.\n"
    found = [[b.text for b in read_blocks(text, extracted=e) if b.kind == "heading"] for e in (False, True)]
    assert found == [["Results", "Min Max Median"], ["Results"]]


def test_in_an_extracted_text_without_marked_sections_bare_lines_may_be_headings():
    text = "# Needles\n\nMain Results\n\nIt was so in all of them.\n"
    assert [b.text for b in read_blocks(text, extracted=True) if b.kind == "heading"] == ["Main Results"]


def test_in_an_extracted_text_a_line_that_repeats_the_title_is_front_matter():
    text = "# Small Needles\n\n## Results\n\nSmall Needles\n\nIt was so in all of them.\n"
    found = [(b.kind, b.text) for b in read_blocks(text, extracted=True)]
    assert ("front_matter", "Small Needles") in found
