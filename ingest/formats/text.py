"""Plain text and Markdown: the canonical text is the file's own."""

import codecs
import re

from ingest.errors import FormatError
from ingest.formats.extracted import Extracted

# Control characters other than tab, line ends and form feed: a text has none, a mislabelled binary file has.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read(content: bytes, file_name: str) -> Extracted:
    """The text of a UTF-8 file as it stands; another encoding and control characters are a FormatError."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FormatError(f"{file_name} is UTF-16, not UTF-8; convert it, with iconv say")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise FormatError(f"{file_name} is not UTF-8 (byte {exc.start}); convert it, with iconv say") from exc
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise FormatError(
            f"{file_name} has the control character U+{ord(control[0]):04X} on line {line}; remove it, "
            "or name the file by the format that it has"
        )
    return Extracted(text)
