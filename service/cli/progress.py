"""How far an ingestion is: bars on a terminal, a line now and then in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ingest.writing import WAITING
from service.cli.console import stderr

_LONG = 100  # units of work

Report = Callable[[str, int, int], None]


@contextmanager
def reporting() -> Iterator[Report]:
    """Give a function `(step, done, total)` that shows how far each step is."""
    console = stderr()
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bars(progress)


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step)
        self._progress.update(self._tasks[step], completed=done, total=total)


class _Lines:
    """A line at the end of a step, before it at each quarter of a long one, and whenever it has to wait."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[str, int] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step.startswith(WAITING):
            self._console.print(step)
            return
        quarter = 4 * done // total if total >= _LONG else done == total
        if quarter > self._shown.get(step, 0):
            self._shown[step] = quarter
            self._console.print(f"{step}: {done} of {total}")
