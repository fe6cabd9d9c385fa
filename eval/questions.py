"""The questions, as they stand in `questions.jsonl`, one JSON object a line.

Those whose id begins with `later-` were written afterwards, from the documents alone, by someone who had not
read the ranking and had not asked the service: all of them are in the split `test`. Those that begin with
`short-` were written after a user had found that short questions fail, and are there to be fitted to: `dev`.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from eval import labelled
from eval.errors import QuestionsError
from service.retrieval.followups import Turn
from service.schemas.questions import Message, as_turns

FILE = Path(__file__).parent / "questions.jsonl"
LATER = "later-"
SHORT = "short-"

AnswerableType = Literal[
    "fact",
    "concept",
    "paraphrase",
    "table_cell",
    "several_rows",
    "reference",
    "across_documents",
    "keyword",
    "noisy",
    "follow_up",
    "long",
]
UnanswerableType = Literal["near", "false_premise", "off_topic"]
ANSWERABLE: tuple[str, ...] = get_args(AnswerableType)
UNANSWERABLE: tuple[str, ...] = get_args(UnanswerableType)

Split = Literal["dev", "test"]


class Quote(BaseModel):
    """Words that stand, verbatim, exactly once in a document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    quote: str = Field(min_length=1)


class Question(BaseModel):
    """A question with what answers it.

    evidence: groups of alternative quotes; an answer needs one of each group. Empty if it cannot be answered.
    answer: a short right answer; for a question that cannot be answered, why.
    must_say: strings that a right answer holds.
    history: the conversation before a follow-up.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^\S+$")
    type: Literal[AnswerableType, UnanswerableType]
    question: str = Field(min_length=1)
    evidence: tuple[tuple[Quote, ...], ...]
    answer: str
    must_say: tuple[str, ...]
    history: tuple[Message, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return self.type in ANSWERABLE

    @property
    def split(self) -> Split:
        """`dev`, to fit constants on, or `test`, to report only: by the id alone, so for good."""
        if self.id.startswith(LATER):
            return "test"
        if self.id.startswith(SHORT):
            return "dev"
        return "dev" if int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2 == 0 else "test"

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as retrieval takes it."""
        return as_turns(self.history)


def load_questions(path: Path = FILE) -> tuple[Question, ...]:
    """Read a file of questions. Raises QuestionsError with the line, the value, the rule and the mend."""
    questions = labelled.load(path, "questions", _read)
    if not questions:
        raise QuestionsError(f"{path} holds no question; write one JSON object a line into it")
    return questions


def select(questions: Sequence[Question], split: Split | Literal["all"]) -> tuple[Question, ...]:
    """The questions of a split, in order. Raises QuestionsError if there is none."""
    chosen = tuple(question for question in questions if split in ("all", question.split))
    if not chosen:
        raise QuestionsError(f"none of the questions is in the split {split!r}; ask all of them")
    return chosen


def _read(place: str, line: str) -> Question:
    question = labelled.parse(Question, place, line)
    if question.answerable != bool(question.evidence) or not all(question.evidence):
        rule = "at least one group, and none empty" if question.answerable else "no group"
        raise QuestionsError(
            f"{place}: evidence has {len(question.evidence)} groups; a question of type {question.type!r} "
            f"has {rule}; add quotes or change the type"
        )
    return question
