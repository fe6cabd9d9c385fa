"""`needle verify`: check one claim from the command line."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.console import stdout
from service.errors import InvalidRequest

if TYPE_CHECKING:
    from service.schemas.verification import VerifyRequest, VerifyResponse

UNSUPPORTED = 1


def command(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="In quotes.")],
    passage: Annotated[
        str | None, typer.Option(help="Check it against this text, not against the documents.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what POST /v1/verify answers.")] = False,
) -> None:
    """Say whether a claim is supported, and by what; exit with 0 if it is, with 1 if not."""
    response = _check(_request(claim, passage))
    if json:
        typer.echo(response.model_dump_json(indent=2))
    else:
        _show(response)
    if response.verdict == "unsupported":
        raise typer.Exit(UNSUPPORTED)


def _request(claim: str, passage: str | None) -> "VerifyRequest":
    from pydantic import ValidationError

    from service import broken_rules
    from service.schemas.verification import VerifyRequest

    try:
        return VerifyRequest.model_validate({"claim": claim, "passage": passage})
    except ValidationError as exc:
        error = exc.errors()[0]
        raise InvalidRequest(broken_rules.message({**error, "loc": ("request", *error["loc"])})) from exc


def _check(request: "VerifyRequest") -> "VerifyResponse":
    from service import verifying
    from service.index_places import place_of
    from service.live_index import LiveIndex
    from service.settings import load_settings

    settings = load_settings()
    return verifying.check(LiveIndex(place_of(settings), settings.encoder).open(), request)


def _show(response: "VerifyResponse") -> None:
    from rich.text import Text

    console = stdout()
    style = "bold green" if response.verdict == "supported" else "bold red"
    console.print(Text(f"{response.verdict}, score {response.score:.2f}", style=style))
    for reason in response.reasons:
        console.print(f"- {reason}", soft_wrap=True)
    for sentence in response.evidence:
        place = f"{sentence.document.id}: " if sentence.document else ""
        console.print(Text(f"\n{place}{sentence.text}", style="dim"), soft_wrap=True)
