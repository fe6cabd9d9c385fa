"""`needle ask`: one question and its answer, or a conversation."""

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.console import complain, stderr, stdout
from service.errors import InvalidRequest

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from service.live_index import Opened
    from service.schemas.answers import AnswerRequest, AnswerResponse
    from service.settings import Settings

PROMPT = "? "
_LEAVING = ("exit", "quit")
_NEAREST = 3  # passages that are named where there is no answer


def command(
    question: Annotated[
        str | None, typer.Argument(metavar="[QUESTION]", help="In quotes; without one, a conversation.")
    ] = None,
    document: Annotated[
        list[str] | None, typer.Option(help="Answer from this document only; give it again for more.")
    ] = None,
    compose: Annotated[
        str, typer.Option(help="auto; extractive: the documents' own sentences; llm: a language model's.")
    ] = "auto",
    json: Annotated[bool, typer.Option("--json", help="Print what POST /v1/answer answers.")] = False,
) -> None:
    """Answer a question with its sources, or each of a conversation."""
    asker = _Asker({"document_ids": document, "compose": compose})
    if question is None:
        _converse(asker, json)
    else:
        _print(asker.ask(question), json)


class _Asker:
    """Answers one question after the other, each understood from those before it."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._history: list[dict[str, str]] = []
        self._ready: tuple[Settings, Opened] | None = None

    def ask(self, question: str) -> "AnswerResponse":
        """The answer. Raises NeedleError; KeyboardInterrupt stops it and whatever it waits for."""
        import asyncio

        from service.broken_rules import validated
        from service.schemas.answers import AnswerRequest
        from service.schemas.questions import MAX_ANSWER, MAX_TURNS

        fields = {"question": question, "history": self._history, **self._options}
        request = validated(AnswerRequest, fields)
        console = stderr()
        with console.status("searching and reading …") if console.is_terminal else nullcontext():
            settings, opened = self._open()
            response = asyncio.run(_answer(settings, opened, request))
        said = {"question": request.question, "answer": response.answer[:MAX_ANSWER]}
        self._history = [*self._history, said][-MAX_TURNS:]
        return response

    def _open(self) -> "tuple[Settings, Opened]":
        from service.index_places import place_of
        from service.live_index import LiveIndex
        from service.settings import load_settings

        if self._ready is None:
            settings = load_settings()
            self._ready = settings, LiveIndex(place_of(settings), settings.encoder).open()
        return self._ready


async def _answer(settings: "Settings", opened: "Opened", request: "AnswerRequest") -> "AnswerResponse":
    from service.answer_presentation import answer_response
    from service.answers import answering
    from service.answers.llm import HttpLLM
    from service.answers.support import verifier_of

    llm = HttpLLM.of(settings)
    try:
        finished = await answering.answer(opened, request, llm, verifier_of(opened))
    finally:
        if llm:
            await llm.aclose()
    name = llm.name if llm else None
    return answer_response(opened.generation, finished.answer, finished.timings_ms, name)


def _converse(asker: _Asker, json: bool) -> None:
    if sys.stdin.isatty():
        stderr().print("Ask away; Ctrl-C stops an answer, Ctrl-D or “exit” leaves.", style="dim")
    while (question := _typed()) is not None:
        try:
            if question:
                _print(asker.ask(question), json)
        except KeyboardInterrupt:
            complain("stopped")
        except InvalidRequest as exc:
            complain(str(exc))


def _typed() -> str | None:
    """The next question, "" for none; None at the end."""
    try:
        line = input(PROMPT if sys.stdin.isatty() else "").strip()
    except EOFError:
        return None
    except KeyboardInterrupt:
        stdout().print()
        return ""
    return None if line.lower() in _LEAVING else line


def _print(response: "AnswerResponse", json: bool) -> None:
    if json:
        typer.echo(response.model_dump_json(indent=2))
    else:
        _show(stdout(), response)


def _show(console: "Console", response: "AnswerResponse") -> None:
    from rich.text import Text

    from service.answers.answering import NO_LLM
    from service.source_list import HEADING, quotation, source_list

    console.print(_with_markers(response.answer))
    # Who has set up no model need not be told so with every answer.
    if response.reason and response.reason != NO_LLM:
        console.print(Text(f"({response.reason})", style="dim"))
    if response.abstained:
        _show_nearest(console, response)
    # What only a sentence cites that was left out is no source of this answer.
    cited = [citation for citation in response.citations if f"[{citation.n}]" in response.answer]
    if cited:
        console.print(f"\n{HEADING}", style="bold")
    for citation, line in zip(cited, source_list(cited), strict=True):
        console.print(Text(line, style="cyan"))
        console.print(Text(f"    “{quotation(citation)}”", style="dim"))
    console.print()


def _show_nearest(console: "Console", response: "AnswerResponse") -> None:
    from rich.text import Text

    console.print("\nNearest passages:", style="bold")
    for passage in response.passages[:_NEAREST]:
        place = " › ".join((passage.document.title, *passage.section))
        console.print(Text(place, style="cyan"))
        console.print(Text(f"    {passage.text}", style="dim"))


def _with_markers(answer: str) -> "Text":
    from rich.text import Text

    text = Text(answer)
    text.highlight_regex(r"\[\d+\]", "bold cyan")
    return text
