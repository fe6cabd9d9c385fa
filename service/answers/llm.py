"""The language model behind one small interface: a chat goes in, pieces of text come out.

`HttpLLM` speaks to any OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, hosted ones). Whatever goes
wrong, also what httpx raises, comes out as an LLMError; `service.answers.llm_errors` draws the tree. A call
ends within its time, whatever the endpoint does; closing the iterator ends the call upstream.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from service.access.loopback import is_loopback
from service.answers.llm_errors import LLMRefused, LLMTimeout, LLMUnreachable
from service.answers.llm_stream import Piece, read_pieces
from service.settings import Settings
from service.telemetry import request_notes

logger = logging.getLogger(__name__)

Chat = Sequence[dict[str, str]]
T = TypeVar("T")

CONNECT_SECONDS = 3.0
# A model on a processor may take this long to load, or to read 3,000 tokens, before it writes the first.
IDLE_SECONDS = 30.0
# Before the second and the third attempt.
WAITS = (0.3, 0.9)
# An endpoint that asks for more patience than this is not asked again.
MAX_RETRY_AFTER_SECONDS = 5.0
# No token of a usual vocabulary is longer on average; it bounds an endpoint that ignores max_tokens.
CHARACTERS_A_TOKEN = 16


class LLM(Protocol):
    """A language model that writes an answer piece by piece."""

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""

    def stream(self, chat: Chat) -> AsyncGenerator[Piece, None]:
        """The answer, in order; its last piece says why it ended. Raises LLMError at any point."""


class HttpLLM:
    """A model behind an OpenAI-compatible endpoint."""

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        key: SecretStr | None = None,
        timeout: float = 60.0,
        idle: float = IDLE_SECONDS,
        max_tokens: int = 500,
        waits: Sequence[float] = WAITS,
    ) -> None:
        """timeout, idle, waits: seconds, for one answer, without a byte, and before further attempts."""
        self._model = model
        self._url = f"{base_url}/chat/completions"
        self._timeout, self._idle, self._waits = timeout, idle, waits
        self._max_tokens = max_tokens
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if key and key.get_secret_value():
            headers["Authorization"] = f"Bearer {key.get_secret_value()}"
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),  # the rest is `_Clock`'s
            trust_env=not is_loopback(
                urlsplit(base_url).hostname or ""
            ),  # a proxy does not lead to this machine
        )

    @classmethod
    def of(cls, settings: Settings) -> "HttpLLM | None":
        """The model that the settings name, if they do."""
        if settings.llm_base_url is None:
            return None
        return cls(
            settings.llm_base_url,
            settings.llm_model,
            key=settings.llm_api_key,
            timeout=settings.llm_timeout,
            max_tokens=settings.llm_max_tokens,
        )

    @property
    def name(self) -> str:
        return self._model

    async def stream(self, chat: Chat) -> AsyncGenerator[Piece, None]:
        clock = _Clock(self._timeout, self._idle)
        notes = request_notes.current()
        try:
            response = await self._open(chat, clock)
            try:
                most = CHARACTERS_A_TOKEN * self._max_tokens
                async with aclosing(read_pieces(response, clock.within, most)) as pieces:
                    async for piece in pieces:
                        notes.llm_tokens.update(piece.tokens)
                        yield piece
            finally:
                await response.aclose()
        finally:
            notes.took({"compose": clock.waited * 1000})

    async def aclose(self) -> None:
        """Close what connections are open."""
        await self._client.aclose()

    async def _open(self, chat: Chat, clock: "_Clock") -> httpx.Response:
        """The response, once the endpoint has begun a good one."""
        for wait in (*self._waits, None):
            try:
                response = await self._ask(chat, clock)
            except httpx.RequestError as exc:
                if wait is None or isinstance(exc, httpx.ConnectTimeout):
                    raise LLMUnreachable(_why(exc)) from exc
                pause = wait
            else:
                if response.status_code == httpx.codes.OK:
                    return response
                await response.aclose()
                pause = _pause(response, wait)
            logger.info("asking the language model again in %g seconds", pause)
            await clock.within(asyncio.sleep(pause))
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, chat: Chat, clock: "_Clock") -> httpx.Response:
        """One attempt. An endpoint that does not know how to count tokens is asked again without that."""
        body: dict[str, Any] = {
            "model": self._model,
            "messages": list(chat),
            "stream": True,
            "temperature": 0,
            "max_tokens": self._max_tokens,
        }
        counted = body | {"stream_options": {"include_usage": True}}
        response = await clock.within(self._send(counted))
        if response.status_code not in (httpx.codes.BAD_REQUEST, httpx.codes.UNPROCESSABLE_ENTITY):
            return response
        await response.aclose()
        return await clock.within(self._send(body))

    async def _send(self, body: dict[str, Any]) -> httpx.Response:
        return await self._client.send(self._client.build_request("POST", self._url, json=body), stream=True)


class _Clock:
    """The time of one call: so long in all, and so long without anything.

    Only waiting for the endpoint counts, not what is done with its words in between.
    """

    def __init__(self, overall: float, idle: float) -> None:
        self._overall, self._idle = overall, idle
        self._left = overall

    @property
    def waited(self) -> float:
        """Seconds that have been waited so far."""
        return self._overall - self._left

    async def within(self, step: Awaitable[T]) -> T:
        """The result of one step. Raises LLMTimeout."""
        silent = self._idle < self._left
        started = time.monotonic()
        try:
            async with asyncio.timeout(min(self._left, self._idle)):
                return await step
        except TimeoutError as exc:
            raise LLMTimeout(self._idle if silent else self._overall, silent=silent) from exc
        finally:
            self._left -= time.monotonic() - started


def _pause(response: httpx.Response, wait: float | None) -> float:
    """Seconds until the next attempt. Raises LLMRefused if there is to be none."""
    status = response.status_code
    if wait is None or not (status == httpx.codes.TOO_MANY_REQUESTS or status >= 500):
        raise LLMRefused(status)
    asked = response.headers.get("retry-after", "")
    # A date instead of seconds is not worth reading: clocks differ by more than a person waits.
    pause = max(wait, float(asked)) if asked.isdecimal() else wait
    if pause > MAX_RETRY_AFTER_SECONDS:
        raise LLMRefused(status)
    return pause


def _why(exc: httpx.RequestError) -> str:
    # Not str(exc): it may name the host.
    if isinstance(exc, httpx.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS:g} seconds"
    if isinstance(exc, httpx.ConnectError):
        return "no connection"
    return "the connection was lost"
