"""What a client asks: a question, the passages it may be answered from, and what was said before."""

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    field_validator,
)

from ingest.records import PassageKind
from service.retrieval.followups import Turn

MAX_QUESTION = 2000  # characters, after blanks at both ends are removed
MAX_ANSWER = 10_000  # characters of a former answer
MAX_TOP_K = 50
MAX_TURNS = 50
MAX_DOCUMENTS = 1000  # ids to choose from in one request


def _readable(text: str) -> str:
    if text and all(unicodedata.category(character)[0] in "CZ" for character in text):
        raise ValueError("must have at least one character that can be seen; write it out")
    return text


Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION),
    AfterValidator(_readable),
]
FormerQuestion = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_QUESTION)]
FormerAnswer = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_ANSWER)]


class Message(BaseModel):
    """One message of a chat."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"] = Field(description="Who wrote it.", examples=["user"])
    content: FormerAnswer = Field(
        description="What was written.", examples=["What did the COVER-ALL trial compare?"]
    )


class Exchange(BaseModel):
    """A former question with its answer."""

    model_config = ConfigDict(extra="forbid")

    question: FormerQuestion = Field(
        description="What was asked.", examples=["What did the COVER-ALL trial compare?"]
    )
    answer: FormerAnswer | None = Field(
        default=None,
        description="What was answered, if anything.",
        examples=["Software-based margin assessment with visual assessment."],
    )


def _form(entry: object) -> str | None:
    if isinstance(entry, str):
        return "a former question"
    if isinstance(entry, Message) or (isinstance(entry, dict) and "role" in entry):
        return "a message"
    if isinstance(entry, Exchange) or (isinstance(entry, dict) and "question" in entry):
        return "an exchange"
    return None


# The tags have a blank in them, by which `broken_rules.field_name` knows that no client wrote them.
HistoryEntry = Annotated[
    Annotated[FormerQuestion, Tag("a former question")]
    | Annotated[Message, Tag("a message")]
    | Annotated[Exchange, Tag("an exchange")],
    Discriminator(
        _form,
        custom_error_type="history_entry",
        custom_error_message="of no known form",
    ),
]


class SearchRequest(BaseModel):
    """A question, and where to look for what answers it."""

    model_config = ConfigDict(extra="forbid")

    question: Question = Field(
        description=f"The question in plain words, 1 to {MAX_QUESTION:,} characters, not only blanks.",
        examples=["What did the COVER-ALL trial compare?"],
    )
    top_k: int = Field(
        default=5,
        strict=True,
        ge=1,
        le=MAX_TOP_K,
        description="The most passages to return, 1 to 50; fewer come where fewer match.",
        examples=[5],
    )
    document_ids: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_DOCUMENTS,
        description="Search these documents only; all of them if left out.",
        examples=[["hmp", "lim"]],
    )
    kinds: list[PassageKind] | None = Field(
        default=None,
        min_length=1,
        description="Return these kinds of passages only; all kinds if left out.",
        examples=[["paragraph", "table_row"]],
    )
    history: list[HistoryEntry] = Field(
        default=[],
        description=f"What was said before, oldest first, at most {MAX_TURNS} turns, so that a follow-up "
        "question is understood: messages, exchanges or former questions, also mixed.",
        examples=[[{"role": "user", "content": "What is the COVER-ALL trial?"}]],
    )

    @field_validator("history")
    @classmethod
    def _bounded(cls, history: list[HistoryEntry]) -> list[HistoryEntry]:
        turns = len(as_turns(history))
        if turns > MAX_TURNS:
            raise ValueError(f"must have at most {MAX_TURNS} turns and has {turns}; leave out the oldest")
        return history

    def turns(self) -> tuple[Turn, ...]:
        """The history, each question with what was answered to it."""
        return as_turns(self.history)


def as_turns(history: Sequence[str | Message | Exchange]) -> tuple[Turn, ...]:
    """Each question of `history` with its answer; what precedes the first question is left out."""
    turns: list[Turn] = []
    for entry in history:
        match entry:
            case str(question):
                turns.append(Turn(question))
            case Exchange(question=question, answer=answer):
                turns.append(Turn(question, answer or ""))
            case Message(role="user", content=question):
                turns.append(Turn(question))
            case Message(content=answer) if turns:
                last = turns[-1]
                turns[-1] = Turn(last.question, f"{last.answer}\n{answer}".strip())
    return tuple(turn for turn in turns if turn.question)
