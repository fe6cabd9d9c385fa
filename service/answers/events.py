"""What happens while an answer is made, in this order: Searched, then Delta and Checked, then Finished."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.answers.records import Answer, AnswerSentence, Citation
from service.retrieval.retriever import Found


@dataclass(frozen=True, slots=True)
class Searched:
    """The passages are found; nothing is written yet."""

    found: Found


@dataclass(frozen=True, slots=True)
class Delta:
    """Some more text. A language model's is not verified yet; what counts is what `Finished` holds."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence is whole and verified.

    citations: what its numbers name.
    """

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer; it takes the place of everything before.

    timings_ms: milliseconds of each step of the search, and of the answer.
    """

    answer: Answer
    timings_ms: Mapping[str, float]


Event = Searched | Delta | Checked | Finished
