"""Uploaded files: from a multipart body to the disk, a piece at a time."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from ingest.found_files import FoundFile
from service.errors import InvalidUpload

FIELD = "files"
MAX_FILES = 100
_SEND = f"send multipart/form-data with one or more files in the field “{FIELD}”"


async def received(request: Request, folder: Path) -> tuple[FoundFile, ...]:
    """The files of a multipart body, written into `folder` under names of its own.

    Raises InvalidUpload. What is larger than a piece lies on the disk while the body is read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise InvalidUpload(f"the body is {kind[:80] or 'of no type'}; {_SEND}")
    try:
        async with request.form(max_files=MAX_FILES, max_fields=0) as form:
            return await asyncio.to_thread(lambda: tuple(_kept(form, folder)))
    except HTTPException as exc:
        if exc.status_code != 400:
            raise
        raise InvalidUpload(f"the body cannot be read ({exc.detail}); {_SEND}, {MAX_FILES} at most") from exc


def _kept(form: FormData, folder: Path) -> Iterator[FoundFile]:
    uploads = [upload for upload in form.getlist(FIELD) if isinstance(upload, UploadFile)]
    if not uploads or len(uploads) < len(form.multi_items()):
        raise InvalidUpload(f"the body has other fields, or no file; {_SEND}")
    for number, upload in enumerate(uploads):
        name = PurePosixPath((upload.filename or "").replace("\\", "/")).name
        if not name:
            raise InvalidUpload(f"file {number + 1} has no name, by whose ending it would be read; {_SEND}")
        path = folder / str(number)
        with path.open("wb") as file:
            shutil.copyfileobj(upload.file, file)
        yield FoundFile(name, path, (name,))
