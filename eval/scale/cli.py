"""`needle bench-scale`: what building, opening and searching cost as the index grows."""

import os
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import typer

from eval.bench.contenders import INSTALL
from eval.errors import PackageMissing
from service.cli.console import stdout

RESULTS = Path("eval/results")
SIZES = (300, 10_000, 100_000, 1_000_000)
QUICK = SIZES[:2]


def command(
    passages: Annotated[
        list[int] | None,
        typer.Option(metavar="N", min=1, max=10_000_000, help="This many; may be given several times."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="300 and 10,000 only, in a minute or two.")] = False,
    vectors: Annotated[
        Literal["auto", "flat", "lists"],
        typer.Option(help="How the vectors are searched; auto takes lists above 50,000 passages."),
    ] = "auto",
    where: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="Where the indexes are built, and removed afterwards."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results are written.")] = RESULTS,
) -> None:
    """Measure build time, disk, memory, latency and recall on generated passages, up to a million.

    A million take 40 GB of disk and, on an idle machine, a quarter of an hour. Ctrl-C leaves nothing behind.
    """
    # As `needle serve` has it: one thread a question.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if find_spec("psutil") is None:
        raise PackageMissing(f"psutil is not installed; install with: {INSTALL}")
    from eval.scale import outcome
    from eval.scale.sizes import measure
    from service.cli.progress import reporting

    sizes = passages or list(QUICK if quick else SIZES)
    with TemporaryDirectory(prefix="needle-scale-", dir=where) as folder, reporting() as report:
        found = measure(sizes, vectors, Path(folder), report)
    growth = outcome.of(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", found)
    outcome.show(growth)
    files = outcome.write(out, growth)
    stdout().print(f"wrote {files[1]} and {files[0].name} beside it")
