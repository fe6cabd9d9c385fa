"""From a question to an answer with its evidence, whole or as it is being written."""

from typing import Any

from fastapi import APIRouter, Request, Response

from service import answer_events
from service.access.admission import ADMITTED
from service.answer_presentation import answer_response
from service.answers import answering
from service.dependencies import LanguageModel, OpenedIndex, SentenceVerifier
from service.event_stream import EVENT_SCHEMA, EventStream, unless_gone
from service.problems import INDEX_CODES, documented
from service.schemas.answers import AnswerRequest, AnswerResponse

router = APIRouter(prefix="/v1/answer", tags=["answers"])

# nginx's own; nobody is there to read it.
CLIENT_GONE = 499
_EVENTS = """\
event: passages
data: {"sequence_number": 0, "question": "…", "answerable": true, "passages": [], …}

event: delta
data: {"sequence_number": 1, "text": "The COVER-ALL trial compared …"}

event: sentence
data: {"sequence_number": 2, "sentence": {"text": "…", "citations": [1], …}, "citations": [{"n": 1, …}]}

event: done
data: {"sequence_number": 3, "answer": "…", …}
"""
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream`, server-sent events: `passages` first, `delta`s with text "
        "as it is written, not verified yet, each `sentence` with its verdict and citations, `done` with "
        "the same body as without `stream`, which takes the place of all before, or `error` with a problem "
        "document. `sequence_number` counts from 0. Lines that begin with a colon are heartbeats.",
        "content": {"text/event-stream": {"itemSchema": EVENT_SCHEMA, "example": _EVENTS}},
    }
}


@router.post(
    "",
    summary="Answer",
    response_model=AnswerResponse,
    responses=_STREAM
    | documented(
        *("invalid_json", "unknown_document", "llm_not_configured", "request_too_large", "invalid_request"),
        *("overloaded", *INDEX_CODES),
    ),
    dependencies=[ADMITTED],
)
async def answer(
    request: Request,
    asked: AnswerRequest,
    opened: OpenedIndex,
    llm: LanguageModel,
    verifier: SentenceVerifier,
) -> AnswerResponse | Response:
    """An answer of verified sentences, each with the verbatim words that it rests on."""
    answering.check(opened, asked, llm)
    name = llm.name if llm else None
    if asked.stream:
        events = answering.events(opened, asked, llm, verifier)
        return EventStream(answer_events.encoded(opened.generation, name, request.url.path, events))
    finished = await unless_gone(request, answering.answer(opened, asked, llm, verifier))
    if finished is None:
        return Response(status_code=CLIENT_GONE)
    return answer_response(opened.generation, finished.answer, finished.timings_ms, name)
