"""Statements: the sentences and table rows that an extractive answer is chosen from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.lexical import terms
from ingest.records import Passage, Span
from service.answers.rows import brief_row, written_row
from service.retrieval.intent import priors
from service.retrieval.retriever import Found, Scored

# Kinds that are made of statements. A whole table is too long to be one, and its rows are found themselves.
_KINDS = ("paragraph", "list_item", "table_row", "reference", "front_matter", "abbreviations")
# "Abbreviations: AUC: area under curve, CRC: colorectal cancer": one short form and what it means.
_ENTRY = re.compile(r"(?:^|[,;:])\s*(?P<short>[^\s,;:]+): (?P<long>[^:]+?)(?=[,;]\s*[^\s,;:]+: |\W*$)")
_POINTS_BACK = re.compile(
    r"(?:It|They|He|She|This|These|Those|Such|Its|Their|Here|There|Similarly|Additionally|However|Furthermore"
    r"|(?:The|This|These) (?:system|models?|tool|trial|study|algorithm|authors?|approach|schedule))\b"
)


@dataclass(frozen=True)
class Statement:
    """A sentence or row that may answer.

    text: what is shown; verbatim, or a row's cells with their headers.
    brief: what of a row is shown beside other rows; else as `text`.
    place: rank of its passage among those found, from 0; number of the sentence in the passage.
    score: its own, -1 to 1. passage_score: the passage's fused score.
    foremost: whether no sentence of its passage scores higher.
    asked_for: whether the question asks for its kind; a bibliography entry seldom is an answer.
    """

    text: str
    brief: str
    passage: Passage
    spans: tuple[Span, ...]
    references: tuple[int, ...]
    place: tuple[int, int]
    score: float
    passage_score: float
    foremost: bool
    asked_for: bool = True

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(terms(self.text))

    @property
    def points_back(self) -> bool:
        """Whether it leans on the sentence before it: "The system …", "Such …"."""
        return self.place[1] > 0 and bool(_POINTS_BACK.match(self.text))


def statements(found: Found) -> list[Statement]:
    """Every statement of the passages found, in their order, of the kinds that the question asks for.

    The best passage counts whatever its kind: it is the best in spite of it.
    """
    unasked = priors(found.query.question, names_documents=bool(found.spoken_of))
    return [
        replace(statement, asked_for=scored.passage.kind not in unasked)
        for rank, scored in enumerate(found.passages)
        if scored.passage.kind in _KINDS and (rank == 0 or scored.passage.kind not in unasked)
        for statement in _of_passage(scored, rank, found)
    ]


def tables(found: Found) -> list[list[Statement]]:
    """The rows that were found, also after `found.passages`: table by table, in the order of the table.

    The table whose row stands highest comes first.
    """
    by_table: dict[tuple[str, str], list[tuple[int, Statement]]] = {}
    for rank, scored in enumerate([*found.passages, *found.further]):
        if row := scored.passage.table:
            of_table = by_table.setdefault((scored.passage.document_id, row.table), [])
            of_table += [(row.number, statement) for statement in _sentences(scored, rank)]
    return [
        [statement for _, statement in sorted(of_table, key=lambda numbered: numbered[0])]
        for of_table in by_table.values()
    ]


def _of_passage(scored: Scored, rank: int, found: Found) -> Iterator[Statement]:
    if scored.passage.kind == "abbreviations":
        yield from _meanings(scored, rank, found.query.text)
    else:
        yield from _sentences(scored, rank)


def _meanings(scored: Scored, rank: int, question: str) -> Iterator[Statement]:
    """What each short form that `question` has in it means, or what is short for a long one."""
    passage = scored.passage
    for entry in _ENTRY.finditer(passage.text):
        short, long = (rf"(?<!\w){re.escape(entry[part])}s?(?!\w)" for part in ("short", "long"))
        if re.search(short, question) or re.search(long, question, re.IGNORECASE):
            said = f"{entry['short']}: {entry['long']}"
            place = (rank, entry.start())
            yield Statement(said, said, passage, passage.spans, (), place, 0.0, scored.score, True)


def _sentences(scored: Scored, rank: int) -> Iterator[Statement]:
    passage = scored.passage
    best = max(scored.sentences, default=0.0)
    for n, sentence in enumerate(passage.sentences):
        score = scored.sentences[n] if n < len(scored.sentences) else 0.0
        text = passage.text[sentence.start : sentence.end]
        yield Statement(
            text=written_row(passage.table) if passage.table else text,
            brief=brief_row(passage.table) if passage.table else text,
            passage=passage,
            spans=sentence.spans,
            references=sentence.references,
            place=(rank, n),
            score=score,
            passage_score=scored.score,
            foremost=score >= best,
        )
