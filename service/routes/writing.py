"""Changing what is in the corpus, for whoever has the key; each change is a job."""

import asyncio
import shutil
import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from ingest.corpus import read_entries
from ingest.errors import CorpusError
from service import problems
from service.access.authorization import WRITING_CODES, WritingAllowed
from service.errors import UnknownDocument
from service.jobs import queue
from service.jobs.uploads import FIELD, MAX_FILES, received
from service.jobs.worker import Task
from service.problems import documented
from service.schemas.jobs import FileResult, Job
from service.settings import Settings

UPLOADS = "/v1/documents"

router = APIRouter(prefix="/v1", tags=["writing"], dependencies=[WritingAllowed])

_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [FIELD],
                "properties": {
                    FIELD: {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MAX_FILES,
                        "items": {"type": "string", "format": "binary"},
                        "description": "The files, each with its name, by whose ending it is read.",
                    }
                },
            }
        }
    },
}


# The body is read here and not by the framework, which would take it in before it looks at the key.
@router.post(
    "/documents",
    summary="Add documents",
    status_code=202,
    openapi_extra={"requestBody": _BODY},
    responses=documented(*WRITING_CODES, "invalid_upload", "request_too_large", "too_many_jobs"),
)
async def add_documents(request: Request, response: Response) -> Job:
    """Take files in, to be read, embedded and searched; `Location` leads to the job that does it.

    A file whose bytes are a document's already is that document; one of the same name and other bytes
    replaces the document of that name.
    """
    folder = FilePath(tempfile.mkdtemp(prefix="needle-upload-"))
    try:
        files = await received(request, folder)
        settings: Settings = request.app.state.settings
        task = Task(
            "add",
            settings.corpus,
            settings.working_folder(),
            settings.encoder,
            files=files,
            server=settings.server(),
            vectors=settings.vectors,
        )
        return _accepted(_jobs(request).submit(task, folder), response)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@router.delete(
    "/documents/{document_id}",
    summary="Remove a document",
    status_code=202,
    responses=documented(*WRITING_CODES, "unknown_document", "too_many_jobs"),
)
async def remove_document(
    request: Request,
    response: Response,
    document_id: Annotated[str, Path(description="Id of a document.", examples=["hmp"])],
) -> Job:
    """Take a document out of the corpus and the index, and delete its file; `Location` leads to the job."""
    settings: Settings = request.app.state.settings
    try:
        known = [entry.id for entry in await asyncio.to_thread(read_entries, settings.corpus)]
    except CorpusError:
        known = [document_id]  # the job will say what is wrong with the manifest
    if document_id not in known:
        raise UnknownDocument(document_id, known)
    task = Task(
        "remove",
        settings.corpus,
        settings.working_folder(),
        settings.encoder,
        document_ids=(document_id,),
        server=settings.server(),
        vectors=settings.vectors,
    )
    return _accepted(_jobs(request).submit(task), response)


@router.get("/jobs/{job_id}", summary="One job", responses=documented(*WRITING_CODES, "unknown_job"))
async def read_job(
    request: Request,
    job_id: Annotated[str, Path(description="Id of a job.", examples=["5f0c9a6e1b7d4c28a93e7f10d2b46c85"])],
) -> Job:
    """How far a job is. The last 100 are remembered, until the service restarts."""
    return _described(_jobs(request).job(job_id))


def _jobs(request: Request) -> queue.Jobs:
    found: queue.Jobs = request.app.state.jobs
    return found


def _accepted(job: queue.Job, response: Response) -> Job:
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return _described(job)


def _described(job: queue.Job) -> Job:
    path = f"/v1/jobs/{job.id}"
    return Job(
        job_id=job.id,
        kind=job.task.kind,
        state=job.state,
        step=job.step,
        done=job.done,
        total=job.total,
        files=[
            FileResult(
                name=change.name,
                status=change.status,
                document_id=change.document_id,
                title=change.title,
                reason=change.reason,
            )
            for change in job.changes
        ],
        generation=job.generation,
        error=problems.described(*job.error, path) if job.error else None,
        created=job.created,
        finished=job.finished,
    )
