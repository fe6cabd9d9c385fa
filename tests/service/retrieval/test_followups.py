"""What a follow-up leaves unsaid comes from the conversation."""

import pytest

from service.retrieval.followups import Turn, standalone

TRIAL = Turn("What did the COVER-ALL trial compare?", "Software-based with visual margin assessment.")
ARTIFACTS = Turn(
    "Which artifacts, in order?", "Black box, model drift, model collapse and bias amplification."
)


@pytest.mark.parametrize(
    "question",
    [
        "What does policy stitching mean in robotics?",
        "What is the capital of Mongolia?",
        "How many patients were in the cohort of Park et al.?",
        "Which review of burnout in radiologists do Lim and co-authors lean on, and when did it appear?",
        "In which year was the meeting where Gichoya polled people about robots?",
    ],
)
def test_a_question_that_says_it_all_is_left_alone(question):
    assert str(standalone(question, [TRIAL])) == question


@pytest.mark.parametrize(
    "question", ["What is radiomics?", "what are GANs", "What does DLR mean?", "Define TACE."]
)
def test_a_question_for_a_meaning_stands_alone_however_short(question):
    assert str(standalone(question, [TRIAL])) == question


@pytest.mark.parametrize("question", ["What is the AUC?", "What is it?", "What year?", "Why?"])
def test_a_short_question_for_something_else_does_not(question):
    assert str(standalone(question, [TRIAL])) != question


def test_without_a_conversation_nothing_is_added():
    assert str(standalone("Where was it published?", [])) == "Where was it published?"


@pytest.mark.parametrize(
    ("ordinal", "item"),
    [
        ("second", "model drift"),
        ("last", "bias amplification"),
        ("3rd", "model collapse"),
        ("first", "Black box"),
    ],
)
def test_an_ordinal_is_replaced_by_the_item_that_the_answer_lists(ordinal, item):
    asked = standalone(f"Can you explain the {ordinal} of those?", [ARTIFACTS])
    assert asked.question == f"Can you explain {item}?"


def test_the_middle_one_of_three_is_the_second():
    turn = Turn("Which tools?", "Segmentation, motion correction and needle tracking.")
    assert standalone("How does the middle one work?", [turn]).question == "How does motion correction work?"


def test_an_ordinal_beyond_the_list_is_not_made_up():
    assert "the ninth one" in standalone("What is the ninth one?", [ARTIFACTS]).question


def test_another_place_is_put_where_the_last_question_had_one():
    turn = Turn("What AUC does Table 3 list for the prostate model?", "0.93.")
    assert (
        standalone("and for the bladder?", [turn]).question == "What AUC does Table 3 list for the bladder?"
    )


def test_a_pronoun_carries_the_names_of_the_answer_and_the_words_of_the_question():
    turn = Turn("Who surveyed conference participants?", "That was Dr Judy Gichoya in 2024.")
    asked = standalone("Where does she work?", [turn])
    assert asked.question == "Where does she work?"
    assert "Judy Gichoya" in asked.context
    assert "surveyed" in asked.context


def test_context_reaches_back_over_several_turns():
    history = [Turn("Which brain tumor model is in Table 3?", ""), Turn("With what AUC?", "0.93.")]
    assert "brain" in standalone("Was it prospective?", history).context


def test_what_the_answer_alone_speaks_of_brings_the_words_of_the_answer():
    turn = Turn("Can AI read pathology?", "Yes, networks are trained on histology slides.")
    assert "histology" in standalone("What else do those slides show?", [turn]).context
    assert "histology" not in standalone("What else does it show?", [turn]).context


def test_a_follow_up_knows_what_was_said_before_it():
    assert standalone("And for women?", [TRIAL]).said == f"{TRIAL.question} {TRIAL.answer}"
    assert standalone("What is the capital of Mongolia?", [TRIAL]).said == ""


def test_what_the_new_question_says_itself_is_not_carried():
    turn = Turn("Was the COVER-ALL trial randomized?", "")
    assert "trial" not in standalone("Was that trial prospective?", [turn]).context
