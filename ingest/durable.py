"""Writing so that it lasts: on the disk, and a file is there whole or as it was before."""

import os
from pathlib import Path


def prepared(path: Path, content: bytes) -> Path:
    """A hidden file beside `path` with this content, on the disk, that can take its place."""
    pending = path.with_name(f".{path.name}.new")
    try:
        with pending.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        pending.unlink(missing_ok=True)
        raise
    return pending


def sync_path(path: Path) -> None:
    """Have the disk hold a file's content, or a folder's entries."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
