"""Reading in a process of its own: a file that crashes a library, or keeps it busy for ever, fails alone."""

import atexit
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path, PurePath
from threading import Lock
from typing import Any

from ingest.errors import FormatError
from ingest.formats import READ_AS_TEXT, extract
from ingest.formats.extracted import Extracted
from ingest.formats.limits import MAX_SECONDS


def extract_apart(content: bytes, file_name: str) -> Extracted:
    """`extract` in another process, which is kept for the next file; text is read in this one.

    Raises FormatError, also for a file that the other process dies of or is not done with in MAX_SECONDS.
    """
    if PurePath(file_name).suffix.lower() in READ_AS_TEXT:
        return extract(content, file_name)
    return _READER.read(content, file_name)


class _Reader:
    """The other process, which is started when it is needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection[bytes, bytes] | None = None
        self._lock = Lock()
        atexit.register(self.stop)

    def read(self, content: bytes, file_name: str) -> Extracted:
        """What it makes of a file. Raises FormatError."""
        with self._lock:
            pipe = self._pipe or self._started()
            try:
                pipe.send_bytes(file_name.encode("utf-8", "surrogateescape"))
                pipe.send_bytes(content)
                answer = json.loads(pipe.recv_bytes())
            except (EOFError, OSError) as exc:
                raise FormatError(f"{file_name} {self._death()}; print or save it anew, as a copy") from exc
            except BaseException:
                self.stop()  # else the next file would get this one's answer
                raise
        if "refused" in answer:
            raise FormatError(answer["refused"])
        fields: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in answer.items()}
        return Extracted(**fields)

    def stop(self) -> None:
        """End the process."""
        if self._pipe and self._process:
            self._pipe.close()
            self._process.kill()
            self._process.wait()
        self._pipe = self._process = None

    def _started(self) -> "Connection[bytes, bytes]":
        ours, theirs = Pipe()
        path = os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", f"from {__name__} import serve; serve({theirs.fileno()})"],
            env=os.environ | {"PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C in a terminal is for this process alone
        )
        theirs.close()
        self._pipe = ours
        return ours

    def _death(self) -> str:
        """What the process died of, in words."""
        assert self._process and self._pipe
        self._pipe.close()
        code = self._process.wait()
        self._pipe = self._process = None
        if code == -signal.SIGALRM:
            return f"is not read within {MAX_SECONDS} seconds"
        reason = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"makes its reader crash ({reason})"


_READER = _Reader()


def serve(descriptor: int) -> None:
    """Read the files that come through a pipe, until it is closed."""
    pipe: Connection[bytes, bytes] = Connection(descriptor)
    try:
        while True:
            file_name = pipe.recv_bytes().decode("utf-8", "surrogateescape")
            content = pipe.recv_bytes()
            # Ends the process, inside a library too, and even if nobody waits for it any more.
            signal.alarm(MAX_SECONDS)
            answer = _answer(content, file_name)
            signal.alarm(0)
            pipe.send_bytes(json.dumps(answer).encode())
    except (EOFError, OSError):
        pass


def _answer(content: bytes, file_name: str) -> dict[str, object]:
    try:
        return asdict(extract(content, file_name))
    except FormatError as exc:
        return {"refused": str(exc)}
    except Exception as exc:  # a fault of the reader: it must not keep the other files out
        reason = " ".join(f"{type(exc).__name__}: {exc}".split())[:200]
        return {"refused": f"{file_name} cannot be read ({reason}); print or save it anew, as a copy"}
