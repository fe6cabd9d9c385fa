"""One passage, where it stands."""

from typing import Annotated

from fastapi import APIRouter, Path

from service import presentation
from service.dependencies import OpenedIndex
from service.errors import UnknownPassage
from service.problems import INDEX_CODES, documented
from service.schemas.responses import PassageInPlace

router = APIRouter(prefix="/v1/passages", tags=["passages"])


@router.get("/{passage_id}", summary="One passage", responses=documented("unknown_passage", *INDEX_CODES))
def read_passage(
    opened: OpenedIndex,
    passage_id: Annotated[str, Path(description="Id of a passage.", examples=["hmp-3f9c2a17"])],
) -> PassageInPlace:
    """A passage between those that stand before and after it in its document."""
    try:
        record = opened.generation.passage(passage_id)
    except KeyError:
        raise UnknownPassage(passage_id) from None
    return presentation.passage_in_place(opened.generation, record)
