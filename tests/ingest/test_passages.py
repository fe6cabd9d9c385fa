"""Passages: what is retrieved, read and cited, and its way back to the verbatim text."""

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.corpus import Source
from ingest.passages import make_passages
from ingest.reading import read

SENTENCE = "The needle is slowly advanced into the lesion today."  # nine words


def prose(sentences: int) -> str:
    return " ".join([SENTENCE] * sentences)


@pytest.fixture(scope="session")
def passages(readings):
    """The passages of each real document, by its id."""
    return {key: make_passages(reading) for key, reading in readings.items()}


def of_kind(found, kind: str):
    return [passage for passage in found if passage.kind == kind]


def texts(found, kind: str = "paragraph") -> list[str]:
    return [passage.text for passage in of_kind(found, kind)]


# How prose is cut


def test_an_empty_text_has_no_passages(passages_of):
    assert passages_of("") == []


def test_a_paragraph_of_fair_length_is_a_passage(passages_of):
    assert texts(passages_of(f"{prose(5)}\n\n{prose(6)}")) == [prose(5), prose(6)]


def test_short_neighbours_are_put_together(passages_of):
    assert texts(passages_of("It is safe.\n\nIt is quick.")) == ["It is safe. It is quick."]


def test_short_neighbours_of_two_sections_stay_apart(passages_of):
    found = passages_of("# A Long Title\n\n## One\n\nIt is safe.\n\n## Two\n\nIt is quick.")
    assert [(p.section, p.text) for p in of_kind(found, "paragraph")] == [
        (("One",), "It is safe."),
        (("Two",), "It is quick."),
    ]


def test_a_short_paragraph_is_not_put_to_one_that_it_would_make_too_long(passages_of):
    # 4 × 9 and 16 × 9 words: 180 together, and the second alone fits 160.
    assert texts(passages_of(f"{prose(4)}\n\n{prose(16)}")) == [prose(4), prose(16)]


def test_a_long_paragraph_is_cut_evenly_at_sentence_ends(passages_of):
    # 20 × 9 = 180 words are two passages of 90, not one of 160 and a rest.
    assert texts(passages_of(prose(20))) == [prose(10), prose(10)]


def test_a_long_paragraph_loses_no_sentence(passages_of):
    numbered = [f"This is sentence number {n} of a very long paragraph." for n in range(100)]
    assert " ".join(texts(passages_of(" ".join(numbered)))) == " ".join(numbered)


def test_a_sentence_longer_than_a_passage_stays_whole(passages_of):
    sentence = "It is " + "very " * 200 + "long."
    assert texts(passages_of(f"{prose(3)} {sentence} {prose(3)}")) == [prose(3), sentence, prose(3)]


def test_no_passage_of_the_documents_prose_is_too_long(passages):
    assert max(len(p.text.split()) for found in passages.values() for p in of_kind(found, "paragraph")) <= 160


# It stands alone between two headings.
def test_only_a_paragraph_alone_in_its_section_is_short(passages):
    short = [text for found in passages.values() for text in texts(found) if len(text.split()) < 40]
    assert short == [
        "AI is poised to transform the intra-operative phase of interventional procedures by providing "
        "real-time decision support and enhancing imaging capabilities."
    ]


def test_nothing_that_answers_is_lost(reading):
    text = reading.source.text
    covered = bytearray(len(text))
    for passage in make_passages(reading):
        for start, end in passage.spans:
            covered[start:end] = b"\x01" * (end - start)
    kinds = ("paragraph", "list_item", "caption", "table", "table_row", "abbreviations", "reference")
    fragments = [f for block in reading.blocks if block.kind in kinds for f in block.fragments]
    assert [text[n] for f in fragments for n in range(*f) if not covered[n] and not text[n].isspace()] == []


# What is read and what stands there


@pytest.mark.parametrize("document", ["lim", "dinc", "hmp"])
def test_every_span_is_inside_the_document_and_in_order(readings, passages, document):
    length = len(readings[document].source.text)
    for passage in passages[document]:
        places = [place for span in passage.spans for place in span]
        assert places == sorted(set(places))
        assert 0 <= places[0] < places[-1] <= length


