"""From a question to the passages nearest to it."""

from fastapi import APIRouter

from service import searching
from service.dependencies import OpenedIndex
from service.problems import INDEX_CODES, documented
from service.questions import SearchRequest
from service.schemas import SearchResponse

router = APIRouter(prefix="/v1/search", tags=["search"])


# No `async`: encoding and ranking keep a processor busy, so they run on a thread of their own.
@router.post(
    "",
    summary="Search",
    responses=documented(
        "invalid_json", "unknown_document", "request_too_large", "invalid_request", *INDEX_CODES
    ),
)
def search(request: SearchRequest, opened: OpenedIndex) -> SearchResponse:
    """The passages nearest to a question, each with its verbatim text, its place and the studies it cites."""
    return searching.search(opened, request)
