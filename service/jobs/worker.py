"""The work of a job, in a process of its own: a build keeps a processor busy, and questions come first.

A process may also be killed, at any moment, without harm: the last good generation stays.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Literal, Protocol

from ingest import additions
from ingest.additions import Change
from ingest.approximate import Choice
from ingest.build import Summary, build
from ingest.errors import NeedleError
from ingest.found_files import FoundFile
from ingest.publishing import Server, publish_current
from service.errors import JobFailed

Report = Callable[[str, int, int], None]
# How much questions go before: 19 would be last of all.
_NICENESS = 10


@dataclass(frozen=True, slots=True)
class Task:
    """What a job is to do. files: for "add"; document_ids: for "remove".

    server: that the index is published to; None if it is the folder `index`. vectors: as in `build`.
    """

    kind: Literal["add", "remove"]
    corpus: Path
    index: Path
    encoder: str
    files: tuple[FoundFile, ...] = ()
    document_ids: tuple[str, ...] = ()
    server: Server | None = None
    vectors: Choice = "auto"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each file, and of the index; None if every file failed, so that it was not touched."""

    changes: tuple[Change, ...]
    summary: Summary | None


class Worker(Protocol):
    """Does one task after the other."""

    def run(self, task: Task, report: Report) -> Outcome:
        """Do it, telling `report(step, done, total)`. Raises JobFailed."""

    def stop(self) -> None:
        """Break off the task that is being done, and do no other."""


class WorkerProcess:
    """Does each task in a new process, of a lower priority."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def run(self, task: Task, report: Report) -> Outcome:
        context = multiprocessing.get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        with self._lock:
            if self._stopped:
                raise JobFailed("stopped", "the service was stopped before this job began; send it again")
            self._process = context.Process(target=_work, args=(sender, task), daemon=True)
            self._process.start()
        sender.close()
        with receiver:
            try:
                return self._followed(receiver, report)
            finally:
                self._process.join()
                self._process.close()
                self._process = None

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            process = self._process
            if process:
                process.terminate()

    @staticmethod
    def _followed(receiver: "Connection[object, object]", report: Report) -> Outcome:
        while True:
            try:
                message = receiver.recv()
            except EOFError:
                raise JobFailed(
                    "job_stopped",
                    "the work was broken off (the service was stopped, or memory ran out); "
                    "what is done is kept: send it again",
                ) from None
            if isinstance(message, Outcome):
                return message
            if isinstance(message, JobFailed):
                raise message
            assert isinstance(message, tuple)
            report(*message)


def work(task: Task, report: Report) -> Outcome:
    """Change the corpus and bring the index up to date with it. Raises NeedleError."""
    if task.kind == "add":
        changes = additions.add(task.corpus, task.index, task.files, report)
    else:
        changes = additions.remove(task.corpus, task.index, task.document_ids, report)
    if all(change.status == "failed" for change in changes):
        return Outcome(tuple(changes), None)
    summary = build(task.corpus, task.index, task.encoder, report, vectors=task.vectors)
    if task.server:
        publish_current(task.index, task.server, report)
    return Outcome(tuple(changes), summary)


def _work(sender: "Connection[object, object]", task: Task) -> None:
    # Ctrl-C in a terminal reaches this process too; the service ends it, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    try:
        sender.send(work(task, lambda *step: sender.send(step)))
    except NeedleError as exc:
        sender.send(JobFailed(exc.code, str(exc)))
