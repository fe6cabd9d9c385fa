from itertools import islice

from eval.bench.asking import distinct_questions

ASKED = ["What is cryoablation of the kidney?", "Who wrote it?", "How many patients were there?"]


def test_a_question_is_half_of_one_and_half_of_another():
    # Of three words the first two, of five the last three.
    assert "Who wrote patients were there?" in set(islice(distinct_questions(ASKED), 6))


def test_none_is_asked_twice():
    # Three questions make six pairs; what comes after is numbered.
    asked = list(islice(distinct_questions(ASKED), 20))
    assert len(set(asked)) == 20
    assert [question[:3] for question in asked[6:8]] == ["1. ", "1. "]


def test_they_come_in_the_same_order_each_time():
    assert list(islice(distinct_questions(ASKED), 9)) == list(islice(distinct_questions(ASKED), 9))
