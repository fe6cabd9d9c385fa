"""What is in the corpus."""

import hashlib

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from service import presentation
from service.dependencies import NamedDocument, OpenedIndex
from service.problems import INDEX_CODES, documented
from service.schemas.responses import DocumentDetail, DocumentList

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get("", summary="All documents", responses=documented(*INDEX_CODES))
def list_documents(opened: OpenedIndex) -> DocumentList:
    """Every document of the index, in the order of the corpus."""
    return presentation.document_list(opened.generation)


@router.get("/{document_id}", summary="One document", responses=documented("unknown_document", *INDEX_CODES))
def read_document(opened: OpenedIndex, document: NamedDocument) -> DocumentDetail:
    """A document with its headings, bibliography, abbreviations and what is odd about it."""
    return presentation.document_detail(opened.generation, document)


@router.get(
    "/{document_id}/text",
    summary="Text of a document",
    response_class=PlainTextResponse,
    responses={
        304: {"description": "The text is the one that If-None-Match names."},
        **documented("unknown_document", *INDEX_CODES),
    },
)
async def read_text(request: Request, document: NamedDocument) -> Response:
    """The canonical text, exactly: every offset of a span counts its code points."""
    content = document.text.encode()
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(content, media_type="text/plain; charset=utf-8", headers={"ETag": etag})
