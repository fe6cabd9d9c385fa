"""From a conversation in OpenAI's form to a question with its history, and from an answer back."""

import json
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from fastapi.sse import format_sse_event
from pydantic import ValidationError

from service import broken_rules
from service.answer_events import problem_document
from service.answer_presentation import answer_response
from service.answers.composed import marked
from service.answers.events import Checked, Event, Finished
from service.answers.llm import LLM
from service.errors import InvalidChat, UnknownModel
from service.live_index import Opened
from service.schemas.answers import AnswerRequest, AnswerResponse, Compose
from service.schemas.openai import (
    AnswerMessage,
    ChatChunk,
    ChatCompletion,
    ChatMessage,
    ChatRequest,
    Choice,
    ChunkChoice,
    ChunkDelta,
    ErrorDetail,
    Evidence,
    Model,
    OpenAIError,
)
from service.schemas.questions import MAX_ANSWER, MAX_QUESTION, MAX_TURNS
from service.source_list import HEADING, source_list

_COMPOSE: dict[Model, Compose] = {"needle": "auto", "needle-extractive": "extractive", "needle-llm": "llm"}


def _new_id() -> str:
    return f"chatcmpl-{uuid4().hex}"


def models(llm: LLM | None) -> list[Model]:
    """What can be asked for."""
    return [name for name, compose in _COMPOSE.items() if compose != "llm" or llm]


def as_question(chat: ChatRequest, llm: LLM | None) -> AnswerRequest:
    """The last message of the user, with what was said before it as its history.

    Raises UnknownModel, or InvalidChat for a conversation without a question that can be read.
    """
    known = models(llm)
    compose = next((_COMPOSE[name] for name in known if name == chat.model), None)
    if compose is None:
        raise UnknownModel(chat.model, known)
    said = [message for message in chat.messages if message.role in ("user", "assistant")]
    last = next((n for n in reversed(range(len(said))) if said[n].role == "user"), None)
    if last is None:
        raise InvalidChat("messages holds no message of the user; add the question as one")
    try:
        return AnswerRequest.model_validate(
            {"question": said[last].text, "history": _history(said[:last]), "compose": compose}
        )
    except ValidationError as exc:
        rule = broken_rules.rule(exc.errors()[0])
        raise InvalidChat(f"the last message of the user is the question: it {rule}") from exc


def completion(chat: ChatRequest, response: AnswerResponse) -> ChatCompletion:
    """An answer as a chat completion."""
    content = "\n\n".join(filter(None, (response.answer, _sources(response))))
    return ChatCompletion(
        id=_new_id(),
        created=int(time.time()),
        model=chat.model,
        choices=[Choice(message=AnswerMessage(content=content))],
        needle=_evidence(response),
    )


async def chunks(
    chat: ChatRequest, opened: Opened, llm: str | None, path: str, events: AsyncGenerator[Event, None]
) -> AsyncGenerator[bytes, None]:
    """`events` as chunks of a chat completion, each sentence once it is verified; the last is `[DONE]`.

    What has been sent cannot be taken back, so a sentence that is not supported never is.
    llm: name of the language model. path: of the request.
    """
    writer = _Chunks(chat.model)
    async with aclosing(events):
        try:
            yield writer.chunk(ChunkDelta(role="assistant", content=""))
            async for event in events:
                if isinstance(event, Checked) and event.sentence.support.verdict == "supported":
                    yield writer.tell(marked(event.sentence))
                elif isinstance(event, Finished):
                    response = answer_response(opened.generation, event.answer, event.timings_ms, llm)
                    yield writer.conclude(response)
                    yield writer.chunk(ChunkDelta(), response)
        except Exception as exc:
            yield format_sse_event(data_str=error_of(problem_document(exc, path)).model_dump_json())
    yield format_sse_event(data_str="[DONE]")


def error_of(problem: dict[str, Any]) -> OpenAIError:
    """A problem document as an error in OpenAI's form."""
    fields = problem.get("errors") or [{"field": None}]
    return OpenAIError(
        error=ErrorDetail(
            message=problem["detail"],
            type="invalid_request_error" if problem["status"] < 500 else "server_error",
            param=fields[0]["field"],
            code=problem["code"],
        )
    )


@dataclass
class _Chunks:
    """The chunks of one answer, and what they have told so far."""

    model: str
    id: str = field(default_factory=_new_id)
    created: int = field(default_factory=lambda: int(time.time()))
    told: str = ""

    def tell(self, sentence: str) -> bytes:
        """A further sentence."""
        text = f" {sentence}" if self.told else sentence
        self.told += text
        return self.chunk(ChunkDelta(content=text))

    def conclude(self, response: AnswerResponse) -> bytes:
        """What is still to be told: the rest of the answer, or another in its place, and the sources."""
        if response.answer.startswith(self.told):
            rest = response.answer[len(self.told) :]
        else:
            rest = f"\n\n(In place of the above: {response.reason}.)\n\n{response.answer}"
        sources = _sources(response)
        return self.chunk(ChunkDelta(content=f"{rest}\n\n{sources}" if sources else rest))

    def chunk(self, delta: ChunkDelta, last: AnswerResponse | None = None) -> bytes:
        """One chunk on the wire. last: the whole answer, with the last one."""
        chunk = ChatChunk(
            id=self.id,
            created=self.created,
            model=self.model,
            choices=[ChunkChoice(delta=delta, finish_reason="stop" if last else None)],
            needle=_evidence(last) if last else None,
        )
        data = chunk.model_dump(mode="json", exclude=None if last else {"needle"})
        data["choices"][0]["delta"] = delta.model_dump(exclude_none=True)
        return format_sse_event(data_str=json.dumps(data, ensure_ascii=False))


def _history(said: Sequence[ChatMessage]) -> list[dict[str, str]]:
    """The latest messages, as far as they are read; of former answers without their lists of sources."""
    history = []
    for message in said[-MAX_TURNS:]:
        most = MAX_QUESTION if message.role == "user" else MAX_ANSWER
        text = message.text.partition(f"\n\n{HEADING}\n")[0].strip()
        history.append({"role": message.role, "content": text[:most]})
    return history


def _sources(response: AnswerResponse) -> str:
    """The list of what the answer's text cites."""
    lines = source_list(citation for citation in response.citations if f"[{citation.n}]" in response.answer)
    return "\n".join((HEADING, *lines)) if lines else ""


def _evidence(response: AnswerResponse) -> Evidence:
    return Evidence.model_validate(response.model_dump(include=set(Evidence.model_fields)))
