"""The page in the browser; its script and style are under /static."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from service.web_page import WebFile, WebPage, read_web_page

WEB = Path(__file__).parent.parent / "web"
# The path names the content, so what lies there never changes.
_FOREVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
async def page(request: Request) -> Response:
    """The page."""
    return _response(request, _web_page().document, "no-cache")


@router.api_route("/static/{version}/{name}", methods=["GET", "HEAD"])
async def static(request: Request, version: str, name: str) -> Response:
    """One file of the page."""
    file = _web_page().files.get(f"{version}/{name}")
    if file is None:
        raise HTTPException(404)
    return _response(request, file, _FOREVER)


@cache
def _web_page() -> WebPage:
    return read_web_page(WEB)


def _response(request: Request, file: WebFile, caching: str) -> Response:
    headers = {"ETag": file.etag, "Cache-Control": caching}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
