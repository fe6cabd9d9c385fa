"""What every reader of a file format returns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file as read.

    text: the canonical text; every offset is a code-point offset into it.
    pages: the offset at which each page begins, page 1 first; () where the format has no pages.
    title, authors, doi: as the file itself states them, None or () where it does not.
    oddities: what is strange about the file, in words.
    date: "YYYY", "YYYY-MM" or "YYYY-MM-DD", as the file states it.
    """

    text: str
    pages: tuple[int, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] = ()
    doi: str | None = None
    date: str | None = None
    oddities: tuple[str, ...] = ()
