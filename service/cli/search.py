"""`needle search`: ask the index from the command line."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.console import stdout
from service.errors import InvalidRequest

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from service.schemas.questions import SearchRequest
    from service.schemas.responses import FoundPassage, Reference, SearchResponse


def command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In quotes.")],
    top_k: Annotated[int, typer.Option(help="The most passages to show, 1 to 50.")] = 5,
    document: Annotated[
        list[str] | None, typer.Option(help="Search this document only; give it again for more.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Show this kind of passage only; give it again for more.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what POST /v1/search answers.")] = False,
) -> None:
    """Show the passages nearest to a question, with their sources."""
    response = _search(_request(question, top_k, document, kind))
    if json:
        typer.echo(response.model_dump_json(indent=2))
    else:
        _show(response)


def _request(
    question: str, top_k: int, documents: list[str] | None, kinds: list[str] | None
) -> "SearchRequest":
    from pydantic import ValidationError

    from service import broken_rules
    from service.schemas.questions import SearchRequest

    fields = {"question": question, "top_k": top_k, "document_ids": documents, "kinds": kinds}
    try:
        return SearchRequest.model_validate(fields)
    except ValidationError as exc:
        error = exc.errors()[0]
        raise InvalidRequest(broken_rules.message({**error, "loc": ("request", *error["loc"])})) from exc


def _search(request: "SearchRequest") -> "SearchResponse":
    from service import searching
    from service.index_places import place_of
    from service.live_index import LiveIndex
    from service.settings import load_settings

    settings = load_settings()
    opened = LiveIndex(place_of(settings), settings.encoder).open()
    return searching.search(opened, request)


def _show(response: "SearchResponse") -> None:
    console = stdout()
    if not response.answerable:
        console.print("The documents are not likely to answer this; the nearest passages are:\n")
    for passage in response.passages:
        _show_passage(console, passage)
    if not response.passages:
        console.print("nothing found")


def _show_passage(console: "Console", passage: "FoundPassage") -> None:
    from rich.padding import Padding
    from rich.text import Text

    place = " › ".join((passage.document.id, *passage.section))
    where = f"characters {passage.start}–{passage.end}"
    console.print(Text(f"{passage.rank}. {place}", style="bold cyan"))
    console.print(
        Text(f"   {passage.kind.replace('_', ' ')}, {where}, score {passage.score:.3f}", style="dim")
    )
    for text in (_highlighted(passage), *(_reference(passage, entry) for entry in passage.references)):
        console.print(Padding(text, (0, 0, 0, 3)) if console.is_terminal else Text("   ") + text)
    console.print()


def _reference(passage: "FoundPassage", entry: "Reference") -> "Text":
    from rich.text import Text

    # A passage that is a bibliography entry has shown its own text already.
    text = "" if passage.kind == "reference" else entry.text
    return Text(" ".join(filter(None, (f"[{entry.number}]", text, entry.url))), style="dim")


def _highlighted(passage: "FoundPassage") -> "Text":
    from rich.text import Text

    text = Text(passage.text)
    for start, end in passage.text_highlights:
        text.stylize("bold yellow", start, end)
    return text