@pytest.mark.parametrize("document", ["lim", "dinc", "hmp"])
@pytest.mark.parametrize("kind", ["paragraph", "list_item", "reference", "abbreviations", "front_matter"])
def test_the_words_of_a_passage_stand_in_its_spans_in_the_same_order(
    readings, passages, verbatim, document, kind
):
    for passage in of_kind(passages[document], kind):
        printed = iter(re.findall(r"\w+", " ".join(verbatim(readings[document].source.text, passage.spans))))
        missing = [word for word in re.findall(r"\w+", passage.text) if word not in printed]
        assert missing == [], passage.text


def test_the_words_of_a_table_row_stand_in_its_spans(readings, passages, verbatim):
    for row in of_kind(passages["lim"], "table_row"):
        printed = " ".join(" ".join(verbatim(readings["lim"].source.text, row.spans)).split())
        assert [value for _, value in row.table.cells if value not in printed] == []


def test_the_words_of_a_table_stand_in_its_spans(readings, passages, verbatim):
    for table in of_kind(passages["lim"], "table"):
        printed = Counter(re.findall(r"\w+", " ".join(verbatim(readings["lim"].source.text, table.spans))))
        assert set(re.findall(r"\w+", table.text)) - set(printed) <= {"Group"}


@pytest.mark.parametrize("document", ["lim", "dinc", "hmp"])
def test_the_sentences_of_a_passage_stand_in_its_text_in_order(passages, document):
    for passage in passages[document]:
        places = [place for sentence in passage.sentences for place in (sentence.start, sentence.end)]
        assert places == sorted(places)
        assert (places[0], places[-1]) == (0, len(passage.text))


@pytest.mark.parametrize("document", ["lim", "dinc", "hmp"])
def test_the_spans_of_a_sentence_lie_in_those_of_its_passage(passages, document):
    for passage in passages[document]:
        for sentence in passage.sentences:
            assert all(
                any(first <= start < end <= last for first, last in passage.spans)
                for start, end in sentence.spans
            ), passage.text


def test_a_marker_is_not_read_but_stays_in_the_span(passages_of, verbatim):
    text = "It is safe.^{1,2} It is quick [3]."
    (passage,) = passages_of(text)
    assert (passage.text, verbatim(text, passage.spans)) == ("It is safe. It is quick.", [text])


@pytest.mark.parametrize("document", ["lim", "hmp"])
def test_no_marker_is_read(passages, document):
    prose = " ".join(texts(passages[document]))
    assert not re.search(r"\^\{|[⁰¹²³⁴-⁹]|[a-z)][.”]\d", prose)


# Sentences cut in two


@pytest.mark.parametrize(
    ("document", "before", "after"),
    [
        ("lim", "minimal human intervention – are", "expansive and largely limited"),
        ("lim", "risk stratification — even for disease", "processes that have no"),
        ("lim", "sinogram data for reconstruction without", "FBP or IR, or applied"),
        ("lim", "data to gather additional information", "regarding staging"),
        ("lim", "and trialing deep learning models for", "improved needle tip"),
        ("lim", "lymph node metastases in early breast", "cancer based on"),
        ("lim", "Quality Score (RQS), SPIRIT-AI,", "CONSORT-AI, and the FDA's"),
        ("lim", "the patient who knowingly or", "unknowingly consented"),
        ("dinc", "transarterial chemoembolization", "(TACE) for hepatocellular carcinoma."),
        ("dinc", "Virtual Reality (VR) can", "overlay 3D volumetric images"),
    ],
)
def test_a_sentence_cut_by_a_page_break_is_one_sentence_with_two_spans(
    readings, passages, verbatim, document, before, after
):
    (spans,) = [
        sentence.spans
        for passage in of_kind(passages[document], "paragraph")
        for sentence in passage.sentences
        if f"{before} {after}" in passage.text[sentence.start : sentence.end]
    ]
    first, second = verbatim(readings[document].source.text, spans)
    assert first.endswith(before)
    assert second.startswith(after)


def test_a_sentence_cut_by_two_page_breaks_has_three_spans(readings, passages, verbatim):
    (spans,) = [
        sentence.spans
        for passage in passages["lim"]
        for sentence in passage.sentences
        if "late 20th century, interventional radiologists" in passage.text[sentence.start : sentence.end]
    ]
    assert [printed[:30] for printed in verbatim(readings["lim"].source.text, spans)] == [
        "Since the introduction of perc",
        "radiologists have played an in",
        "targeted locoregional therapy.",
    ]


