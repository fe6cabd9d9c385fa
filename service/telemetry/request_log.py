"""One line in the log for each request, and its share of the metrics."""

import logging
import re
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.telemetry.logs import FIELDS
from service.telemetry.metrics import Metrics
from service.telemetry.request_notes import RequestNotes, new_id, noting

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# What is taken over from a client stands in every line of the log, so it is short and plain.
_VALID_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
UNMATCHED = "unmatched"
_OTHER_METHOD = "other"
_CLIENT_GONE = 499  # nginx's own
_FAILED = 500


class RequestLog:
    """Numbers each request, takes its time, and logs and counts it when it ends.

    Whatever middleware answers itself is seen only if it stands inside this one.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, log_questions: bool) -> None:
        self.app = app
        self._metrics = metrics
        self._log_questions = log_questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(RequestNotes(_request_id(scope)), receive, send)
        started = time.perf_counter()
        with noting(exchange.notes), self._metrics.in_flight.track_inprogress():
            try:
                await self.app(scope, exchange.receive, exchange.send)
            finally:
                self._ended(scope, exchange, time.perf_counter() - started)

    def _ended(self, scope: Scope, exchange: "_Exchange", seconds: float) -> None:
        route, method = _route(scope), _method(scope)
        self._metrics.observe(exchange.notes, route, method, exchange.shown_status, seconds)
        fields = {
            "route": route,
            "method": method,
            "status": exchange.shown_status,
            "duration_ms": round(seconds * 1000, 3),
            "complete": exchange.complete,
            "client_gone": exchange.client_gone,
            **_noted(exchange.notes),
        }
        if self._log_questions and exchange.notes.question is not None:
            fields["question"] = exchange.notes.question
        logger.info("%s %s %d", method, route, exchange.shown_status, extra={FIELDS: fields})


class _Exchange:
    """A request and its response as they pass by.

    complete: the response was sent to its end. client_gone: the client left before, as far as anybody looked.
    """

    def __init__(self, notes: RequestNotes, receive: Receive, send: Send) -> None:
        self.notes = notes
        self.client_gone = self.complete = False
        self._receive, self._send = receive, send
        self._status: int | None = None

    @property
    def shown_status(self) -> int:
        """The status that was sent, or what stands for it where none was."""
        if self._status is not None:
            return self._status
        return _CLIENT_GONE if self.client_gone else _FAILED

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" and not self.complete:
            self.client_gone = True
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.notes.request_id
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.complete = True


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _VALID_ID.fullmatch(given) else new_id()


def _route(scope: Scope) -> str:
    """The template of the route that answered, never the path, which holds whatever a client wrote there."""
    if "route" in scope:
        template: str = scope["route"].path
        return template
    if "endpoint" not in scope or scope["path_params"]:
        return UNMATCHED
    # Starlette's own: a mount, whose path has become the root's, or a route without parameters (MCP).
    mounted: str = scope["root_path"] or scope["path"]
    return mounted


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else _OTHER_METHOD


def _noted(notes: RequestNotes) -> dict[str, Any]:
    noted = {
        "generation": notes.generation,
        "timings_ms": notes.timings_ms,
        "refusal": notes.refusal,
        "verdicts": dict(notes.verdicts),
        "llm_errors": notes.llm_errors,
        "llm_tokens": dict(notes.llm_tokens),
    }
    return {name: value for name, value in noted.items() if value}
