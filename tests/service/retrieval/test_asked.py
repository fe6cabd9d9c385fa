"""Whether a text holds the kind of thing that is asked for."""

import pytest

from service.retrieval.asked import defines_what_is_asked, lacks_what_is_asked


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many patients took part?", "A large cohort of patients took part."),
        ("What AUC did it reach?", "It reached an accuracy of 0.93."),
        ("What was the sensitivity?", "The sensitivity was high."),
        ("How much does the robot cost?", "The robot was used in 12 patients."),
        ("What was the p-value?", "The arms differed by 3 mm."),
        ("Who wrote it?", "It was written lately."),
        ("In which year was it done? Which year?", "It was done lately."),
    ],
)
def test_a_text_without_the_kind_lacks_it(question, text):
    assert lacks_what_is_asked(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many patients took part?", "425,148 patients took part."),
        ("How many experts agreed?", "Two expert reviewers agreed."),
        ("What AUC did it reach?", "AUC 0.93 for predicting LTP"),
        ("What AUC did it reach?", "an area under the curve of 0.93"),
        ("How much does the robot cost?", "It sells at $1,200."),
        ("What was the p-value?", "The arms differed (p < 0.01)."),
        ("Who wrote it?", "Park et al. wrote it."),
        ("Which year was it done?", "It was done in 2001."),
        ("Why do robots help?", "They are steady."),
        ("What does NPV mean?", "NPV: negative predictive value"),
        ("How may AI cost a doctor the public's confidence?", "It may erode trust."),
    ],
)
def test_a_text_with_the_kind_and_a_question_for_none_lack_nothing(question, text):
    assert not lacks_what_is_asked(question, text)


def test_of_a_story_only_the_sentences_that_ask_count():
    story = (
        "Forty percent of our data are synthetic. How many? I lost count. What keeps a model from collapsing?"
    )
    assert not lacks_what_is_asked("By 40 percent it grew. What keeps a model from collapsing?", "Audits do.")
    assert lacks_what_is_asked(story, "Audits do.")


@pytest.mark.parametrize(
    "text",
    [
        "Broadly defined, radiomics is the extraction of features.",
        "Radiomics refers to features that the eye misses.",
        "We define radiomics by its features.",
    ],
)
def test_a_definition_is_known_where_one_is_asked_for(text):
    assert defines_what_is_asked("What is radiomics?", text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is radiomics?", "A radiomics-based report combines the data."),
        ("What is radiomics?", "Deep learning is the use of neural networks."),
        ("What is radiomics used for in the liver and in other organs that move?", "Radiomics is a tool."),
        ("Who uses radiomics?", "Radiomics is a tool."),
    ],
)
def test_another_statement_is_no_definition_of_what_is_asked(question, text):
    assert not defines_what_is_asked(question, text)


@pytest.mark.parametrize(
    "question", ["Who is liable for it?", "Who should check the result?", "Who owns the data?"]
)
def test_whoever_it_may_be_in_general_need_not_be_a_name(question):
    assert not lacks_what_is_asked(question, "The operator.")
