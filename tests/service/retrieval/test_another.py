"""Who has been told of one row goes on to the other rows of its table."""

import pytest

from ingest.records import Passage, TableRow
from service.retrieval.another import priors

SAID = "Which lung model is in the table? Selvam et al 2024, with AUC 0.88."


def row(text: str, caption: str = "Table 3. Models") -> Passage:
    table = TableRow(caption.split(".")[0], caption, 1, (("Organ", text),))
    return Passage(text, "lim", "table_row", text, ((0, 1),), (), table=table, caption=caption)


TOLD = row("Organ: Lung; AUC 0.88; Selvam et al 2024")
OTHER = row("Organ: Breast; AUC 0.95; Chen et al 2025")
ELSEWHERE = row("Phase: pre-acquisition", "Table 2. Reconstruction")
PROSE = Passage("prose", "lim", "paragraph", TOLD.text, ((0, 1),), ())


@pytest.mark.parametrize("question", ["And for the breast?", "is there a similar one for the breast"])
def test_the_row_that_was_told_makes_way_for_others_of_its_table(question):
    added = priors(question, SAID, [PROSE, TOLD, ELSEWHERE, OTHER])
    assert added[1] < added[0] == added[2] == 0 < added[3]


def test_who_asks_more_of_the_same_row_is_shown_it_again():
    assert not priors("Which scanner did they use?", SAID, [TOLD, OTHER]).any()


def test_without_a_conversation_nothing_was_told():
    assert not priors("And for the breast?", "", [TOLD, OTHER]).any()


def test_a_long_answer_may_tell_several_rows():
    said = f"{SAID} {OTHER.text}. {TOLD.text}. There are many more models than these, of other organs."
    added = priors("And another one?", said, [TOLD, OTHER, row("Organ: Bone; accuracy 72%; He et al 2020")])
    assert added[0] == added[1] < 0 < added[2]
