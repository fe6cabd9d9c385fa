"""From an answer as plain values to the JSON of the responses."""

from collections.abc import Mapping

from ingest.searchable import Searchable
from service import presentation
from service.answers import prompts, records
from service.schemas import answers


def answer_response(
    generation: Searchable, answer: records.Answer, timings_ms: Mapping[str, float], llm: str | None
) -> answers.AnswerResponse:
    """An answer with what was found. llm: name of the language model that was asked, if one was."""
    found = presentation.search_response(generation, answer.found)
    return answers.AnswerResponse(
        question=found.question,
        standalone_question=found.standalone_question,
        answer=answer.text,
        sentences=[sentence(each) for each in answer.sentences],
        citations=[citation(generation, each) for each in answer.citations],
        abstained=answer.abstained,
        reason=answer.reason,
        mode=answer.mode,
        answerable=found.answerable,
        confidence=found.confidence,
        passages=found.passages,
        timings_ms=dict(timings_ms),
        index=found.index,
        fingerprint=fingerprint(generation, llm if answer.mode == "llm" else None),
    )


def sentence(record: records.AnswerSentence) -> answers.Sentence:
    """A sentence with its verdict."""
    support = record.support
    return answers.Sentence(
        text=record.text,
        citations=list(record.citations),
        support=answers.Support(verdict=support.verdict, score=support.score, reasons=list(support.reasons)),
    )


def citation(generation: Searchable, record: records.Citation) -> answers.Citation:
    """A citation with its verbatim text, cut from the document's."""
    passage = presentation.passage(generation, record.passage)
    document = generation.documents[record.passage.document_id]
    entries = {entry.number: entry for entry in document.references}
    return answers.Citation(
        n=record.n,
        passage_id=passage.id,
        document=passage.document,
        cited_text=" ".join(document.text[start:end] for start, end in record.spans),
        spans=list(record.spans),
        section=passage.section,
        table=passage.table,
        page=passage.page,
        references=[presentation.reference(entries[n]) for n in record.references if n in entries],
    )


def fingerprint(generation: Searchable, llm: str | None) -> answers.Fingerprint:
    """What an answer is made from, and by which language model, if by one."""
    index = presentation.index_info(generation)
    return answers.Fingerprint(
        corpus=index.fingerprint,
        generation=index.generation,
        encoder=index.encoder,
        llm=llm,
        prompt=prompts.FINGERPRINT if llm else None,
    )
