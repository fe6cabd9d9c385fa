"""From the records of the index to the JSON of the responses."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote

from ingest import records
from ingest.searchable import Searchable
from ingest.structure import read_blocks
from service.retrieval.retriever import Found, Scored
from service.schemas import responses


def search_response(generation: Searchable, found: Found) -> responses.SearchResponse:
    """What was found, with the index that it was found in."""
    return responses.SearchResponse(
        question=found.question,
        standalone_question=found.standalone_question,
        answerable=found.answerable,
        confidence=found.confidence,
        passages=[
            found_passage(generation, scored, rank) for rank, scored in enumerate(found.passages, start=1)
        ],
        timings_ms=found.timings_ms,
        index=index_info(generation),
    )


def found_passage(generation: Searchable, scored: Scored, rank: int) -> responses.FoundPassage:
    """A passage with its rank and the parts of its score."""
    return responses.FoundPassage(
        **dict(passage(generation, scored.passage)),
        rank=rank,
        score=scored.score,
        scores=responses.Scores(
            dense=scored.scores.get("dense"),
            lexical=scored.scores.get("lexical"),
            late=scored.scores.get("late"),
        ),
        highlights=list(scored.highlights),
        text_highlights=_in_text(scored.passage, scored.highlights),
    )


def passage_in_place(generation: Searchable, record: records.Passage) -> responses.PassageInPlace:
    """A passage between those that stand before and after it in its document."""
    before, after = generation.neighbours(record)
    return responses.PassageInPlace(
        **dict(passage(generation, record)),
        before=passage(generation, before) if before else None,
        after=passage(generation, after) if after else None,
    )


def passage(generation: Searchable, record: records.Passage) -> responses.Passage:
    """A passage with its verbatim text, cut from the document's."""
    document = generation.documents[record.document_id]
    return responses.Passage(
        id=record.id,
        kind=record.kind,
        text=record.text,
        cited_text=" ".join(document.text[start:end] for start, end in record.spans),
        spans=list(record.spans),
        start=record.spans[0][0],
        end=record.spans[-1][1],
        section=list(record.section),
        table=_table(record),
        page=record.page,
        document=_document_ref(document),
        references=[reference(entry) for entry in _cited(document, record.references)],
        unresolved_markers=_unresolved(document, record.references),
    )


def document_list(generation: Searchable) -> responses.DocumentList:
    """All documents, each with the number of its passages of each kind."""
    kinds = generation.kinds()
    return responses.DocumentList(
        documents=[_summary(document, kinds[key]) for key, document in generation.documents.items()]
    )


def document_detail(generation: Searchable, document: records.Document) -> responses.DocumentDetail:
    """A document with its headings, bibliography and abbreviations."""
    return responses.DocumentDetail(
        **dict(_summary(document, generation.kinds()[document.id])),
        outline=list(_outline(document.text)),
        references=[
            responses.BibliographyEntry(
                **dict(reference(entry)), spans=list(entry.spans), oddities=list(entry.oddities)
            )
            for entry in document.references
        ],
        abbreviations=[
            responses.Abbreviation(short=a.short, long=a.long, source=a.source, spans=list(a.spans))
            for a in document.abbreviations
        ],
        oddities=list(document.oddities),
    )


def reference(entry: records.Reference) -> responses.Reference:
    """A bibliography entry with an address to follow, if one can be had."""
    # A DOI may hold any printed character; those that an address may not are escaped.
    resolved = f"https://doi.org/{quote(entry.doi, safe='/:;()')}" if entry.doi else None
    return responses.Reference(
        number=entry.number, text=entry.text, doi=entry.doi, url=entry.url or resolved, pmid=entry.pmid
    )


def index_info(generation: Searchable) -> responses.IndexInfo:
    """Which index it is."""
    return responses.IndexInfo(
        generation=generation.name,
        fingerprint=generation.manifest.fingerprint,
        encoder=generation.manifest.encoder.name,
    )


def readiness(generation: Searchable) -> responses.Readiness:
    """Which index it is, and how much it holds."""
    return responses.Readiness(
        **dict(index_info(generation)),
        documents=len(generation.documents),
        passages=_in_order(generation.manifest.passages),
    )


def _in_text(record: records.Passage, spans: Sequence[records.Span]) -> list[records.Span]:
    """Where the sentences that stand in `spans` are in the readable text."""
    return [
        (sentence.start, sentence.end)
        for sentence in record.sentences
        if any(start < e and s < end for s, e in sentence.spans for start, end in spans)
    ]


def _summary(document: records.Document, counts: Mapping[str, int]) -> responses.DocumentSummary:
    return responses.DocumentSummary(
        **dict(_document_ref(document)),
        file=document.file,
        sha256=document.sha256,
        publisher=document.publisher,
        rights=document.rights,
        characters=len(document.text),
        passages=_in_order(counts),
    )


def _document_ref(document: records.Document) -> responses.DocumentRef:
    return responses.DocumentRef(
        id=document.id,
        title=document.title,
        authors=list(document.authors),
        date=document.date,
        url=document.url,
        doi=document.doi,
    )


def _table(record: records.Passage) -> responses.Table | None:
    if record.table:
        row = record.table
        return responses.Table(
            caption=row.caption, label=row.table, row_number=row.number, row=_row(row.cells)
        )
    if record.caption:
        return responses.Table(caption=record.caption, label=None, row_number=None, row=None)
    return None


def _row(cells: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The cells under their headers; a header that comes again is numbered, "Result (2)"."""
    row: dict[str, str] = {}
    times: Counter[str] = Counter()
    for header, value in cells:
        times[header] += 1
        row[header if times[header] == 1 else f"{header} ({times[header]})"] = value
    return row


def _cited(document: records.Document, numbers: Iterable[int]) -> list[records.Reference]:
    by_number = {entry.number: entry for entry in document.references}
    return [by_number[number] for number in numbers if number in by_number]


def _unresolved(document: records.Document, numbers: Iterable[int]) -> list[int]:
    known = {entry.number for entry in document.references}
    return [number for number in numbers if number not in known]


def _in_order(counts: Mapping[str, int]) -> dict[records.PassageKind, int]:
    return {kind: counts[kind] for kind in records.PASSAGE_KINDS if counts.get(kind)}


@lru_cache(maxsize=256)
def _outline(text: str) -> tuple[responses.Heading, ...]:
    """The headings of a text; kept, since reading a text takes far longer than finding a passage in it."""
    return tuple(
        responses.Heading(
            level=block.level, text=block.text, start=block.fragments[0][0], end=block.fragments[-1][1]
        )
        for block in read_blocks(text)
        if block.kind == "heading"
    )
