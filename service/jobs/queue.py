"""Jobs: changes of the documents that were asked for over HTTP, done one after the other."""

import asyncio
import logging
import shutil
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

from ingest.additions import Change
from ingest.errors import NeedleError
from service.errors import TooManyJobs, UnknownJob
from service.jobs.worker import Outcome, Task, Worker
from service.live_index import LiveIndex

logger = logging.getLogger(__name__)

REMEMBERED = 100
MOST_WAITING = 16

State = Literal["queued", "running", "done", "failed"]


@dataclass
class Job:
    """One change that was asked for, and how far it is.

    folder: of the uploaded files, which goes with the job's end.
    step, done, total: as a build reports them; step is None before the first.
    error: code and detail of what kept the whole job from being done.
    """

    task: Task
    folder: Path | None = None
    id: str = field(default_factory=lambda: uuid4().hex)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished: datetime | None = None
    state: State = "queued"
    step: str | None = None
    done: int = 0
    total: int = 0
    changes: tuple[Change, ...] = ()
    generation: str | None = None
    error: tuple[str, str] | None = None

    def report(self, step: str, done: int, total: int) -> None:
        """Note how far it is."""
        self.step, self.done, self.total = step, done, total


class Jobs:
    """The last jobs of this service, in memory: a restart forgets them, and what waits is not done."""

    def __init__(self, live_index: LiveIndex, worker: Worker) -> None:
        self._live_index = live_index
        self._worker = worker
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._queue: asyncio.Queue[Job] = asyncio.Queue()

    def submit(self, task: Task, folder: Path | None = None) -> Job:
        """Have a task done after those before it. Raises TooManyJobs."""
        if self._queue.qsize() >= MOST_WAITING:
            raise TooManyJobs(MOST_WAITING)
        job = Job(task, folder)
        self._jobs[job.id] = job
        while len(self._jobs) > REMEMBERED:
            self._jobs.popitem(last=False)
        self._queue.put_nowait(job)
        return job

    def job(self, job_id: str) -> Job:
        """The job with this id. Raises UnknownJob."""
        if job_id not in self._jobs:
            raise UnknownJob(job_id)
        return self._jobs[job_id]

    async def work(self) -> None:
        """Do one job after the other, until cancelled; one that is running then is seen to its end."""
        while True:
            job = await self._queue.get()
            job.state = "running"
            doing = asyncio.create_task(asyncio.to_thread(self._do, job))
            try:
                await asyncio.shield(doing)
            except asyncio.CancelledError:
                await doing  # the process may be gone right after: what was uploaded has to be gone before
                raise

    def stop(self) -> None:
        """Break off the running job and drop those that wait."""
        self._worker.stop()
        while not self._queue.empty():
            _discard(self._queue.get_nowait())

    def _do(self, job: Job) -> None:
        try:
            outcome = self._worker.run(job.task, job.report)
            job.changes = outcome.changes
            self._open(outcome, job)
            self._end(job, "done")
        except NeedleError as exc:
            job.error = exc.code, str(exc)
            self._end(job, "failed")
        except Exception:
            logger.exception("job %s failed", job.id)
            detail = f"an unexpected error; the service's log has its cause under {job.id}"
            job.error = "internal_error", detail
            self._end(job, "failed")
        finally:
            _discard(job)

    def _open(self, outcome: Outcome, job: Job) -> None:
        """Answer from what was written, before the job is called done. Raises NeedleError."""
        if outcome.summary is None:
            return
        job.generation = outcome.summary.generation
        self._live_index.refresh()
        # Names begin with the time: a later one holds this one's documents too.
        if self._live_index.current().generation.name < job.generation:
            self._live_index.open()

    @staticmethod
    def _end(job: Job, state: State) -> None:
        job.finished = datetime.now(UTC)
        job.state = state
        failed = sum(change.status == "failed" for change in job.changes)
        told = f": {job.error[1]}" if job.error else f", {len(job.changes)} files, {failed} failed"
        logger.info("job %s (%s) %s%s", job.id, job.task.kind, state, told)


def _discard(job: Job) -> None:
    if job.folder:
        shutil.rmtree(job.folder, ignore_errors=True)
