"""A busy neighbour: a process that keeps one processor busy."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SPIN = "while True: pass"


@contextmanager
def busy_neighbour() -> Iterator[None]:
    """Keep the last of the processors busy, where the system lets a process be tied to one."""
    process = subprocess.Popen([sys.executable, "-I", "-c", _SPIN])
    try:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
        yield
    finally:
        process.kill()
        process.wait()
