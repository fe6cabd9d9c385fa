"""What the service answers about changes of the documents, field by field."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from ingest.additions import Status
from service.jobs.queue import State
from service.problems import Problem


class FileResult(BaseModel):
    """What became of one file, or of one document that was to be removed."""

    name: str = Field(description="The file's name, or the document's id.", examples=["cryoablation.pdf"])
    status: Status = Field(
        description="“added”; “present” if a document has these very bytes; “changed” if it replaces the "
        "document of that file name; “removed”; or “failed”, which keeps no other file out.",
        examples=["added"],
    )
    document_id: str | None = Field(
        description="Id of the document that it is, or was; null if it failed.",
        examples=["cryoablation-of-renal-masses"],
    )
    title: str | None = Field(
        description="Title of that document; null if it failed.", examples=["Cryoablation of Renal Masses"]
    )
    reason: str | None = Field(
        description="Why it failed, with the page where that is known, and the mend; else null.",
        examples=["page 3 is a scan without text; run OCR over the file first"],
    )


class Job(BaseModel):
    """A change of the documents, and how far it is."""

    job_id: str = Field(
        description="Id of the job, for GET /v1/jobs/{job_id}.", examples=["5f0c9a6e1b7d4c28a93e7f10d2b46c85"]
    )
    kind: Literal["add", "remove"] = Field(description="What is done.", examples=["add"])
    state: Literal[State] = Field(
        description="“queued”, “running”, “done” (the documents can be searched; single files may have "
        "failed) or “failed” (as a whole: see `error`).",
        examples=["running"],
    )
    step: str | None = Field(
        description="What it does now: “adding”, “reading”, “embedding”, “writing” or “publishing”, or "
        "“waiting for process 4711”, which writes to the same index; null before that.",
        examples=["embedding"],
    )
    done: int = Field(description="Units of the step that are done.", examples=[128])
    total: int = Field(description="Units of the step: files, documents or passages.", examples=[268])
    files: list[FileResult] = Field(description="What became of each file; empty until the job has ended.")
    generation: str | None = Field(
        description="The generation of the index that holds the change; null before, and if nothing changed.",
        examples=["20261121T050000000000Z-1a2b3c4d"],
    )
    error: Problem | None = Field(
        description="The problem that kept the whole job from being done; else null."
    )
    created: datetime = Field(description="When it was asked for.", examples=["2026-11-21T05:00:00Z"])
    finished: datetime | None = Field(
        description="When it ended; null before.", examples=["2026-11-21T05:00:12Z"]
    )
