"""A search as it is asked for over HTTP and on the command line."""

from service import presentation
from service.errors import UnknownDocument
from service.live_index import Opened
from service.retrieval.retriever import Found
from service.schemas.questions import SearchRequest
from service.schemas.responses import SearchResponse
from service.telemetry import request_notes


def search(opened: Opened, request: SearchRequest) -> SearchResponse:
    """The passages nearest to the question. Raises UnknownDocument for an id that the index does not hold."""
    found = find(opened, request)
    if not found.answerable:
        request_notes.current().refusal = request_notes.LOW_CONFIDENCE
    return presentation.search_response(opened.generation, found)


def find(opened: Opened, request: SearchRequest) -> Found:
    """The same as plain values."""
    check_documents(opened, request)
    notes = request_notes.current()
    notes.question = request.question
    found = opened.retriever.search(
        request.question,
        top_k=request.top_k,
        document_ids=request.document_ids,
        kinds=request.kinds,
        history=request.turns(),
    )
    notes.took(found.timings_ms)
    return found


def check_documents(opened: Opened, request: SearchRequest) -> None:
    """Raises UnknownDocument for the first id that the index does not hold."""
    known = opened.generation.documents
    for place, document_id in enumerate(request.document_ids or ()):
        if document_id not in known:
            raise UnknownDocument(document_id, known, field=f"document_ids[{place}]")
