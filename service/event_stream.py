"""Server-sent events that end when their reader goes, and that show in between that they are still coming."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

import anyio
from fastapi import Request
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Send

T = TypeVar("T")

# Proxies close a connection on which nothing comes, many of them after 30 to 60 seconds.
HEARTBEAT_SECONDS = 10.0
# In the words of OpenAPI 3.2, which FastAPI uses too.
EVENT_SCHEMA = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
HEARTBEAT = format_sse_event(comment="still at work")


class EventStream(EventSourceResponse):
    """A response of server-sent events, closed with what makes them as soon as the client is gone."""

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        """events: in wire format, as `fastapi.sse.format_sse_event` makes it."""
        # Without the second header nginx would hold events back until it has a block of them.
        super().__init__(_with_heartbeats(events), headers={"X-Accel-Buffering": "no"})

    async def stream_response(self, send: Send) -> None:
        # A generator that is left alone ends when garbage is collected, and the upstream call with it.
        assert isinstance(self.body_iterator, AsyncGenerator)
        async with aclosing(self.body_iterator):
            await super().stream_response(send)


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of `work`; None if the client goes first, in which case `work` is cancelled."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        await _end(working, leaving)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _with_heartbeats(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    coming = asyncio.create_task(_next(events))
    try:
        while True:
            done, _ = await asyncio.wait((coming,), timeout=HEARTBEAT_SECONDS)
            if not done:
                yield HEARTBEAT
                continue
            event = coming.result()
            if event is None:
                return
            yield event
            coming = asyncio.create_task(_next(events))
    finally:
        await _end(coming)
        with anyio.CancelScope(shield=True):
            await events.aclose()


async def _next(events: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(events, None)


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel `tasks` and wait until they have ended, even while being cancelled oneself."""
    for task in tasks:
        task.cancel()
    with anyio.CancelScope(shield=True):
        await asyncio.wait(tasks)
