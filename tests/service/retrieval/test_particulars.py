"""Whether a passage holds the particular that is asked for."""

import pytest

from ingest.records import Passage, Sentence
from service.retrieval.particulars import lacks_particular


def passage(text, kind="paragraph"):
    end = len(text)
    return Passage(
        id="p",
        document_id="d",
        kind=kind,
        text=text,
        spans=((0, end),),
        sentences=(Sentence(0, end, ((0, end),)),),
    )


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many patients were there?", "The trial was published in 2025 in 3 journals."),
        ("how many hospitals took part", "Data of 108 patients were read."),
        ("By how many mm did it miss?", "The needle missed by a little in 12 of 30 cases."),
        ("How long was the follow-up?", "There were 57 studies."),
        ("What percentage of biopsies was spared?", "Some 12 biopsies were spared."),
        ("Which company makes it?", "The system was developed with great care."),
        ("In which country was it done?", "It was done in several places."),
        ("What is the confidence interval of the AUC?", "The AUC was 0.93."),
        ("Who funded the study?", "The study had two authors."),
    ],
)
def test_what_a_passage_lacks(question, text):
    assert lacks_particular(question, passage(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many patients were there?", "It was a study of 108 patients with HCC."),
        ("How many people took part?", "A cohort of 425,148 participants was formed."),
        ("how many scans were used", "It was trained on 1598 CT scans."),
        ("How many principles are named?", "There are four core principles."),
        ("By how many mm did it miss?", "The needle missed by 2.5 mm."),
        ("How long was the follow-up?", "They were followed for two years."),
        ("What percentage of biopsies was spared?", "It spared 49% of biopsies."),
        ("Which company makes it?", "It is sold by Needles Inc in two sizes."),
        ("What is radiomics?", "Radiomics is the extraction of features."),
    ],
)
def test_what_a_passage_holds(question, text):
    assert not lacks_particular(question, passage(text))


def test_the_year_and_the_pages_of_a_bibliography_entry_count_nothing():
    entry = "Cè M, Ibba S. A survey of radiologists. Eur J Radiol. 2024;177:111590. doi:10.1016/j.ejrad.2024"
    assert lacks_particular("How many radiologists were asked?", passage(entry, kind="reference"))


def test_of_a_story_only_the_question_counts():
    story = "In how many months I have to give a talk, I don't know. What is radiomics?"
    assert not lacks_particular(story, passage("Radiomics is the extraction of features."))
