"""`needle inspect`: a document as it is read, to be checked by eye."""

import json as json_format
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.console import stdout
from service.errors import UnknownDocument

if TYPE_CHECKING:
    from rich.console import Console

    from ingest.blocks import Block
    from ingest.reading import Reading
    from ingest.records import Abbreviation, Reference
    from ingest.tables import Row, Table


def command(
    document: Annotated[str, typer.Argument(metavar="DOC", help="Id of the document in corpus.toml.")],
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show what was read from a document: blocks, tables, references, abbreviations, oddities."""
    reading = _read(document)
    if json:
        typer.echo(json_format.dumps(as_json(reading), ensure_ascii=False, indent=2))
    else:
        _show(stdout(), reading)


def _read(document_id: str) -> "Reading":
    from ingest.corpus import read_entries, read_source
    from ingest.reading import read
    from service.settings import load_settings

    folder = load_settings().corpus
    entries = {entry.id: entry for entry in read_entries(folder)}
    if document_id not in entries:
        raise UnknownDocument(document_id, entries)
    return read(read_source(folder, entries[document_id]))


def as_json(reading: "Reading") -> dict[str, Any]:
    """A reading as plain JSON."""
    return {
        "id": reading.source.id,
        "title": reading.source.title,
        "blocks": [_block_json(block) for block in reading.blocks],
        "references": [
            {
                "number": r.number,
                "text": r.text,
                "spans": r.spans,
                "doi": r.doi,
                "pmid": r.pmid,
                "url": r.url,
                "oddities": r.oddities,
            }
            for r in reading.references
        ],
        "abbreviations": [
            {"short": a.short, "long": a.long, "source": a.source, "spans": a.spans}
            for a in reading.abbreviations
        ],
        "oddities": reading.oddities,
    }


def _block_json(block: "Block") -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": block.kind,
        "section": block.section,
        "spans": block.fragments,
        "text": block.text,
    }
    if block.level is not None:
        found["level"] = block.level
    if block.caption is not None:
        found["caption"] = block.caption
    if block.table and block.row:
        found["row"] = _row_json(block.table, block.row)
    elif block.table:
        found["headers"] = block.table.headers
    return found


def _row_json(table: "Table", row: "Row") -> dict[str, Any]:
    return {
        "number": row.number,
        "group": row.group.text if row.group else None,
        "cells": [[header, cell.text] for header, cell in zip(table.headers, row.cells, strict=True)],
        "put_back": row.slipped,
    }


def _show(console: "Console", reading: "Reading") -> None:
    console.print(f"{reading.source.id}: {reading.source.title}\n", style="bold")
    for block in reading.blocks:
        if block.kind == "table":
            _show_table(console, block)
        elif block.kind != "table_row":
            _show_block(console, block)
    _show_references(console, reading.references)
    _show_abbreviations(console, reading.abbreviations)
    for oddity in reading.oddities:
        console.print(f"odd: {oddity}", style="yellow")


def _show_block(console: "Console", block: "Block") -> None:
    place = " › ".join(block.section)
    level = f" {block.level}" if block.level else ""
    console.print(f"{block.kind}{level}  {_spans(block)}  {place}".rstrip(), style="cyan")
    console.print(f"{block.text}\n", style="bold" if block.kind in ("title", "heading") else None)


def _show_table(console: "Console", block: "Block") -> None:
    from rich.table import Table

    assert block.table is not None
    console.print(f"table  {_spans(block)}  {' › '.join(block.section)}".rstrip(), style="cyan")
    console.print(block.caption or "without caption", style="bold")
    grid = Table(show_lines=True)
    grid.add_column("row", justify="right")
    groups = any(row.group for row in block.table.rows)
    for header in (*(("group",) if groups else ()), *block.table.headers):
        grid.add_column(header, overflow="fold")
    for row in block.table.rows:
        group = (row.group.text if row.group else "",) if groups else ()
        number = f"{row.number}{' put back' if row.slipped else ''}"
        grid.add_row(number, *group, *(cell.text for cell in row.cells))
    console.print(grid)
    console.print()


def _show_references(console: "Console", references: "tuple[Reference, ...]") -> None:
    console.print(f"{len(references)} references", style="bold")
    for reference in references:
        identifiers = [f"doi {reference.doi}"] if reference.doi else []
        identifiers += [f"PMID {reference.pmid}"] if reference.pmid else []
        console.print(f"{reference.number}. {reference.text}")
        console.print(f"   {', '.join(identifiers) or 'no DOI, no PMID'}", style="dim")
        for oddity in reference.oddities:
            console.print(f"   odd: {oddity}", style="yellow")
    console.print()


def _show_abbreviations(console: "Console", abbreviations: "tuple[Abbreviation, ...]") -> None:
    console.print(f"{len(abbreviations)} abbreviations", style="bold")
    for abbreviation in abbreviations:
        console.print(f"{abbreviation.short}: {abbreviation.long} ({abbreviation.source})")
    console.print()


def _spans(block: "Block") -> str:
    return " ".join(f"{start}–{end}" for start, end in block.fragments)
