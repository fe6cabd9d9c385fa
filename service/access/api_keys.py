"""Keys for reading: whoever asks shows one, where the settings name any; and how often each may ask.

As a layer around the whole application it covers every route, also those that are added later.
"""

import hashlib
import hmac
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.problems import documented
from service.routes.openai import explained_to

SCHEME = "bearer"
# What holds no secret: signs of life, and the page, whose script asks for the key that the rest needs.
OPEN_PATHS = frozenset({"/", "/healthz", "/readyz"})
OPEN_FOLDER = "/static/"


def is_open(path: str) -> bool:
    """Whether a path is answered without a key."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDER)


class ApiKeys:
    """Refuses requests without one of `keys`, and those beyond `rate_limit` a minute and key.

    Without keys everyone may read, and all together have the one limit. rate_limit: 0 for none.
    """

    def __init__(
        self,
        app: ASGIApp,
        keys: Iterable[str],
        rate_limit: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        # Digests are of one length, so that comparing tells nothing of a key's.
        self._digests = [_digest(key) for key in keys]
        self._buckets = [Bucket(rate_limit, clock) for _ in self._digests or [b""]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        known = self._known(Headers(scope=scope).get("authorization", ""))
        if known is None:
            detail = "this service wants a key; send one as “Authorization: Bearer KEY”"
            headers = {"WWW-Authenticate": "Bearer"}
            await explained_to(scope["path"], "unauthorized", detail, headers)(scope, receive, send)
        elif wait := self._buckets[known].wait():
            detail = f"too many requests with this key; send the next one in {wait} seconds"
            headers = {"Retry-After": str(wait)}
            await explained_to(scope["path"], "rate_limited", detail, headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _known(self, authorization: str) -> int | None:
        """Which of the keys the header shows; 0 where none is wanted."""
        if not self._digests:
            return 0
        scheme, _, shown = authorization.partition(" ")
        digest = _digest(shown.strip() if scheme.lower() == SCHEME else "")
        # All of them, so that the time tells nothing either.
        matches = [hmac.compare_digest(digest, known) for known in self._digests]
        return matches.index(True) if any(matches) else None


@dataclass
class Bucket:
    """A bucket of `limit` tokens that fills up again within a minute; each request takes one."""

    limit: int
    clock: Callable[[], float]
    tokens: float = 0.0
    filled: float = -math.inf

    def wait(self) -> int:
        """0 if a token was taken, else the whole seconds until there is one."""
        if not self.limit:
            return 0
        now, a_second = self.clock(), self.limit / 60
        self.tokens = min(self.limit, self.tokens + (now - self.filled) * a_second)
        self.filled = now
        if self.tokens < 1:
            return math.ceil((1 - self.tokens) / a_second)
        self.tokens -= 1
        return 0


def describe(openapi: dict[str, Any]) -> dict[str, Any]:
    """`openapi` with the key that may be wanted, and what is answered without it."""
    openapi["components"]["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": SCHEME,
            "description": "One of NEEDLE_API_KEYS; without that setting no key is wanted.",
        }
    }
    for path, operations in openapi["paths"].items():
        for operation in operations.values() if not is_open(path) else ():
            operation["security"] = [{}, {SCHEME: []}]
            # In the form that the route's other errors have.
            form = next(iter(operation["responses"]["default"]["content"].items()))
            for status, response in documented("unauthorized", "rate_limited").items():
                content = {form[0]: {"schema": form[1]["schema"]}}
                operation["responses"].setdefault(str(status), {**response, "content": content})
    return openapi


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
