"""How long a client may keep a connection without doing its part, for which uvicorn has no limits."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

# A connection is looked at so often; what stood still from one look to the next is closed.
LOOK_SECONDS = 15.0


class TimedConnection(H11Protocol):
    """A connection that is closed when its client neither completes a request's headers nor takes its answer.

    Headers have one to two rounds of `LOOK_SECONDS`, a new connection's one; of an answer that waits to be
    taken, something must be taken in each round. Bodies have their own limit (`service.middleware.BodyTime`),
    and idle connections uvicorn's.
    """

    _look: asyncio.TimerHandle
    # The request that was last begun, and the bytes that the client has not taken yet.
    _seen: tuple[RequestResponseCycle | None, int]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._seen = None, 0
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._look = self.loop.call_later(LOOK_SECONDS, self._look_now)

    def _look_now(self) -> None:
        now = self.cycle, self.transport.get_write_buffer_size()
        if now == self._seen and (now[1] or self._waits_for_headers()):
            self.transport.abort()
            return
        self._seen = now
        self._look_later()

    def _waits_for_headers(self) -> bool:
        answering = self.cycle is not None and not self.cycle.response_complete
        return not answering and self.timeout_keep_alive_task is None
