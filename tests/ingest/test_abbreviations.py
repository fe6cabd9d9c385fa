"""Abbreviations: from prose, from lists below tables, and from the other documents of the corpus."""

import pytest

from ingest.abbreviations import MeaningsOfCorpus, in_list, in_prose, unique
from ingest.excerpt import read_excerpt
from ingest.records import Abbreviation


def prose(text: str) -> list[tuple[str, str]]:
    found = in_prose(read_excerpt(text, [(0, len(text))]))
    return [(pair.short, pair.long) for pair in found]


def listed(text: str) -> list[tuple[str, str]]:
    return [(pair.short, pair.long) for pair in in_list(read_excerpt(text, [(0, len(text))]))]


# Prose


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the electronic medical record (EMR), receives", "EMR", "electronic medical record"),
        ("with augmented reality (AR) and robotics", "AR", "augmented reality"),
        ("a microwave ablation planning system (MWA-PS)", "MWA-PS", "microwave ablation planning system"),
        ("positron emission tomography/CT (PET/CT) protocols", "PET/CT", "positron emission tomography/CT"),
        ("like the Barcelona Clinic Liver Cancer (BCLC) system", "BCLC", "Barcelona Clinic Liver Cancer"),
        ("plan on software as medical devices (SaMD).", "SaMD", "software as medical devices"),
    ],
)
def test_a_long_form_before_the_bracket_is_the_meaning(text, short, long):
    assert prose(text) == [(short, long)]


def test_a_long_form_inside_the_bracket_is_the_meaning():
    assert prose("including CLAIM (Checklist for Artificial Intelligence in Medical Imaging), and") == [
        ("CLAIM", "Checklist for Artificial Intelligence in Medical Imaging")
    ]


def test_a_plural_is_given_in_the_singular():
    assert prose("large language models (LLMs) trained") == [("LLM", "large language model")]


def test_an_article_is_not_part_of_the_meaning():
    assert prose("the area under curve (AUC)") == [("AUC", "area under curve")]


def test_a_short_form_in_quotes_is_read():
    assert prose("a virtual biopsy (“VB”) report") == [("VB", "virtual biopsy")]


def test_one_of_several_things_in_the_bracket_is_read():
    assert prose("vision-language models (VLMs; see below)") == [("VLM", "vision-language model")]


@pytest.mark.parametrize(
    "text",
    [
        "the wrong words (EMR) here",
        "as shown (Table 2) here",
        "in most patients (n = 57) of",
        "reality (reality) show",
        "in Washington (DC)",
        "in 2024 (2025)",
        "(AR) at the start",
        "an unclosed bracket (AR",
    ],
)
def test_a_bracket_that_its_words_do_not_spell_is_no_abbreviation(text):
    assert prose(text) == []


def test_the_spans_hold_the_long_form_and_the_bracket(verbatim):
    text = "with *augmented\n\nreality* (AR) systems"
    excerpt = read_excerpt(text, [(0, 15), (17, len(text))])
    (pair,) = in_prose(excerpt)
    assert verbatim(text, pair.spans) == ["*augmented", "reality* (AR)"]


# Lists


@pytest.mark.parametrize("separator", ["; ", ", "])
def test_a_list_is_read_whatever_separates_its_pairs(separator):
    text = f"Abbreviations: AIGC: AI-generated content{separator}PHI: protected health information"
    assert listed(text) == [("AIGC", "AI-generated content"), ("PHI", "protected health information")]


def test_a_short_form_with_a_sign_in_it_is_read():
    assert listed("Abbreviations: FLR%: future liver remnant, O-RADS: Ovarian-Adnexal System") == [
        ("FLR%", "future liver remnant"),
        ("O-RADS", "Ovarian-Adnexal System"),
    ]


def test_a_comma_inside_a_meaning_does_not_end_it():
    assert listed("Abbreviations: CT: computed, axial tomography, US: ultrasound") == [
        ("CT", "computed, axial tomography"),
        ("US", "ultrasound"),
    ]


def test_a_full_stop_ends_the_list():
    assert listed("Abbreviations: US: ultrasound.") == [("US", "ultrasound")]


def test_a_pair_knows_where_it_stands(verbatim):
    text = "Abbreviations: CT: computed tomography; US: ultrasound"
    second = in_list(read_excerpt(text, [(0, len(text))]))[1]
    assert verbatim(text, second.spans) == ["US: ultrasound"]


# Gathering


def test_the_first_mention_of_a_meaning_is_kept():
    first = Abbreviation("AR", "augmented reality", "prose", ((0, 5),))
    second = Abbreviation("AR", "Augmented Reality", "prose", ((9, 14),))
    assert unique([first, second]) == (first,)


def test_two_meanings_of_a_short_form_are_both_kept():
    one = Abbreviation("IR", "iterative reconstruction", "prose")
    other = Abbreviation("IR", "interventional radiology", "prose")
    assert unique([one, other]) == (one, other)


def test_a_meaning_in_prose_and_in_a_table_is_kept_for_both():
    one = Abbreviation("IR", "iterative reconstruction", "prose")
    other = Abbreviation("IR", "iterative reconstruction", "table")
    assert unique([one, other]) == (one, other)


RADIOLOGY = Abbreviation("IR", "interventional radiology", "prose", ((0, 4),))


def meanings(text: str, own=()) -> tuple[Abbreviation, ...]:
    """What a document of this text has, beside another one that spells out `RADIOLOGY`."""
    found = MeaningsOfCorpus()
    found.add((RADIOLOGY,))
    found.add(own)
    return found.completed(text, tuple(own))


