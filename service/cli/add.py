"""`needle add`: bring files into the corpus, and the index up to date."""

import json as json_format
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.console import complain, stdout
from service.cli.ingest import Yes, build_index, show

if TYPE_CHECKING:
    from ingest.additions import Change
    from ingest.build import Summary
    from service.settings import Settings


def command(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files, folders, or patterns such as 'papers/*.pdf'.")
    ],
    yes: Yes = False,
    json: Annotated[bool, typer.Option("--json", help="Print what became of each file as JSON.")] = False,
) -> None:
    """Bring files into the corpus, and the index up to date.

    Each file is copied into the corpus folder and described in corpus.toml, with title, authors, DOI and
    date as the file states them; mend there by hand what it states wrongly, and run `needle ingest`.

    A folder gives all that is in it and below. The same file twice is one document; a changed file of the
    same name replaces the document. A file that cannot be read is named with the reason, the others go in,
    and the exit code is 1.
    """
    from ingest.additions import add
    from ingest.found_files import find_files
    from service.cli.progress import reporting
    from service.settings import load_settings

    settings = load_settings()
    try:
        with reporting() as report:
            found = list(find_files(paths, settings.corpus))
            changes = add(settings.corpus, settings.working_folder(), found, report)
    except KeyboardInterrupt:
        complain("stopped; the files read so far are in the corpus, and the same command goes on from there")
        raise
    finish(changes, settings, yes=yes, json=json)


def finish(changes: "Sequence[Change]", settings: "Settings", *, yes: bool, json: bool) -> None:
    """Bring the index up to date with a changed corpus, and print what became of each file."""
    if not json:
        for change in changes:
            _show_change(change)
    failed = [change for change in changes if change.status == "failed"]
    summary = build_index(settings, yes=yes) if len(failed) < len(changes) else None
    if json:
        typer.echo(json_format.dumps(as_json(changes, summary), ensure_ascii=False, indent=2))
    elif summary:
        show(summary, settings)
    if failed or (summary and summary.failed):
        raise typer.Exit(1)


def as_json(changes: "Sequence[Change]", summary: "Summary | None") -> dict[str, object]:
    """What became of each file, and of the index; null if it was not touched."""
    return {"files": [asdict(change) for change in changes], "index": asdict(summary) if summary else None}


def _show_change(change: "Change") -> None:
    from rich.text import Text

    if change.status == "failed":
        complain(f"{change.name} failed: {change.reason}")
        return
    said = {
        "added": f"added {change.name} as {change.document_id}: {change.title}",
        "present": f"{change.name} is there already, as {change.document_id}",
        "changed": f"{change.name} replaces {change.document_id}",
        "removed": f"removed {change.document_id}: {change.title}",
    }
    stdout().print(Text(said[change.status]), soft_wrap=True)
