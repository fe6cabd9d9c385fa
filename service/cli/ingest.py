"""`needle ingest`: read the corpus and write its index."""

from typing import TYPE_CHECKING

from service.cli.console import stdout

if TYPE_CHECKING:
    from ingest.build import Summary
    from service.settings import Settings

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def command() -> None:
    """Read the corpus and write its index; what did not change is not embedded again."""
    from service.settings import load_settings

    settings = load_settings()
    show(build_index(settings), settings)


def build_index(settings: "Settings") -> "Summary":
    """Build the index of `settings` with a sign of life on standard error."""
    from ingest.build import build
    from service.cli.progress import reporting

    with reporting() as report:
        return build(settings.corpus, settings.index, settings.encoder, report)


def show(summary: "Summary", settings: "Settings") -> None:
    """Print what an ingestion did."""
    from rich.table import Table

    if summary.unchanged:
        stdout().print(f"nothing to do: {settings.index}/{summary.generation} holds this corpus already")
        return
    stdout().print(f"wrote {settings.index}/{summary.generation}")
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
