"""Files read into canonical text, by the ending of their name."""

from dataclasses import dataclass
from pathlib import PurePath

from ingest.errors import FormatError

SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file as read: its canonical text, where its pages begin, and what it states of itself."""

    text: str
    pages: tuple[int, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] = ()
    doi: str | None = None
    date: str | None = None


def extract(content: bytes, file_name: str) -> Extracted:
    """Read a file by the ending of its name. Raises FormatError, naming the file and the mend."""
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in SUFFIXES:
        raise FormatError(
            f"{file_name} has the ending {suffix!r}; convert it to one of {', '.join(sorted(SUFFIXES))}"
        )
    try:
        return Extracted(content.decode("utf-8"))
    except UnicodeDecodeError as exc:
        raise FormatError(f"{file_name} is not UTF-8 (byte {exc.start}); convert it, with iconv say") from exc
