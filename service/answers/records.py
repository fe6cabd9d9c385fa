"""What an answer is made of, as plain values."""

from dataclasses import dataclass
from typing import Literal

from ingest.records import Passage, Span
from service.retrieval.retriever import Found

Mode = Literal["extractive", "llm"]


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the cited words say what the sentence says, and what failed where they do not."""

    verdict: Literal["supported", "unsupported"]
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The words that a sentence rests on.

    n: its number in the answer, from 1. spans: verbatim, inside the passage's document.
    references: numbers of the bibliography entries that these words cite in their turn.
    """

    n: int
    passage: Passage
    spans: tuple[Span, ...]
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence, with the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question.

    text: its sentences with markers, "… [1]". When it abstains: one line that says so.
    abstained: the documents do not answer the question, as far as can be told.
    reason: why it abstained, or why another mode was used than the one asked for; in words, or None.
    mode: how the sentences were made.
    found: what was searched and found; its passages are the nearest ones when it abstains.
    """

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    abstained: bool
    reason: str | None
    mode: Mode
    found: Found
