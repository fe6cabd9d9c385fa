"""The command line: `needle COMMAND`, one file a command.

Whatever takes long to import is imported inside the commands, so that `needle --help` comes at once.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import Annotated

import typer

from ingest.errors import NeedleError
from service.cli import add, ask, doctor, ingest, inspect, remove, search, serve, verify
from service.cli.console import complain

# Other packages add a command with an entry point in this group: a function, or a typer app of several.
PLUGINS = "needle.commands"

USAGE_ERROR = 2
INTERRUPTED = 130

_COMMANDS: dict[str, Callable[..., None]] = {
    "add": add.command,
    "remove": remove.command,
    "ingest": ingest.command,
    "serve": serve.command,
    "ask": ask.command,
    "search": search.command,
    "verify": verify.command,
    "inspect": inspect.command,
    "doctor": doctor.command,
}


def main() -> None:
    """The program `needle`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code.

    0; 1 if a document failed and the others went in; 2 for an error that a person can mend; 130 for Ctrl-C.
    """
    if not {"ingest", "add"} & set(arguments[:1]):
        # Questions come one at a time. A second thread for the same question gains little on idle cores, and
        # on busy ones, where the two wait for each other, makes it ten times as slow. torch looks only once.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a narrow terminal encoding
    try:
        code = _application(arguments)(arguments, prog_name="needle", standalone_mode=False)
    except (NeedleError, typer.TyperException) as exc:
        complain(str(exc) if isinstance(exc, NeedleError) else exc.format_message())
        return USAGE_ERROR
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _application(arguments: Sequence[str]) -> typer.Typer:
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.callback(invoke_without_command=True)(_needle)
    for name, command in _COMMANDS.items():
        application.command(name)(command)
    # A plugin's imports cost time, so they wait until the command is not one of the own.
    if not arguments or arguments[0] not in _COMMANDS:
        _add_plugins(application)
    return application


def _needle(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Answer questions over documents, with exact evidence."""
    if version:
        from service.version import needle_version

        typer.echo(f"needle {needle_version()}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _add_plugins(application: typer.Typer) -> None:
    for entry in entry_points(group=PLUGINS):
        if entry.name in _COMMANDS:
            complain(f"{entry.value} may not replace the command {entry.name!r}; rename its entry point")
            continue
        try:
            command = entry.load()
        except Exception as exc:
            # One broken plugin must not take the other commands with it.
            complain(f"the command {entry.name!r} cannot be loaded ({exc}); mend or uninstall {entry.value}")
            continue
        if isinstance(command, typer.Typer):
            application.add_typer(command, name=entry.name)
        else:
            application.command(entry.name)(command)
