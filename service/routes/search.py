"""From a question to the passages nearest to it."""

from fastapi import APIRouter

from service import searching
from service.access.admission import ADMITTED
from service.computing import compute
from service.dependencies import OpenedIndex
from service.problems import INDEX_CODES, documented
from service.schemas.questions import SearchRequest
from service.schemas.responses import SearchResponse

router = APIRouter(prefix="/v1/search", tags=["search"])


@router.post(
    "",
    summary="Search",
    responses=documented(
        *("invalid_json", "unknown_document", "request_too_large", "invalid_request", "overloaded"),
        *INDEX_CODES,
    ),
    dependencies=[ADMITTED],
)
async def search(request: SearchRequest, opened: OpenedIndex) -> SearchResponse:
    """The passages nearest to a question, each with its verbatim text, its place and the studies it cites."""
    return await compute(searching.search, opened, request)
