"""Who may change the documents over HTTP: whoever sends the key that the settings name."""

import secrets
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.errors import Unauthorized, WritingDisabled
from service.settings import Settings

# The codes that `writing_allowed` answers with, for the description of a route.
WRITING_CODES = ("unauthorized", "writing_disabled")

_BEARER = HTTPBearer(auto_error=False, scheme_name="adminKey", description="NEEDLE_ADMIN_KEY")


async def writing_allowed(
    request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> None:
    """Raises WritingDisabled without a key in the settings, Unauthorized without it in the request."""
    settings: Settings = request.app.state.settings
    if settings.admin_key is None:
        raise WritingDisabled
    # As bytes: strings are compared in constant time only if they are ASCII, and a header need not be.
    key = settings.admin_key.get_secret_value().encode()
    if sent is None or not secrets.compare_digest(sent.credentials.encode("utf-8", "replace"), key):
        raise Unauthorized


WritingAllowed = Depends(writing_allowed)
