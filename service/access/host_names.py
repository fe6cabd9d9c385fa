"""Which host a request may be meant for.

A page of another site can let its own name point at 127.0.0.1 and so read, as its own, what a service answers
there that listens for this machine alone (DNS rebinding). The name that the browser sends gives it away.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.loopback import is_loopback
from service.problems import problem


class HostNames:
    """Refuses requests that are meant for none of `names`, where there are such, nor for this machine."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self.app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._names:
            name = _name(Headers(scope=scope).get("host", ""))
            if name not in self._names and not is_loopback(name):
                detail = f"this service is not {name[:80]!r}; add the name to NEEDLE_ALLOWED_HOSTS if it is"
                await problem("unknown_host", detail, scope["path"])(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _name(host: str) -> str:
    """ "::1" of "[::1]:8000"."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
