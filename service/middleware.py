"""What happens to every request, whatever its route: headers, a limit on its size, a net under it."""

import asyncio
import logging
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import problem
from service.telemetry import request_notes

logger = logging.getLogger(__name__)

# The page needs its own script, style and API, nothing else; so a script smuggled into a document cannot run.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Ask again each time; the ETag makes that cheap. A new version's script must not meet an old page.
    "Cache-Control": "no-cache",
}


class SecurityHeaders:
    """Sets the headers that tell a browser to trust nothing but this service's own files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class UnexpectedErrors:
    """Answers what nobody foresaw with a problem document that tells nothing of the inside.

    The log has the traceback under the request's id, which the answer names.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            number = request_notes.current().request_id
            logger.exception("unexpected error, request %s", number)
            if started:
                raise
            detail = f"an unexpected error; the service's log has its cause under {number}"
            await problem("internal_error", detail, scope["path"])(scope, receive, send)


class BodyLimit:
    """Refuses a body that is too large, before it is read where its length is announced.

    limit: in bytes; larger: the limit of each path that has another for POST.
    """

    def __init__(self, app: ASGIApp, limit: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.limit = limit
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.larger.get(scope["path"], self.limit) if scope["method"] == "POST" else self.limit
        detail = f"the body has more than {limit:,} bytes, the most that is read; send less"
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await problem("request_too_large", detail, scope["path"])(scope, receive, send)
            return
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, detail)
            return message

        await self.app(scope, receive_within_limit, send)


class BodyTime:
    """Refuses a body that is not whole in time: whoever lets one trickle in holds a connection.

    longer: the seconds of each path that has others for POST.
    """

    def __init__(self, app: ASGIApp, seconds: float, longer: Mapping[str, float]) -> None:
        self.app = app
        self.seconds = seconds
        self.longer = longer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seconds = self.longer.get(scope["path"], self.seconds) if scope["method"] == "POST" else self.seconds
        whole = late = False
        started = asyncio.get_running_loop().time()

        async def receive_in_time() -> Message:
            nonlocal whole, late
            if whole:
                return await receive()  # waits for the client to leave, as long as the answer takes
            try:
                async with asyncio.timeout_at(started + seconds):
                    message = await receive()
            except TimeoutError:
                late = True
                detail = f"the body was not whole within {seconds:g} seconds; send it faster, or less"
                raise HTTPException(408, detail) from None
            whole = not message.get("more_body", False)
            return message

        async def send_and_close(message: Message) -> None:
            if late and message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self.app(scope, receive_in_time, send_and_close)
