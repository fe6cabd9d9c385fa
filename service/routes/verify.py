"""Is a claim supported?"""

from fastapi import APIRouter

from service import verifying
from service.dependencies import OpenedIndex
from service.problems import INDEX_CODES, documented
from service.verification_schemas import VerifyRequest, VerifyResponse

router = APIRouter(prefix="/v1/verify", tags=["answers"])


# No `async`: encoding keeps a processor busy, so it runs on a thread of its own.
@router.post(
    "",
    summary="Verify",
    responses=documented(
        "invalid_json", "unknown_passage", "request_too_large", "invalid_request", *INDEX_CODES
    ),
)
def verify(request: VerifyRequest, opened: OpenedIndex) -> VerifyResponse:
    """Whether the evidence says what the claim says, with the words that decide it."""
    return verifying.check(opened, request)