def test_a_meaning_of_another_document_is_borrowed_where_both_forms_are_used():
    assert meanings("Interventional radiology, or tele-IR.") == (
        Abbreviation("IR", "interventional radiology", "corpus"),
    )


@pytest.mark.parametrize(
    "text", ["Only tele-IR.", "Only interventional radiology.", "FLAIR interventional radiology"]
)
def test_it_is_not_borrowed_where_one_of_the_forms_is_missing(text):
    assert meanings(text) == ()


def test_a_meaning_that_the_document_gives_itself_is_not_borrowed():
    own = Abbreviation("IR", "Interventional Radiology", "prose", ((7, 9),))
    assert meanings("Interventional Radiology (IR)", [own]) == (own,)


# The documents


def of_source(reading, source: str) -> list[tuple[str, str]]:
    return [(pair.short, pair.long) for pair in reading.abbreviations if pair.source == source]


# Counted on lines 118, 169 and 355: 8, 14 and 2 pairs.
def test_the_lists_below_lims_tables(lim):
    assert of_source(lim, "table") == [
        ("BSA", "body surface area"),
        ("CNR", "contrast-to-noise ratio"),
        ("DLR", "deep learning reconstruction"),
        ("DSA", "digital subtraction angiography"),
        ("FBP", "filtered back projection"),
        ("GFR", "glomerular filtration rate"),
        ("IR", "iterative reconstruction"),
        ("SNR", "signal-to-noise ratio"),
        ("AUC", "area under curve"),
        ("CRC", "colorectal cancer"),
        ("DSC", "Dice similarity coefficient"),
        ("EGFR", "epidermal growth factor receptor"),
        ("FLR%", "future liver remnant"),
        ("KGR", "kinetic growth rate"),
        ("LTP", "local tumor progression"),
        ("NPV", "negative predictive value"),
        ("O-RADS", "Ovarian-Adnexal Reporting and Data System"),
        ("OS", "overall survival"),
        ("PI-RADS", "Prostate Imaging Reporting and Data System"),
        ("RCC", "renal cell carcinoma"),
        ("SCC", "squamous cell carcinoma"),
        ("TR", "tumor response"),
        ("AIGC", "AI-generated content"),
        ("PHI", "protected health information"),
    ]


# Read off the text, in its order; those of Table 3's cells (TACE, DCIS) among them.
def test_the_abbreviations_of_lims_prose(lim):
    assert [(short, long.lower()) for short, long in of_source(lim, "prose")] == [
        ("IO", "interventional oncology"),
        ("AI", "artificial intelligence"),
        ("AR", "augmented reality"),
        ("EMR", "electronic medical record"),
        ("CNN", "convolutional neural network"),
        ("FBP", "filtered back projection"),
        ("IR", "iterative reconstruction"),
        ("DLR", "deep learning reconstruction"),
        ("CT", "computed tomography"),
        ("MRI", "magnetic resonance imaging"),
        ("PET/CT", "positron emission tomography/ct"),
        ("TACE", "transarterial chemoembolization"),
        ("DCIS", "ductal carcinoma in situ"),
        ("RADS", "reporting and data system"),
        ("GAN", "generative adversarial network"),
        ("AI-opsy", "radiomics-based virtual biopsy"),
        ("LLM", "large language model"),
        ("PACS", "picture archiving and communication system"),
        ("VLM", "vision-language model"),
        ("RFA", "radiofrequency ablation"),
        ("MWA", "microwave ablation"),
        ("DLP", "dose-length product"),
        ("DSA", "digital subtraction angiography"),
        ("CTHA", "ct hepatic arteriography"),
        ("RPM", "remote patient monitoring"),
        ("AIGC", "ai-generated content"),
        ("VR", "virtual reality"),
        (
            "TRIPOD-AI",
            "transparent reporting of a multivariable prediction model of individual prognosis or diagnosis",
        ),
        ("CLAIM", "checklist for artificial intelligence in medical imaging"),
        ("RQS", "radiomics quality score"),
        ("SaMD", "software as medical devices"),
    ]


def test_the_abbreviations_of_dinc(dinc):
    assert of_source(dinc, "prose") == [
        ("IR", "Interventional Radiology"),
        ("AI", "Artificial Intelligence"),
        ("ML", "Machine Learning"),
        ("TACE", "transarterial chemoembolization"),  # across the page break
        ("BCLC", "Barcelona Clinic Liver Cancer"),
        ("DSA", "digital subtraction angiography"),
        ("AR", "Augmented Reality"),
        ("VR", "Virtual Reality"),
    ]


def test_the_abbreviations_of_hmp(hmp):
    assert of_source(hmp, "prose") == [
        ("AI", "Artificial intelligence"),
        ("IO", "interventional oncology"),
        ("MAM", "minimal ablative margin"),
        ("CT", "computed tomography"),
        ("MWA-PS", "microwave ablation planning system"),
        ("HCC", "hepatocellular carcinoma"),
        ("TACE", "transarterial chemoembolization"),
        ("IR", "interventional radiologist"),
    ]


def test_every_abbreviation_stands_where_it_says(reading, verbatim):
    for pair in reading.abbreviations:
        assert pair.short in " ".join(verbatim(reading.source.text, pair.spans))


def test_ir_means_two_things_in_lim(readings):
    found = MeaningsOfCorpus()
    for reading in readings.values():
        found.add(reading.abbreviations)
    pairs = found.completed(readings["lim"].source.text, readings["lim"].abbreviations)
    assert {"iterative reconstruction", "interventional radiology"} <= {
        pair.long.lower() for pair in pairs if pair.short == "IR"
    }