def test_a_sentence_interrupted_by_a_table_has_two_spans(passages_of, verbatim):
    text = (
        "It is safe. The needle is put into\n\n| Organ | n |\n|---|---|\n| Liver | 3 |\n\n"
        "the lesion. It is quick."
    )
    (passage,) = of_kind(passages_of(text), "paragraph")
    assert verbatim(text, passage.sentences[1].spans) == ["The needle is put into", "the lesion."]


# What a passage cites


def test_a_sentence_names_the_references_of_its_own_markers(passages_of):
    (passage,) = passages_of("It is safe.^{1,2} It is quick.³ It is new.")
    assert [sentence.references for sentence in passage.sentences] == [(1, 2), (3,), ()]


@pytest.mark.parametrize("text", ["[1, 2] say that it is safe.", "It is so\n\n[1, 2] and also new."])
def test_a_marker_at_the_start_of_a_line_belongs_to_its_sentence(passages_of, verbatim, text):
    (passage,) = passages_of(text)
    assert passage.references == (1, 2)
    assert "[1, 2]" in " ".join(verbatim(text, passage.spans))


def test_a_passage_names_the_references_of_all_its_sentences_once(passages_of):
    (passage,) = passages_of("It is safe.^{5,2} It is quick.² It is new [1].")
    assert passage.references == (5, 2, 1)


def test_the_sentence_with_425148_patients_cites_reference_3(passages):
    (sentence,) = [
        sentence
        for passage in of_kind(passages["lim"], "paragraph")
        for sentence in passage.sentences
        if "425,148 patients" in passage.text[sentence.start : sentence.end]
    ]
    assert sentence.references == (3,)


def test_a_reference_names_itself(passages):
    assert [p.references for p in of_kind(passages["hmp"], "reference")] == [(n,) for n in range(1, 9)]


# What is printed in other ways


def test_windows_line_ends_change_no_passage(reading):
    text = reading.source.text.replace("\n", "\r\n")
    windows = make_passages(read(Source("doc", "doc.txt", "A title", "0" * 64, text)))
    assert [passage.text for passage in windows] == [passage.text for passage in make_passages(reading)]


@pytest.mark.parametrize(
    "sentence",
    [
        "A cafe\u0301 is not a café.",
        "They were happy 👩🏽‍⚕️ about it.",
        "מחט היא כלי חד מאוד.",
        "Игла входит в печень.",
    ],
)
def test_prose_in_any_script_is_read_as_it_is_printed(passages_of, verbatim, sentence):
    (passage,) = passages_of(sentence)
    assert (passage.kind, passage.text) == ("paragraph", sentence)
    assert verbatim(sentence, passage.spans) == [sentence]


# Kinds

LISTS = "## Summary\n\n- It is safe.\n- It is quick."


def test_each_list_item_is_a_passage(passages_of):
    assert texts(passages_of(LISTS), "list_item") == ["It is safe.", "It is quick."]


# 91 rows in 4 tables, 3 lists of abbreviations, 79 + 8 references, 3 bullets; one front matter a document.
@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("table_row", 91),
        ("table", 4),
        ("abbreviations", 3),
        ("reference", 87),
        ("list_item", 3),
        ("front_matter", 3),
    ],
)
def test_the_number_of_passages_of_a_kind(passages, kind, count):
    assert sum(len(of_kind(found, kind)) for found in passages.values()) == count


@pytest.fixture
def daye(passages):
    """The row of Daye et al 2019, line 146."""
    (row,) = [passage for passage in passages["lim"] if passage.table and "Daye" in passage.text]
    return row


def test_a_row_is_read_under_its_headers(daye):
    assert daye.text == (
        "Organ: Adrenal; Scan Type: CT; Brief Description: Predict local tumor progression and overall "
        "survival after thermal ablation of adrenal metastases; Validation Status: Retrospective; "
        "Performance Benchmarks: AUC 0.93 for predicting LTP; Author and Year: Daye et al 2019"
    )


def test_a_row_knows_its_table_and_number(daye):
    assert (daye.table.table, daye.table.number) == ("Table 3", 9)


