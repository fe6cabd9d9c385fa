"""Which passage holds which quote. A quote is found where one passage covers enough of its characters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.errors import QuestionsError
from eval.questions import Question, Quote
from eval.systems import Retrieved
from ingest.records import Span

# Less than all: a passage may leave out a marker, a page number or a heading in the midst of a quote.
COVERED = 0.8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: characters `[start, end)` of a document."""

    document: str
    start: int
    end: int


Group = tuple[Place, ...]


def locate(question: Question, texts: Mapping[str, str]) -> tuple[Group, ...]:
    """Where the evidence stands in the documents (id to text), group by group.

    Raises QuestionsError for a quote that does not stand exactly once in its document.
    """
    return tuple(tuple(_place(question.id, quote, texts) for quote in group) for group in question.evidence)


def _place(question_id: str, quote: Quote, texts: Mapping[str, str]) -> Place:
    text = texts.get(quote.document)
    if text is None:
        raise QuestionsError(
            f"{question_id} quotes document {quote.document!r}; there are {', '.join(sorted(texts))}; "
            "add it to the corpus or change the question"
        )
    start = text.find(quote.quote)
    if start < 0 or text.find(quote.quote, start + 1) >= 0:
        count = "not at all" if start < 0 else "more than once"
        raise QuestionsError(
            f"{question_id}: {quote.quote[:60]!r} stands {count} in {quote.document!r} and must stand once; "
            "copy it from the document, longer if need be"
        )
    return Place(quote.document, start, start + len(quote.quote))


def coverage(place: Place, document: str, spans: Sequence[Span]) -> float:
    """The share of a quote's characters that lie in `spans` of `document`, 0 to 1; overlaps count once."""
    if document != place.document:
        return 0.0
    covered, reached = 0, place.start
    for start, end in sorted(spans):
        first, last = max(start, reached), min(end, place.end)
        if last > first:
            covered += last - first
            reached = last
    return covered / (place.end - place.start)


def groups_in(groups: Sequence[Group], passage: Retrieved) -> list[int]:
    """The numbers, from 0, of the groups of which the passage holds one quote or more."""
    return [
        number
        for number, group in enumerate(groups)
        if any(coverage(place, passage.document, passage.spans) >= COVERED for place in group)
    ]


def ranks(groups: Sequence[Group], passages: Sequence[Retrieved]) -> tuple[int | None, ...]:
    """For each group the rank, from 1, of the first passage that holds it; None if none does."""
    found: dict[int, int] = {}
    for rank, passage in enumerate(passages, start=1):
        for number in groups_in(groups, passage):
            found.setdefault(number, rank)
    return tuple(found.get(number) for number in range(len(groups)))
