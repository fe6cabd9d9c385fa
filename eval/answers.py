"""How good the extractive answers are: whether they say what they must, and cite the evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval import evidence, sampling
from eval.evidence import Group
from eval.measures import Float64
from eval.questions import ANSWERABLE, UNANSWERABLE, Question
from eval.sampling import Interval
from eval.systems import retrieved
from ingest.encoder import Encoder
from ingest.searchable import Searchable
from service.answers.extractive import extract
from service.answers.records import Answer
from service.retrieval.retriever import Retriever

NAMES: Mapping[str, str] = {
    "says": "says all",
    "cites": "cites",
    "cites_all": "cites all",
    "refused": "refused",
    "statements": "statements",
    "words": "words",
}
# Those that are no shares.
LENGTHS = ("statements", "words")


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer. groups: where its evidence stands."""

    question: Question
    groups: tuple[Group, ...]
    answer: Answer

    @property
    def said(self) -> str:
        """What the answer says, without the markers of its citations."""
        return " ".join(sentence.text for sentence in self.answer.sentences)

    @property
    def measures(self) -> dict[str, float]:
        """By name (`NAMES`): the answer's length, and 1 or 0 for whether

        says: it holds every string that it must say, in any case of letters;
        cites: it cites a passage that holds a group of the evidence; cites_all: one for every group;
        refused: it abstained.
        """
        cited = retrieved([citation.passage for citation in self.answer.citations])
        held = {number for passage in cited for number in evidence.groups_in(self.groups, passage)}
        said = " ".join(self.said.casefold().split())
        needed = [" ".join(string.casefold().split()) for string in self.question.must_say]
        return {
            "says": float(not self.answer.abstained and all(string in said for string in needed)),
            "cites": float(bool(held)),
            "cites_all": float(not self.answer.abstained and len(held) == len(self.groups)),
            "refused": float(self.answer.abstained),
            "statements": float(len(self.answer.sentences)),
            "words": float(len(said.split())),
        }


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The answers to some questions.

    parts: by "all" (the answerable ones) and by type, the measures that apply; of a question that cannot be
        answered, "refused" alone.
    counts: questions by the same names.
    """

    answered: tuple[Answered, ...]
    parts: Mapping[str, Mapping[str, Interval]]
    counts: Mapping[str, int]


def measure(generation: Searchable, encoder: Encoder, questions: Iterable[Question]) -> AnswerFigures:
    """Ask each question as `POST /v1/answer` does with nothing but the question and its history given."""
    retriever = Retriever(generation, encoder)
    texts = {document.id: document.text for document in generation.documents.values()}
    return figures(
        [
            Answered(
                question,
                evidence.locate(question, texts),
                extract(retriever.search(question.question, history=question.turns)),
            )
            for question in questions
        ]
    )


def figures(answered: Sequence[Answered]) -> AnswerFigures:
    """The means of the measures, of all answerable questions and by type."""
    parts = {"all": [one for one in answered if one.question.answerable]}
    parts |= {
        name: [one for one in answered if one.question.type == name] for name in (*ANSWERABLE, *UNANSWERABLE)
    }
    found = {name: part for name, part in parts.items() if part}
    return AnswerFigures(
        tuple(answered),
        {name: _means(part) for name, part in found.items()},
        {name: len(part) for name, part in found.items()},
    )


def _means(part: Sequence[Answered]) -> dict[str, Interval]:
    names = NAMES if part[0].question.answerable else ("refused",)
    columns: dict[str, Float64] = {
        name: np.array([one.measures[name] for one in part], np.float64) for name in names
    }
    return {name: sampling.mean_interval(column) for name, column in columns.items()}