def test_a_row_knows_its_caption(daye):
    assert daye.caption == "Table 3. Select Applications of Radiomics in Interventional Oncology"


def test_a_row_knows_the_header_of_each_cell(daye):
    assert daye.table.cells[4] == ("Performance Benchmarks", "AUC 0.93 for predicting LTP")


def test_a_row_that_inherits_a_cell_has_the_span_of_it(readings, passages, verbatim):
    (row,) = [passage for passage in passages["lim"] if passage.table and "Crombe" in passage.text]
    assert verbatim(readings["lim"].source.text, row.spans) == [
        "Pulmonary",
        "CT",
        "| | Predict LTP after radiofrequency ablation of CRC metastases | Retrospective | "
        "AUC 0.72, accuracy 0.79 | Crombe et al 2023 | |",
    ]


def test_a_row_of_table_4_has_the_span_of_its_category(readings, passages, verbatim):
    (row,) = [passage for passage in passages["lim"] if passage.table and "PHI required" in passage.text]
    assert verbatim(readings["lim"].source.text, row.spans)[0] == "Barriers: Data Management"


def test_a_whole_table_has_a_line_for_its_caption_and_each_row(passages):
    assert [len(table.text.split("\n")) for table in of_kind(passages["lim"], "table")] == [31, 14, 31, 19]


def test_a_whole_table_is_searched_by_caption_headers_and_row_labels(passages_of):
    text = "## Results\n\nTable 1. Devices\n\n| Organ | n |\n|---|---|\n| Liver | 3 |\n| | 4 |\n| Lung | 5 |"
    (table,) = of_kind(passages_of(text), "table")
    assert table.index_text == "Table 1. Devices\nOrgan, n\nLiver, Lung"


def test_front_matter_is_one_passage_with_a_line_for_each_thing_once(passages):
    (front,) = of_kind(passages["dinc"], "front_matter")
    assert front.text.split("\n") == [
        "What Is the Role of AI in Interventional Radiology?",
        "Rasit Dinc",
        "Rasit Dinc Digital Health & AI Research",
        "Published: January 5, 2017 | AI in Medical Imaging and Diagnostics",
        "DOI: 10.5281/zenodo.1799909",
        "Author: Rasit Dinc",
        "https://rasitdinc.com",
        "© 2017 Rasit Dinc",
    ]


def test_no_answer_comes_from_front_matter(passages):
    prose = " ".join(passage.text for found in passages.values() for passage in of_kind(found, "paragraph"))
    assert not re.search(
        r"Skip to main|MedStar|All Rights Reserved|Keywords:|Published:|already \.\.\.", prose
    )


def test_the_marker_of_the_corresponding_author_is_whole(passages):
    (front,) = of_kind(passages["lim"], "front_matter")
    assert "Hwa-Pyung David Lim^{1,*}" in front.text or "Hwa-Pyung David Lim, Keith" in front.text


# Context and identity


def test_the_context_of_prose_is_its_section(passages_of):
    text = "# A Long Title\n\n## Methods\n\nWe looked.\n\n### Search\n\nWe searched."
    assert of_kind(passages_of(text), "paragraph")[1].context == "Methods > Search"


def test_the_context_is_no_part_of_the_text(passages_of):
    text = "# A Long Title\n\n## Methods\n\nWe looked."
    assert texts(passages_of(text)) == ["We looked."]


def test_a_row_has_no_context_but_its_headers(daye):
    assert daye.context == ""


def test_every_passage_has_an_id_of_its_own(passages):
    ids = [passage.id for found in passages.values() for passage in found]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("document", ["lim", "dinc", "hmp"])
def test_an_id_begins_with_the_documents(passages, document):
    assert all(passage.id.startswith(f"{document}-") for passage in passages[document])


def test_two_equal_passages_have_two_ids(passages_of):
    first, second = passages_of("## Summary\n\n- It is safe.\n- It is safe.")
    assert second.id == f"{first.id}-2"


def test_an_id_stays_while_other_words_change(passages_of):
    before = passages_of("## Summary\n\n- It is safe.\n- It is quick.")
    after = passages_of("## Summary\n\n- It is very safe.\n- It is quick.")
    assert (before[1].id, before[0].id) == (after[1].id, before[0].id)


