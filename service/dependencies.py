"""What routes are given: the open index, the document that the path names, the language model."""

from typing import Annotated

from fastapi import Depends, Path, Request

from ingest.records import Document
from service.answers.llm import LLM
from service.answers.support import Verifier, verifier_of
from service.errors import UnknownDocument
from service.live_index import LiveIndex, Opened
from service.telemetry import request_notes


async def opened_index(request: Request) -> Opened:
    """The index that this request is answered from, from its first line to its last."""
    live: LiveIndex = request.app.state.live_index
    opened = live.current()
    request_notes.current().generation = opened.generation.name
    return opened


OpenedIndex = Annotated[Opened, Depends(opened_index)]


async def named_document(
    opened: OpenedIndex,
    document_id: Annotated[str, Path(description="Id of a document.", examples=["hmp"])],
) -> Document:
    """The document that the path names. Raises UnknownDocument."""
    documents = opened.generation.documents
    if document_id not in documents:
        raise UnknownDocument(document_id, documents)
    return documents[document_id]


NamedDocument = Annotated[Document, Depends(named_document)]


async def language_model(request: Request) -> LLM | None:
    """The language model that the settings name, if they do."""
    llm: LLM | None = request.app.state.llm
    return llm


LanguageModel = Annotated[LLM | None, Depends(language_model)]


async def sentence_verifier(opened: OpenedIndex) -> Verifier:
    """What checks the sentences of an answer."""
    return verifier_of(opened)


SentenceVerifier = Annotated[Verifier, Depends(sentence_verifier)]
