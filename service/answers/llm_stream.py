"""Reads the event stream of a chat completion within limits: server-sent events of JSON, then `[DONE]`."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ValidationError

from service.answers.llm_errors import LLMInvalidResponse, LLMStreamBroken, LLMStreamTooLong

# A chunk with one short token is 200 to 400 bytes, so 8,192 tokens are about 3 MiB.
MAX_BYTES = 8 * 1024 * 1024

# What counts more does not count tokens.
_MOST_TOKENS = 10**9

Ended = Literal["stop", "length"]
Within = Callable[[Awaitable[bytes]], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of the answer.

    ended: set on the last piece: the model was done ("stop"), or reached its limit of tokens ("length").
    tokens: on the last piece, "prompt" and "completion" as the endpoint counts them; empty if it does not.
    """

    text: str
    ended: Ended | None = None
    tokens: Mapping[str, int] = field(default_factory=dict)


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Chunk(BaseModel):
    choices: list[_Choice] = []
    usage: Any = None
    error: Any = None


async def read_pieces(response: httpx.Response, within: Within, most: int) -> AsyncGenerator[Piece, None]:
    """The answer in `response`, piece by piece.

    within: awaits one step and raises LLMTimeout. most: characters of text that are read.
    Raises LLMError for anything else than a whole stream.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "text/event-stream":
        raise LLMInvalidResponse(f"the content type {kind[:60]!r}")
    characters = 0
    ended: Ended | None = None
    tokens: Mapping[str, int] = {}
    async with aclosing(_lines(response, within)) as lines:
        async for line in lines:
            if not line.startswith(b"data:"):
                continue  # comments, names of events, blank lines
            data = line[5:].strip()
            if data == b"[DONE]":
                yield Piece("", ended or "stop", tokens)
                return
            chunk = _chunk(data)
            tokens = _tokens(chunk.usage) or tokens
            choice = chunk.choices[0] if chunk.choices else _Choice()
            text = choice.delta.content or ""
            characters += len(text)
            if characters > most:
                raise LLMStreamTooLong(most, "characters")
            if choice.finish_reason:
                ended = "length" if choice.finish_reason == "length" else "stop"
            if text:
                yield Piece(text)
    if ended is None:
        raise LLMStreamBroken
    yield Piece("", ended, tokens)


def _chunk(data: bytes) -> _Chunk:
    try:
        chunk = _Chunk.model_validate_json(data)
    except ValidationError as exc:
        raise LLMInvalidResponse("a line that is not a chunk in JSON") from exc
    if chunk.error:
        raise LLMStreamBroken
    return chunk


def _tokens(usage: object) -> dict[str, int]:
    """What can be understood of it; no answer is lost for a wrong count."""
    if not isinstance(usage, dict):
        return {}
    counts = {kind: usage.get(f"{kind}_tokens") for kind in ("prompt", "completion")}
    return {kind: n for kind, n in counts.items() if type(n) is int and 0 <= n < _MOST_TOKENS}


async def _lines(response: httpx.Response, within: Within) -> AsyncGenerator[bytes, None]:
    """The lines of the body, without their ends; what follows the last end is no line."""
    received, rest = 0, b""
    async with aclosing(_chunks(response, within)) as chunks:
        async for chunk in chunks:
            received += len(chunk)
            if received > MAX_BYTES:
                raise LLMStreamTooLong(MAX_BYTES, "bytes")
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line
    if rest:
        yield rest


async def _chunks(response: httpx.Response, within: Within) -> AsyncGenerator[bytes, None]:
    chunks: AsyncIterator[bytes] = response.aiter_bytes()
    while True:
        try:
            yield await within(anext(chunks))
        except StopAsyncIteration:
            return
        except httpx.HTTPError as exc:
            raise LLMStreamBroken from exc
