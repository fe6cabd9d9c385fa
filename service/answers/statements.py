"""Statements: the sentences and table rows that an extractive answer is chosen from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ingest.encoder import Float32
from ingest.lexical import terms
from ingest.records import Passage, Span, TableRow
from ingest.tokens import PassageTokens
from service.retrieval.intent import priors
from service.retrieval.retriever import Found, Retriever, Scored

# Kinds that are made of statements. A whole table is too long to be one, and its rows are found themselves.
_KINDS = ("paragraph", "list_item", "table_row", "reference", "front_matter")
_STUDY_HEADER = re.compile(r"author|study|reference|source|publication", re.IGNORECASE)
_PLAIN_HEADER = re.compile(r"description|details?", re.IGNORECASE)
_STUB_COLUMNS = 2
_POINTS_BACK = re.compile(
    r"(?:It|They|He|She|This|These|Those|Such|Its|Their|Here|There|Similarly|Additionally|However|Furthermore"
    r"|(?:The|This|These) (?:system|models?|tool|trial|study|algorithm|authors?|approach|schedule))\b"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or row that may answer.

    text: what is shown; verbatim, or a row's cells with their headers.
    place: rank of its passage among those found, number of the sentence in the passage.
    score: its own, -1 to 1. passage_score: the passage's fused score.
    met: (t,) float32, how near it comes to each token of the question.
    """

    text: str
    passage: Passage
    spans: tuple[Span, ...]
    references: tuple[int, ...]
    place: tuple[int, int]
    score: float
    passage_score: float
    met: Float32

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def terms(self) -> frozenset[str]:
        return frozenset(terms(self.text))

    @property
    def points_back(self) -> bool:
        """Whether it leans on the sentence before it: "The system …", "Such …"."""
        return self.place[1] > 0 and bool(_POINTS_BACK.match(self.text))


def statements(retriever: Retriever, found: Found) -> list[Statement]:
    """Every statement of the passages found, in their order, of the kinds that the question asks for."""
    unasked = priors(found.query.text[: found.query.own])
    asked_for = [
        (rank, scored)
        for rank, scored in enumerate(found.passages)
        if scored.passage.kind in _KINDS and scored.passage.kind not in unasked
    ]
    question = retriever.encoded(found.query).tokens[0]
    tokens = retriever.generation.tokens_of([scored.passage for _, scored in asked_for])
    return [
        statement
        for (rank, scored), held in zip(asked_for, tokens, strict=True)
        for statement in _of_passage(scored, rank, held, question)
    ]


def _of_passage(scored: Scored, rank: int, tokens: PassageTokens, question: Float32) -> Iterator[Statement]:
    passage = scored.passage
    for n, sentence in enumerate(passage.sentences):
        first, last = tokens.sentences[n] if n < len(tokens.sentences) else (0, 0)
        rows = tokens.vectors[first:last]
        met = (question @ rows.T).max(axis=1) if len(rows) else np.zeros(len(question), np.float32)
        yield Statement(
            text=written_row(passage.table) if passage.table else passage.text[sentence.start : sentence.end],
            passage=passage,
            spans=sentence.spans,
            references=sentence.references,
            place=(rank, n),
            score=scored.sentences[n] if n < len(scored.sentences) else 0.0,
            passage_score=scored.score,
            met=met,
        )


def written_row(row: TableRow) -> str:
    """A row read as a sentence: "Daye et al 2019 (Adrenal, CT): Predict …; performance benchmarks: AUC …".

    The study leads, if a column names it; else the row's most particular label. The other labels follow in
    brackets, and every other cell keeps its header unless that only says "description".
    """
    cells = list(row.cells)
    study = next((cell for cell in cells if _STUDY_HEADER.search(cell[0])), None)
    rest = [cell for cell in cells if cell is not study]
    labels, facts = rest[:_STUB_COLUMNS], rest[_STUB_COLUMNS:]
    if len(rest) <= _STUB_COLUMNS:
        labels, facts = rest[:1], rest[1:]
    lead = study[1] if study else labels[-1][1]
    around = [value for _, value in (labels if study else labels[:-1])]
    said = "; ".join(
        value if not header or _PLAIN_HEADER.search(header) else f"{_lowered(header)}: {value}"
        for header, value in facts
    )
    return f"{lead} ({', '.join(around)}): {said}" if around else f"{lead}: {said}"


def _lowered(header: str) -> str:
    return " ".join(word.lower() if word.istitle() else word for word in header.split())
