"""`needle bench`: how fast the service is, next to what people would otherwise use."""

import os
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from eval.bench.contenders import INSTALL
from eval.errors import PackageMissing
from service.cli.console import complain, stdout

if TYPE_CHECKING:
    from eval.bench.contenders import Contender
    from eval.bench.outcome import Outcome
    from eval.bench.rounds import Floors, Plan
    from service.settings import Settings

RESULTS = Path("eval/results")


def command(
    quick: Annotated[
        bool, typer.Option("--quick", help="One short round in about a minute, to see that it works.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results are written.")] = RESULTS,
) -> None:
    """Measure start-up, memory, latency and throughput, next to LangChain, txtai and a bare loop."""
    # As `needle serve` has it, for the floor, which runs in this process.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if find_spec("psutil") is None:
        raise PackageMissing(f"psutil is not installed; install with: {INSTALL}")
    from eval.bench import outcome as outcomes
    from eval.bench import tables
    from eval.bench.contenders import NEEDLE, PEERS
    from eval.bench.rounds import FULL, QUICK
    from service.settings import load_settings

    outcome = run(load_settings(), (NEEDLE, *PEERS), QUICK if quick else FULL)
    tables.show(outcome)
    files = outcomes.write(out, outcome)
    stdout().print(f"wrote {files[1]} and {files[0].name} beside it")


def run(settings: "Settings", contenders: "tuple[Contender, ...]", plan: "Plan") -> "Outcome":
    """Build the index if there is none, and measure; a contender whose package is missing is left out."""
    import json

    from eval.bench import rounds
    from eval.bench.asking import distinct_questions
    from eval.bench.outcome import Outcome
    from eval.bench.processes import Place
    from eval.questions import load_questions
    from ingest.encoder import load_encoder
    from ingest.index import open_current, searched_text
    from ingest.weights import model_folder
    from service.cli.ingest import build_index
    from service.cli.progress import reporting

    left_out = {}
    for contender in contenders:
        if missing := contender.missing():
            left_out[contender.name] = f"not installed: {', '.join(missing)}; install with: {INSTALL}"
            complain(f"{contender.name} is left out, {left_out[contender.name]}")
    chosen = [contender for contender in contenders if contender.name not in left_out]
    build_index(settings)
    generation, encoder = open_current(settings.working_folder()), load_encoder(settings.encoder)
    passages = [searched_text(passage) for passage in generation.passages]
    questions = distinct_questions([question.question for question in load_questions()])

    def floor(question: str) -> object:
        return generation.vectors.nearest(encoder.encode([question]).vectors[0], 5)

    floors: Floors = {"encoder": lambda question: encoder.encode([question]), "encoder + FAISS": floor}
    with TemporaryDirectory(prefix="needle-bench-") as folder, reporting() as report:
        place = Place(
            Path(folder),
            model_folder(settings.encoder),
            settings.working_folder().resolve(),
            settings.encoder,
        )
        (place.folder / "passages.json").write_text(json.dumps(passages), encoding="utf-8")
        measured = rounds.measure(chosen, floors, place, questions, plan, report)
    measured.left_out.update(left_out)
    about = {
        **{contender.name: contender.about for contender in contenders},
        "encoder": "the floor: one pass of the exported encoder, in a loop of one process, and nothing else",
        "encoder + FAISS": "the same, and the five nearest passages from FAISS",
    }
    return Outcome(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{len(passages)} passages of index {generation.name} with {encoder.info.name}",
        about,
        tuple(contender.name for contender in chosen[1:]),
        plan,
        measured,
    )
