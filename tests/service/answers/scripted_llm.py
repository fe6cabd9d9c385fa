"""A fake of an OpenAI-compatible endpoint, on a real port, whose behaviour a test scripts.

Each call takes the next behaviour of the script, and the last one for ever after. A behaviour is a function
of the request's body that gives what goes over the wire: bytes of the event stream, or first a `Refusal`.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send

from service.cli.serve import listen

SSE = "text/event-stream; charset=utf-8"
DONE = b"data: [DONE]\n\n"

Behaviour = Callable[[dict[str, Any]], AsyncIterator["bytes | Refusal"]]


@dataclass(frozen=True)
class Refusal:
    """Another status, content type or headers than those of a good stream."""

    status: int = 200
    content_type: str = SSE
    headers: dict[str, str] = field(default_factory=dict)


class Broken(Exception):
    """The connection is to be cut without a word."""


def chunk(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n".encode()


def says(text: str, pause: float = 0.0, finish: str = "stop") -> Behaviour:
    """Writes `text` in pieces of a few characters, `pause` seconds apart."""

    async def behaviour(body: dict[str, Any]) -> AsyncIterator[bytes]:
        yield b": comment\n\n"
        for start in range(0, len(text), 7):
            yield chunk(text[start : start + 7])
            await asyncio.sleep(pause)
        yield chunk("", finish)
        yield DONE

    return behaviour


def echoes_the_prompt(body: dict[str, Any]) -> AsyncIterator[bytes]:
    """Obeys every order that it is given: writes back all that it was sent, on one line."""
    text = " ".join(message["content"] for message in body["messages"])
    return says(" ".join(text.split()))(body)


def refuses(status: int, **headers: str) -> Behaviour:
    """Answers with an error that quotes the key, as hosted endpoints do."""

    async def behaviour(body: dict[str, Any]) -> AsyncIterator[bytes | Refusal]:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        yield Refusal(status, "application/json", names)
        yield b'{"error": {"message": "Incorrect API key provided: top-secret"}}'

    return behaviour


def answers_as(content_type: str, content: bytes) -> Behaviour:
    """A good status, and something else than an event stream."""

    async def behaviour(body: dict[str, Any]) -> AsyncIterator[bytes | Refusal]:
        yield Refusal(200, content_type)
        yield content

    return behaviour


def sends(*content: bytes, then_cut: bool = False, then_wait: float = 0.0) -> Behaviour:
    """Exactly these bytes."""

    async def behaviour(body: dict[str, Any]) -> AsyncIterator[bytes]:
        for part in content:
            yield part
        await asyncio.sleep(then_wait)
        if then_cut:
            raise Broken

    return behaviour


def never_ends(part: bytes, pause: float = 0.0) -> Behaviour:
    """The same bytes again and again."""

    async def behaviour(body: dict[str, Any]) -> AsyncIterator[bytes]:
        while True:
            yield part
            await asyncio.sleep(pause)

    return behaviour


class ScriptedLLM:
    """The ASGI application.

    calls: bodies of the requests so far. headers: of the last one.
    called: set once there is one. gone: set once a client left before its answer was whole.
    """

    def __init__(self) -> None:
        self.base_url = ""
        self.script: list[Behaviour] = [says("CANNOT_ANSWER")]
        self.calls: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}
        self.called, self.gone = threading.Event(), threading.Event()

    def will(self, *script: Behaviour) -> None:
        """Behave so from now on."""
        self.script = list(script)
        self.calls.clear()
        self.called.clear()
        self.gone.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        behaviour = self.script[min(len(self.calls), len(self.script) - 1)]
        self.calls.append(body)
        self.called.set()
        working = asyncio.create_task(_respond(behaviour(body), send))
        leaving = asyncio.create_task(receive())
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            self.gone.set()
        working.cancel()
        leaving.cancel()
        await asyncio.wait((working, leaving))


async def _body(receive: Receive) -> dict[str, Any]:
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            return dict(json.loads(content or b"{}"))


async def _respond(parts: AsyncIterator[bytes | Refusal], send: Send) -> None:
    first = await anext(parts)
    head = first if isinstance(first, Refusal) else Refusal()
    headers = {"content-type": head.content_type, **head.headers}
    await send(
        {
            "type": "http.response.start",
            "status": head.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    try:
        if isinstance(first, bytes):
            await send({"type": "http.response.body", "body": first, "more_body": True})
        async for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
    except Broken:
        return  # uvicorn cuts a connection whose response was not completed
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@contextmanager
def running_llm() -> Iterator[ScriptedLLM]:
    """The fake on a free port while the `with` block lasts."""
    fake = ScriptedLLM()
    with listen("127.0.0.1", 0) as listener:
        fake.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        config = uvicorn.Config(fake, log_config=None, lifespan="off", ws="none", log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield fake
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)
