import pytest
from pydantic import ValidationError

from service.retrieval.followups import Turn
from service.schemas.questions import MAX_TURNS, SearchRequest


def turns(*history: object) -> list[tuple[str, str]]:
    request = SearchRequest.model_validate({"question": "And then?", "history": list(history)})
    assert all(isinstance(turn, Turn) for turn in request.turns())
    return [(turn.question, turn.answer) for turn in request.turns()]


def test_strings_are_former_questions():
    assert turns("What is TACE?", "Who gets it?") == [("What is TACE?", ""), ("Who gets it?", "")]


def test_exchanges_keep_their_answers():
    assert turns({"question": "What is TACE?", "answer": "A treatment."}, {"question": "Who gets it?"}) == [
        ("What is TACE?", "A treatment."),
        ("Who gets it?", ""),
    ]


def test_messages_are_paired():
    assert turns(
        {"role": "assistant", "content": "Ask me."},
        {"role": "user", "content": "What is TACE?"},
        {"role": "assistant", "content": "A treatment."},
        {"role": "assistant", "content": "Of the liver."},
        {"role": "user", "content": "Who gets it?"},
    ) == [("What is TACE?", "A treatment.\nOf the liver."), ("Who gets it?", "")]


def test_forms_may_be_mixed_and_blank_questions_are_left_out():
    assert turns("What is TACE?", {"role": "assistant", "content": "A treatment."}, " ") == [
        ("What is TACE?", "A treatment.")
    ]


def test_fifty_turns_are_taken_and_one_more_is_not():
    messages = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}] * MAX_TURNS
    assert len(turns(*messages)) == MAX_TURNS
    with pytest.raises(ValidationError, match="at most 50 turns and has 51"):
        turns(*messages, "One more?")


def test_blanks_around_a_question_do_not_count():
    assert SearchRequest(question=f"  {'a' * 2000}\n").question == "a" * 2000


def test_a_question_of_one_character_is_a_question():
    assert SearchRequest(question="?").question == "?"
