"""What a check found."""

from dataclasses import dataclass
from typing import Literal

from ingest.errors import NeedleError

Status = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    problem: Needle cannot answer as it is set up. warning: it can, with something to know or to do.
    mend: what to do about it, if anything.
    """

    check: str
    status: Status
    found: str
    mend: str | None = None


def of_error(check: str, exc: NeedleError, status: Status = "problem") -> Finding:
    """The error's line as a finding; its last part is the mend."""
    found, _, mend = str(exc).rpartition("; ")
    return Finding(check, status, found or mend, mend if found else None)
