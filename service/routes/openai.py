"""The same answers through OpenAI's API, so that any chat front end can point at this service."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from service import chat_completions, problems
from service.access.admission import ADMITTED
from service.answer_events import problem_document
from service.answer_presentation import answer_response
from service.answers import answering
from service.dependencies import LanguageModel, OpenedIndex, SentenceVerifier
from service.errors import Overloaded
from service.event_stream import EVENT_SCHEMA, EventStream, unless_gone
from service.routes.answer import CLIENT_GONE
from service.schemas.openai import ChatCompletion, ChatRequest, ModelInfo, ModelList, OpenAIError

_PATHS = ("/v1/models", "/v1/chat/")
_CHUNKS = """\
data: {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "…"}, …}], …}

data: [DONE]
"""


class _OpenAIRoute(APIRoute):
    """Answers errors in OpenAI's form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_or_explain(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as exc:
                problem = _problem(request, exc)
                error = chat_completions.error_of(problem)
                headers = {"Retry-After": str(exc.retry_after)} if isinstance(exc, Overloaded) else None
                return JSONResponse(error.model_dump(), problem["status"], headers)

        return handle_or_explain


router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], route_class=_OpenAIRoute)


def _documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI `responses` of a route that can fail in these ways."""
    described = problems.documented(*codes)
    return {
        status: {"model": OpenAIError, "description": response["description"]}
        for status, response in described.items()
    }


@router.get("/models", summary="Models", responses=_documented())
async def models(llm: LanguageModel) -> ModelList:
    """The ways to be answered, as models."""
    return ModelList(data=[ModelInfo(id=name) for name in chat_completions.models(llm)])


@router.post(
    "/chat/completions",
    summary="Chat completion",
    response_model=ChatCompletion,
    responses={
        200: {
            "description": "The answer with `[n]` in the text, a list of sources below, and all that it "
            "rests on under `needle`; with `stream`, chunks, one a verified sentence, the last has `needle`.",
            "content": {"text/event-stream": {"itemSchema": EVENT_SCHEMA, "example": _CHUNKS}},
        },
        **_documented(
            *("invalid_json", "model_not_found", "request_too_large", "invalid_request"),
            *("overloaded", *problems.INDEX_CODES),
        ),
    },
    dependencies=[ADMITTED],
)
async def complete(
    request: Request,
    chat: ChatRequest,
    opened: OpenedIndex,
    llm: LanguageModel,
    verifier: SentenceVerifier,
) -> ChatCompletion | Response:
    """An answer to the user's last message, understood from the messages before it."""
    asked = chat_completions.as_question(chat, llm)
    name = llm.name if llm else None
    if chat.stream:
        events = answering.events(opened, asked, llm, verifier)
        return EventStream(chat_completions.chunks(chat, opened, name, request.url.path, events))
    finished = await unless_gone(request, answering.answer(opened, asked, llm, verifier))
    if finished is None:
        return Response(status_code=CLIENT_GONE)
    response = answer_response(opened.generation, finished.answer, finished.timings_ms, name)
    return chat_completions.completion(chat, response)


def explained_to(path: str, code: str, detail: str, headers: dict[str, str]) -> Response:
    """A problem of the catalogue in the form that clients of `path` know."""
    response = problems.problem(code, detail, path, headers=headers)
    if not path.startswith(_PATHS):
        return response
    error = chat_completions.error_of(json.loads(bytes(response.body)))
    return JSONResponse(error.model_dump(), response.status_code, headers)


def _problem(request: Request, exc: Exception) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(bytes(problems.explained(request, exc).body))
    except Exception as unforeseen:
        return problem_document(unforeseen, request.url.path)
    return document