def test_an_id_changes_with_the_words(passages_of):
    before = passages_of("## Summary\n\n- It is safe.\n- It is quick.")
    after = passages_of("## Summary\n\n- It is very safe.\n- It is quick.")
    assert before[0].id != after[0].id


# Any text at all. Each of these raises an error while passages are made.


@pytest.mark.parametrize("item", ["- [1]", "• ²", "- \\*", "1. [](x)"])
def test_a_list_item_that_is_only_a_marker_does_no_harm(passages_of, item):
    assert of_kind(passages_of(f"## Summary\n\n- It is safe.\n{item}\n"), "paragraph") == []


@pytest.mark.parametrize("paragraph", ["[1]", "²", "[](x)"])
def test_a_section_that_is_only_a_marker_does_no_harm(passages_of, paragraph):
    found = passages_of(f"# A Long Title\n\n## One\n\n{paragraph}\n\n## Two\n\nIt is safe.")
    assert texts(found)[-1] == "It is safe."


def test_a_table_without_caption_and_rows_does_no_harm(passages_of):
    assert texts(passages_of("It is safe.\n\n| a | b |\n|---|---|\n\nIt is quick.")) == [
        "It is safe.",
        "It is quick.",
    ]


LINE = st.sampled_from(
    [
        "# A Review of Needles",
        "## Methods",
        "References",
        "1. One A, Two B. Title. doi:10.1000/1.",
        "- 2025;106(1):5-10.",
        "• It is safe.",
        "- It is safe for the",
        "- [1]",
        "²",
        "Table 1. Devices",
        "| Organ | Scan | n |\n|---|---|---|\n| Liver | CT | 3 |\n| | MRI | |\n| – | – | |",
        "| a | b |\n|---|---|\n| | [1] |\n| <br> | ² |\n| x [1] | **z** |",
        "| a | b |\n|---|---|\n| Group | |\n| x \\| y | z | 1 |",
        "| a | b |\n|---|---|",
        "Abbreviations: CT: computed tomography; US: ultrasound",
        "© 2020 Someone",
        "---",
        "The needle is advanced into",
        "the lesion under guidance.¹",
        "Electronic medical records (EMRs) help [1, 2]. **They** do.3 Then *more*.^{1,2}",
        "We looked ...",
        "**\\* Bold:** 12 m² of it",
        "[Table 2](#) <https://example.org>",
        "עברית 👩🏽‍⚕️ cafe\u0301 \u2028 \x1e \x0c of it.",
        prose(9),
        "",
    ]
)
TEXT = st.one_of(
    st.text("ab A1.|#\n", max_size=120),
    st.lists(LINE, max_size=12).map("\n\n".join),
    st.lists(LINE, max_size=12).map("\r\n".join),
)
any_text = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)

MARKER_ROW = "| a | b |\n|---|---|\n| | [1] |"


def made_of(text: str):
    return make_passages(read(Source("doc", "doc.txt", "A title", "0" * 64, text)))


@any_text
@given(TEXT)
@example("")
@example("\ufeff")
@example("א\u05b8\n\n👍")
@example("- [1]")
@example("# A Long Title\n\n## One\n\n[1]")
@example("| a | b |\n|---|---|")
@example(MARKER_ROW)
def test_the_spans_of_any_text_are_inside_it_and_in_order(text):
    for passage in made_of(text):
        places = [place for span in passage.spans for place in span]
        assert places == sorted(places)
        assert 0 <= places[0] <= places[-1] <= len(text)


@any_text
@given(TEXT)
@example(MARKER_ROW)
def test_the_letters_of_any_prose_stand_in_its_spans_in_the_same_order(text):
    for passage in made_of(text):
        if passage.kind in ("paragraph", "list_item"):
            printed = iter("".join(text[start:end] for start, end in passage.spans))
            assert [c for c in passage.text if c != " " and c not in printed] == []


@any_text
@given(TEXT)
@example(MARKER_ROW)
def test_the_ids_of_any_text_are_unique(text):
    ids = [passage.id for passage in made_of(text)]
    assert len(set(ids)) == len(ids)


@any_text
@given(TEXT)
@example(MARKER_ROW)
def test_the_sentences_of_any_text_have_spans(text):
    assert all(sentence.spans for passage in made_of(text) for sentence in passage.sentences)
