"""Is the process alive, and can it answer?"""

from fastapi import APIRouter

from service import presentation
from service.dependencies import OpenedIndex
from service.problems import INDEX_CODES, documented
from service.schemas.responses import Health, Readiness

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Liveness")
async def healthz() -> Health:
    """Answers as long as the process runs, with or without an index."""
    return Health()


@router.get("/readyz", summary="Readiness", responses=documented(*INDEX_CODES))
async def readyz(opened: OpenedIndex) -> Readiness:
    """Answers 200 when questions can be answered, and says from which index."""
    return presentation.readiness(opened.generation)
