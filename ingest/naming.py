"""What a document is called in the corpus: a safe name for its file, and an id."""

import re
import unicodedata
from collections.abc import Container
from pathlib import PurePath

_ID_LENGTH = 48  # of 64, so that a number fits behind it
_NAME_BYTES = 120  # of the 255 that file systems take, in each part of a path


def safe_path(*parts: str) -> str:
    """Names joined to a relative path of letters, digits, dots, dashes and underscores that leaves no folder.

    Raises ValueError if there is no name among them.
    """
    safe = [name for part in parts if (name := _safe_name(part))]
    if not safe:
        raise ValueError(f"{'/'.join(parts)!r} holds no letter and no digit")
    return "/".join(safe)


def _safe_name(name: str) -> str:
    found = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-.")
    suffix = PurePath(found).suffix[:16]
    stem = found.removesuffix(suffix).strip("-.")
    room = _NAME_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore") + suffix


def numbered(path: str, taken: Container[str]) -> str:
    """The path, with a number behind its stem if it is taken already: `a/b-2.txt`."""
    pure = PurePath(path)
    return _first_free(pure.with_suffix("").as_posix(), pure.suffix, taken)


def document_id(title: str, taken: Container[str]) -> str:
    """An id made of a title's words, with a number behind it if it is taken already."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        longer = f"{slug}-{word}" if slug else word[:_ID_LENGTH]
        if len(longer) > _ID_LENGTH:
            break
        slug = longer
    return _first_free(slug or "document", "", taken)


def _first_free(stem: str, suffix: str, taken: Container[str]) -> str:
    found, number = stem + suffix, 2
    while found in taken:
        found, number = f"{stem}-{number}{suffix}", number + 1
    return found
