"""`needle ingest`: read the corpus and write its index."""

import json as json_format
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.console import complain, stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.build import Failure, Summary
    from service.settings import Settings

_UNITS = ("bytes", "kB", "MB", "GB", "TB")

Yes = Annotated[
    bool, typer.Option("--yes", help="Embed everything anew if NEEDLE_ENCODER names another model now.")
]


def command(
    yes: Yes = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Read the corpus and write its index; what did not change is neither read nor embedded again.

    A document that cannot be read is named with the reason and stays as it was read last; the others go in,
    and the exit code is 1. A run that was stopped, in whatever way, changes nothing, and the next goes on
    from there.
    """
    from service.settings import load_settings

    settings = load_settings()
    summary = build_index(settings, yes=yes)
    if json:
        typer.echo(json_format.dumps(asdict(summary), ensure_ascii=False, indent=2))
    else:
        show(summary, settings)
    if summary.failed:
        raise typer.Exit(1)


def build_index(settings: "Settings", *, yes: bool = False) -> "Summary":
    """Build the index of `settings` with a sign of life on standard error.

    Whether another embedding model may embed everything anew is asked on a terminal, unless `yes`.
    """
    from ingest.build import build
    from ingest.errors import EncoderChanged
    from ingest.publishing import publish_current
    from service.cli.progress import reporting

    try:
        with reporting() as report:
            folder, server = settings.working_folder(), settings.server()
            summary = build(
                settings.corpus,
                folder,
                settings.encoder,
                report,
                new_encoder=yes,
                vectors=settings.vectors,
            )
            if server:
                publish_current(folder, server, report)
            return summary
    except KeyboardInterrupt:
        complain("stopped; what answered before still does, and `needle ingest` goes on from here")
        raise
    except EncoderChanged as exc:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        stderr().print(str(exc), style="yellow")
    if not typer.confirm("Embed them anew now?", err=True):
        raise typer.Abort
    return build_index(settings, yes=True)


def complain_of(failures: "Sequence[Failure]") -> None:
    """A line for each document that could not be read."""
    for failure in failures:
        kept = "; the index keeps it as it was read last" if failure.kept else ""
        complain(f"{failure.document_id} failed: {failure.reason}{kept}")


def show(summary: "Summary", settings: "Settings") -> None:
    """Print what an ingestion did."""
    complain_of(summary.failed)
    if summary.unchanged:
        stdout().print(f"nothing to do: {settings.index}/{summary.generation} holds this corpus already")
        return
    stdout().print(f"wrote {settings.index}/{summary.generation}")
    _show_counts(summary)


def _show_counts(summary: "Summary") -> None:
    from rich.table import Table

    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("documents", f"{summary.documents:,}")
    table.add_section()
    for kind, count in summary.passages.items():
        table.add_row(kind.replace("_", " "), f"{count:,}")
    table.add_row("passages", f"{sum(summary.passages.values()):,}", style="bold")
    table.add_section()
    table.add_row("embedded now", f"{summary.embedded:,}")
    table.add_row("embedded before", f"{summary.reused:,}")
    table.add_row("seconds", f"{summary.seconds:.1f}")
    table.add_row("size", _size(summary.bytes))
    stdout().print(table)


def _size(count: int) -> str:
    """1,234,567 bytes are "1.2 MB"."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{count} bytes"
