import math

import pytest

from eval.measures import passages_within, per_question, recall, words_in
from eval.systems import Retrieved


@pytest.fixture
def values(ask, passage, measured):
    """First: two groups, one of them found at rank 2. Second: nothing found. Third: found at once."""
    found = measured(
        "told",
        {
            ask("half", "Dogs bark.", "Fish swim."): (
                [passage("Cats purr"), passage("Dogs bark.")],
                1.0,
                None,
            ),
            ask("none", "Dogs bark."): ([], 1.0, None),
            ask("whole", "Dogs bark."): ([passage("Dogs bark.")], 1.0, None),
        },
    )
    return per_question(found.run.answerable)


def test_recall_is_the_share_of_groups_in_the_top():
    assert [recall((1, 4, None), k) for k in (1, 3, 5)] == [1 / 3, 1 / 3, 2 / 3]


def test_recall_of_each_question(values):
    assert values["recall@1"].tolist() == [0, 0, 1]
    assert values["recall@5"].tolist() == [0.5, 0, 1]


def test_reciprocal_rank_is_that_of_the_first_group_and_zero_without_results(values):
    assert values["mrr"].tolist() == [0.5, 0, 1]


def test_ndcg_by_hand_and_zero_without_results(values):
    second = 1 / math.log2(3)
    assert values["ndcg@10"] == pytest.approx([second / (1 + second), 0, 1])


def test_recall_within_words_takes_whole_passages_from_the_top():
    passages = [Retrieved("p", "zoo", (), "one " * count) for count in (3, 4, 5)]
    assert [passages_within(passages, words) for words in (2, 3, 6, 7, 12, 99)] == [0, 1, 1, 2, 3, 3]


def test_a_passage_longer_than_the_budget_ends_it(ask, measured, texts):
    long = Retrieved("long", "zoo", ((0, len(texts["zoo"])),), "word " * 301)
    found = measured("told", {ask("q", "Dogs bark."): ([long], 1.0, None)})
    assert found.values["recall@300w"].tolist() == [0]
    assert found.values["recall@1000w"].tolist() == [1]


def test_words_are_those_of_the_top(ask, passage, measured):
    passages = [passage("Dogs bark."), passage("Birds sing at dawn."), passage("Fish swim.")]
    run = measured("told", {ask("q", "Dogs bark."): (passages, 1.0, None)}).run
    assert words_in(run.answerable, 2) == 6
