"""Files of every format read into canonical text with a page map.

Text and Markdown are their own canonical text. PDF, DOCX and HTML are written as Markdown (headings, lists,
pipe tables, `^{1,2}` for raised numbers), which `ingest.structure` reads as it reads any text.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import cast

from ingest.errors import FormatError
from ingest.formats.extracted import Extracted
from ingest.formats.limits import MAX_BYTES

__all__ = ["READ_AS_TEXT", "SUFFIXES", "Extracted", "extract"]

# A reader is imported when its first file comes: a corpus of plain text needs no library for PDF.
_READERS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
SUFFIXES = frozenset(_READERS)
# Those that no library parses.
READ_AS_TEXT = frozenset(suffix for suffix, reader in _READERS.items() if reader == "text")


def extract(content: bytes, file_name: str) -> Extracted:
    """Read a file by the ending of its name, which is one of SUFFIXES in small or capital letters.

    Raises FormatError, naming the file, what is wrong (with the page where it is known) and the mend.
    """
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in _READERS:
        raise FormatError(
            f"{file_name} has the ending {suffix!r}; convert it to one of {', '.join(sorted(SUFFIXES))}"
        )
    if len(content) > MAX_BYTES:
        raise FormatError(
            f"{file_name} has {len(content)} bytes, at most {MAX_BYTES} are read; split it into smaller files"
        )
    reader = import_module(f"ingest.formats.{_READERS[suffix]}")
    return cast(Callable[[bytes, str], Extracted], reader.read)(content, file_name)
