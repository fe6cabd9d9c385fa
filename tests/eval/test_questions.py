from collections import Counter

import pytest

from eval import evidence
from eval.errors import QuestionsError
from eval.questions import ANSWERABLE, UNANSWERABLE, load_questions, select
from ingest.corpus import load_corpus

LEAST = {
    "fact": 30,
    "concept": 15,
    "paraphrase": 20,
    "table_cell": 20,
    "several_rows": 10,
    "reference": 10,
    "across_documents": 12,
    "keyword": 8,
    "noisy": 10,
    "follow_up": 10,
    "long": 5,
    "near": 25,
    "false_premise": 15,
    "off_topic": 15,
}


@pytest.fixture(scope="module")
def questions():
    return load_questions()


@pytest.fixture(scope="module")
def documents(pytestconfig):
    return {source.id: source.text for source in load_corpus(pytestconfig.rootpath / "corpus").documents}


def test_every_quote_stands_exactly_once_in_its_document(questions, documents):
    for question in questions:
        for group in question.evidence:
            for quote in group:
                assert documents[quote.document].count(quote.quote) == 1, question.id


def test_every_quote_is_located(questions, documents):
    for question in questions:
        for group, places in zip(question.evidence, evidence.locate(question, documents), strict=True):
            for quote, place in zip(group, places, strict=True):
                assert documents[place.document][place.start : place.end] == quote.quote


def test_what_an_answer_must_say_stands_in_the_documents_that_are_quoted(questions, documents):
    for question in questions:
        quoted = [documents[quote.document] for group in question.evidence for quote in group]
        for said in question.must_say:
            assert any(said in text for text in quoted), (question.id, said)


def test_there_are_enough_questions_of_each_type(questions):
    counts = Counter(question.type for question in questions)
    assert set(LEAST) == {*ANSWERABLE, *UNANSWERABLE}
    assert [name for name, least in LEAST.items() if counts[name] < least] == []


def test_follow_ups_and_only_they_have_a_history(questions):
    for question in questions:
        assert bool(question.history) == (question.type == "follow_up"), question.id
        assert bool(question.turns) == bool(question.history)


def test_no_question_is_asked_twice(questions):
    asked = Counter((question.question.lower(), str(question.history)) for question in questions)
    assert [question for question, count in asked.items() if count > 1] == []


def test_the_split_is_for_good(questions):
    splits = {question.id: question.split for question in questions}
    assert splits["fact-01"] == splits["off_topic-03"] == "dev"
    assert splits["fact-02"] == splits["near-01"] == "test"


def test_questions_that_were_written_later_are_all_kept_for_the_test(questions):
    later = [question for question in questions if question.id.startswith("later-")]
    assert len(later) >= 130
    assert {question.type for question in later} == set(LEAST)
    assert {question.split for question in later} == {"test"}


def test_the_short_questions_are_all_there_to_be_fitted_to(questions):
    short = [question for question in questions if question.id.startswith("short-")]
    assert len(short) >= 70
    assert {question.split for question in short} == {"dev"}


def test_every_type_is_in_both_splits(questions):
    for split in ("dev", "test"):
        assert {question.type for question in select(questions, split)} == set(LEAST)


def test_the_splits_make_up_the_whole(questions):
    parts = [*select(questions, "dev"), *select(questions, "test")]
    assert sorted(q.id for q in parts) == sorted(q.id for q in select(questions, "all"))


def test_an_empty_split_is_refused(questions):
    dev = select(questions, "dev")
    with pytest.raises(QuestionsError, match="none of the questions is in the split 'test'"):
        select(dev, "test")


def write(tmp_path, *lines):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


LINE = (
    '{"id": "%s", "type": "fact", "question": "What?", "evidence": [[{"document": "a", "quote": "b"}]], '
    '"answer": "b", "must_say": []}'
)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([LINE % "a", "", LINE % "a"], "two questions have the id 'a'; give each its own"),
        ([LINE % "a", "{"], "line 2: the line is"),
        ([(LINE % "a").replace('"fact"', '"fakt"')], "line 1: type is 'fakt'"),
        (
            [(LINE % "a").replace('"fact"', '"near"')],
            "evidence has 1 groups; a question of type 'near' has no",
        ),
        ([(LINE % "a").replace('[[{"document": "a", "quote": "b"}]]', "[]")], "evidence has 0 groups"),
        ([""], "holds no question"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, lines, said):
    with pytest.raises(QuestionsError, match=said.replace("[", r"\[")):
        load_questions(write(tmp_path, *lines))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(QuestionsError, match=r"none\.jsonl cannot be read"):
        load_questions(tmp_path / "none.jsonl")
