"""The Python, the packages and the processors that Needle runs on."""

import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata

from service import computing
from service.doctor.findings import Finding

_OLDEST_PYTHON = (3, 11)
_REINSTALL = "install it anew with the pinned versions: make serve, or pip install -c constraints.txt ."


def python() -> Finding:
    """Whether Python is new enough."""
    found = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < _OLDEST_PYTHON:
        return Finding("python", "problem", found, "use Python 3.11 or later")
    return Finding("python", "ok", found)


def packages() -> Finding:
    """Whether every package that Needle needs is there in a version that it takes."""
    try:
        needed = metadata.requires("needle") or []
    except metadata.PackageNotFoundError:
        return Finding(
            "packages", "warning", "needle is not installed, so its needs are not known", _REINSTALL
        )
    wrong = list(_unmet(needed))
    if wrong:
        return Finding("packages", "problem", "; ".join(wrong), _REINSTALL)
    return Finding("packages", "ok", "every package is there in a version that fits")


def _unmet(needed: list[str]) -> Iterator[str]:
    from packaging.requirements import Requirement

    for requirement in map(Requirement, needed):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield f"{requirement.name} is missing"
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} is {version}, needed is {requirement.specifier}"


def processors() -> Finding:
    """How many cores there are, and how many threads a question takes."""
    cores = computing.processors()
    threads = os.environ.get("OMP_NUM_THREADS", "")
    found = f"{cores} to use; threads a question (OMP_NUM_THREADS): {threads or 'as many as cores'}"
    if threads != "1" and cores > 1:
        mend = "unset OMP_NUM_THREADS, so that Needle sets 1: threads of one question wait for each other"
        return Finding("processors", "warning", found, mend)
    return Finding("processors", "ok", found)
