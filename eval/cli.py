"""`needle eval`: measure the answers on the evaluation questions, or the rankings on another collection."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.console import complain, stdout

if TYPE_CHECKING:
    from eval.figures import Figures
    from eval.outcome import Outcome
    from eval.questions import Question
    from service.settings import Settings

RESULTS = Path("eval/results")
_BELOW_FLOOR = 1


class Split(StrEnum):
    """Which questions are asked."""

    DEV = "dev"
    TEST = "test"
    ALL = "all"


def command(
    config: Annotated[
        list[str] | None,
        typer.Option(help="Measure this system only; give it again for more. Without it, all are measured."),
    ] = None,
    split: Annotated[Split, typer.Option(help="Which questions to ask.")] = Split.ALL,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Test whether B differs from A, and show where."),
    ] = None,
    beir: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Measure the rankings on this collection in BEIR's layout instead."),
    ] = None,
    claims: Annotated[
        bool,
        typer.Option(
            "--claims", help="Measure the verifier on the labelled claims instead, dev beside test."
        ),
    ] = False,
    answers: Annotated[
        bool,
        typer.Option(
            "--answers", help="Measure the extractive answers instead: what they say and cite, by type."
        ),
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="Measure the service at this address, as system “service”.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with 1 if the ranking “full” falls under a floor of floors.toml."),
    ] = False,
    questions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask these questions instead of Needle's own.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results are written.")] = RESULTS,
) -> None:
    """Measure retrieval and abstention on hand-written questions, next to the usual baselines."""
    # Before numpy and torch are loaded. For a question at a time a second thread gains little on idle cores,
    # and on busy ones, where threads wait for each other, it makes all of it ten times as slow.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from eval.questions import load_questions, select
    from service.settings import load_settings

    settings = load_settings()
    if claims:
        _measure_claims(settings)
        return
    if beir:
        _measure_collections(beir, config or [], settings, out)
        return
    chosen = select(load_questions(questions) if questions else load_questions(), split.value)
    if answers:
        _measure_answers(chosen, split.value, settings)
        return
    names = _names(config, compare, service=bool(url), check=check)
    outcome = _measure(names, url, chosen, split.value, compare, settings)
    _show(outcome, out)
    if check:
        _check(outcome)


def _names(
    config: list[str] | None, compare: tuple[str, str] | None, *, service: bool, check: bool
) -> list[str]:
    """The systems to measure in this process."""
    from eval import catalogue, remote

    if config or compare:
        wanted = dict.fromkeys([*(config or []), *(compare or ())])
    else:
        wanted = dict.fromkeys(() if service or check else catalogue.NAMES)
    if check and not service:
        wanted["full"] = None
    names = [name for name in wanted if not (service and name == remote.NAME)]
    catalogue.check_names(names)
    return names


def _measure(
    names: list[str],
    url: str | None,
    questions: "tuple[Question, ...]",
    split: str,
    compare: tuple[str, str] | None,
    settings: "Settings",
) -> "Outcome":
    from eval import suite
    from service.cli.ingest import build_index
    from service.cli.progress import reporting
    from service.index_places import place_of

    places: list[str] = []
    figures: list[Figures] = []
    if names:
        build_index(settings)
        with reporting() as report:
            place, figures = suite.measure_here(
                names, questions, place_of(settings).open(), settings.encoder, report
            )
            places.append(place)
    if url:
        with reporting() as report:
            figures.append(suite.measure_service(url, questions, report))
            places.append(url)
    return suite.outcome(" and ".join(places), split, figures, compare)


def _show(outcome: "Outcome", out: Path) -> None:
    from eval import results, tables

    tables.show(outcome)
    results.write(out, outcome)
    stdout().print(f"wrote {out / 'report.html'}, results.json and the runs beside it")


def _check(outcome: "Outcome") -> None:
    from eval import floors

    lines = floors.broken(floors.load_floors(floors.FILE), outcome.primary)
    for line in lines:
        complain(f"{line}; mend the ranking, or, if the change is meant, the floor in {floors.FILE}")
    if lines:
        raise typer.Exit(_BELOW_FLOOR)
    stdout().print(f"“{outcome.primary.name}” keeps every floor")


def _measure_claims(settings: "Settings") -> None:
    from eval import claims, tables
    from ingest.encoder import load_encoder
    from ingest.index import open_current
    from service.cli.ingest import build_index

    build_index(settings)
    generation, encoder = open_current(settings.working_folder()), load_encoder(settings.encoder)
    tables.show_claims(
        [claims.measure(generation, encoder, "dev"), claims.measure(generation, encoder, "test")]
    )


def _measure_answers(questions: "tuple[Question, ...]", split: str, settings: "Settings") -> None:
    from eval import answers, tables
    from ingest.encoder import load_encoder
    from service.cli.ingest import build_index
    from service.index_places import place_of

    build_index(settings)
    generation, encoder = place_of(settings).open(), load_encoder(settings.encoder)
    tables.show_answers(answers.measure(generation, encoder, questions), split)


def _measure_collections(folders: list[Path], config: list[str], settings: "Settings", out: Path) -> None:
    from eval import beir, beir_index, results, tables
    from eval.remembering import RememberingEncoder
    from ingest.encoder import load_encoder
    from service.cli.progress import reporting
    from service.retrieval.ranking import RANKINGS

    names = config or list(RANKINGS)
    beir.check_rankings(names)
    collections = [beir.load_collection(folder) for folder in folders]
    encoder = RememberingEncoder(load_encoder(settings.encoder))
    for collection in collections:
        with reporting() as report:
            generation = beir_index.open_or_build(collection, encoder, beir_index.cache_folder(), report)
            scores = beir.measure(collection, names, generation, encoder, report, encoder.clock)
        tables.show_collection(collection.name, scores)
        stdout().print(f"wrote {results.write_collection(out, collection.name, scores)}")
