"""Is a claim supported?"""

from fastapi import APIRouter

from service import verifying
from service.access.admission import ADMITTED
from service.computing import compute
from service.dependencies import OpenedIndex
from service.problems import INDEX_CODES, documented
from service.schemas.verification import VerifyRequest, VerifyResponse

router = APIRouter(prefix="/v1/verify", tags=["answers"])


@router.post(
    "",
    summary="Verify",
    responses=documented(
        *("invalid_json", "unknown_passage", "request_too_large", "invalid_request", "overloaded"),
        *INDEX_CODES,
    ),
    dependencies=[ADMITTED],
)
async def verify(request: VerifyRequest, opened: OpenedIndex) -> VerifyResponse:
    """Whether the evidence says what the claim says, with the words that decide it."""
    return await compute(verifying.check, opened, request)
