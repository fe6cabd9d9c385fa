"""Where output goes: colour and width on a terminal, plain unbroken lines in a pipe."""

from rich.console import Console
from rich.text import Text

_TABLE_WIDTH = 160  # of tables in a pipe; lines of text are as long as they are


def stdout() -> Console:
    """For results."""
    return _console(stderr=False)


def stderr() -> Console:
    """For progress, notices and errors."""
    return _console(stderr=True)


def complain(message: str) -> None:
    """One red line on standard error."""
    stderr().print(Text(f"needle: {' '.join(message.split())}", style="red"), soft_wrap=True)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, markup=False, highlight=False)
    if console.is_terminal:
        return console
    return Console(stderr=stderr, markup=False, highlight=False, soft_wrap=True, width=_TABLE_WIDTH)
