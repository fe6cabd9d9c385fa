"""The events of an answer that is being made, as they go over the wire."""

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi.sse import format_sse_event
from pydantic import BaseModel

from ingest.errors import NeedleError
from ingest.searchable import Searchable
from service import presentation
from service.answer_presentation import answer_response, citation, sentence
from service.answers.events import Checked, Delta, Event, Finished, Searched
from service.problems import CATALOGUE, problem
from service.telemetry import request_notes

logger = logging.getLogger(__name__)

# What a search answers, as it comes first in a stream.
_SEARCHED = {"timings_ms"}


async def encoded(
    generation: Searchable, llm: str | None, path: str, events: AsyncGenerator[Event, None]
) -> AsyncGenerator[bytes, None]:
    """`events` as server-sent events, numbered from 0; one of the kind “error” if they break off.

    llm: name of the language model. path: of the request.
    """
    number = 0
    async with aclosing(events):
        try:
            async for event in events:
                name, data = _described(generation, llm, event)
                yield _wire(name, number, data)
                number += 1
        except Exception as exc:
            yield _wire("error", number, problem_document(exc, path))


def problem_document(exc: Exception, path: str) -> dict[str, Any]:
    """The problem that `exc` is, after the status line has gone out; what nobody foresaw is logged."""
    if isinstance(exc, NeedleError) and exc.code in CATALOGUE:
        body = problem(exc.code, str(exc), path).body
    else:
        reference = request_notes.current().request_id
        logger.error("unexpected error in a stream, request %s", reference, exc_info=exc)
        detail = f"an unexpected error; the service's log has its cause under {reference}"
        body = problem("internal_error", detail, path).body
    document: dict[str, Any] = json.loads(bytes(body))
    return document


def _described(generation: Searchable, llm: str | None, event: Event) -> tuple[str, dict[str, Any]]:
    match event:
        case Searched(found):
            return "passages", _plain(presentation.search_response(generation, found), _SEARCHED)
        case Delta(text):
            return "delta", {"text": text}
        case Checked(checked, citations):
            cited = [_plain(citation(generation, each)) for each in citations]
            return "sentence", {"sentence": _plain(sentence(checked)), "citations": cited}
        case Finished(answer, timings_ms):
            return "done", _plain(answer_response(generation, answer, timings_ms, llm))


def _plain(model: BaseModel, without: set[str] | None = None) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude=without)


def _wire(name: str, number: int, data: dict[str, Any]) -> bytes:
    content = json.dumps({"sequence_number": number, **data}, ensure_ascii=False)
    return format_sse_event(event=name, data_str=content)
