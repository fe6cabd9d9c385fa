"""What is measured: anything that answers a question with ranked passages; here, Needle's own rankings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.questions import Question
from ingest.encoder import Encoder
from ingest.records import Passage, Span
from ingest.searchable import Searchable
from service.retrieval.ranking import RANKINGS
from service.retrieval.retriever import Retriever

# As deep as the API goes; ten table rows hold about 300 words, so 1,000 words need more than ten.
DEPTH = 50


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that a system found, from whatever passages it has. spans: of the document's text."""

    id: str
    document: str
    spans: tuple[Span, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system found, best first.

    confidence: higher is surer that the question can be answered; to be compared within one system only.
    refused: whether the system says that it cannot be answered; None for a system that never does.
    """

    passages: tuple[Retrieved, ...]
    confidence: float
    refused: bool | None


class System(Protocol):
    """Something that finds passages."""

    @property
    def name(self) -> str:
        """As given to `--config`."""

    @property
    def about(self) -> str:
        """What it is, for a person."""

    def search(self, question: Question, depth: int) -> Answer:
        """The `depth` best passages."""


_ABOUT = {
    "dense": "Needle’s passages, cosine of sentence vectors",
    "bm25": "Needle’s passages, BM25",
    "rrf": "Needle’s passages, dense and BM25 fused by reciprocal ranks",
    "late": "Needle’s passages, late interaction alone",
    "full": "Needle as it is served",
}


class NeedleSystem:
    """One of Needle's rankings, called in this process."""

    def __init__(self, name: str, generation: Searchable, encoder: Encoder) -> None:
        self.name = name
        self.about = _ABOUT.get(name, f"Needle’s passages, ranking {name}")
        self._retriever = Retriever(generation, encoder, RANKINGS[name])

    def search(self, question: Question, depth: int) -> Answer:
        found = self._retriever.search(question.question, top_k=depth, history=question.turns)
        passages = retrieved([scored.passage for scored in found.passages])
        return Answer(passages, found.confidence, not found.answerable)


def retrieved(passages: Sequence[Passage]) -> tuple[Retrieved, ...]:
    """Passages of the index as they are measured."""
    return tuple(Retrieved(p.id, p.document_id, p.spans, p.text) for p in passages)
