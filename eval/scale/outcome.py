"""What one run found out about all sizes, the files that keep it, and the table on a terminal."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.bench.goals import Goal
from eval.bench.outcome import machine
from eval.bench.tables import bound, reached, verdict
from eval.scale.searching import Searched
from eval.scale.sizes import Size
from eval.tables import plain_table
from service.cli.console import stdout

_MILLION = 1_000_000
_GIB = 1024**3 / 1e6


@dataclass(frozen=True, slots=True)
class Growth:
    """created: date and time, UTC. machine: what it ran on, and how busy that was."""

    created: str
    machine: str
    sizes: Sequence[Size]

    @property
    def goals(self) -> list[Goal]:
        """What a million passages may cost, and do."""

        def reached(figure: Callable[[Searched], float]) -> float | None:
            return next((figure(size.searched) for size in self.sizes if size.passages == _MILLION), None)

        return [
            Goal("opened, nothing of it cached", reached(lambda one: one.cold_open), 3, unit="s"),
            Goal("p50 of a search, what it reads cached", reached(lambda one: one.again.p50), 50, unit="ms"),
            Goal("p50 of a search, nothing cached", reached(lambda one: one.first.p50), 50, unit="ms"),
            Goal("recall@10 against an exact search", reached(lambda one: one.recall), 0.95, at_most=False),
            Goal("memory", reached(lambda one: one.own_mb / _GIB), 3, unit="GiB"),
        ]


def write(folder: Path, growth: Growth) -> tuple[Path, Path]:
    """Write scale.json and scale.html into `folder`, which is made; returns both."""
    from eval.scale.report import page

    folder.mkdir(parents=True, exist_ok=True)
    figures, report = folder / "scale.json", folder / "scale.html"
    content = {**asdict(growth), "goals": [{**asdict(goal), "met": goal.met} for goal in growth.goals]}
    figures.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    report.write_text(page(growth), encoding="utf-8")
    return figures, report


def cells(size: Size) -> list[str]:
    """A row of the table of all sizes, below `HEADER`."""
    built, searched = size.built, size.searched
    return [
        f"{size.passages:,}",
        searched.search,
        f"{built.seconds:,.0f}",
        f"{built.disk_mb:,.0f}",
        f"{searched.cold_open:.2f} / {searched.warm_open:.2f}",
        f"{searched.own_mb:,.0f} / {searched.resident_mb:,.0f}",
        f"{searched.first.p50:.1f} / {searched.first.p99:.1f}",
        f"{searched.again.p50:.1f} / {searched.again.p99:.1f}",
        f"{searched.again.processor:.1f}",
        f"{searched.recall:.3f}",
    ]


HEADER = (
    "passages",
    "vectors",
    "build s",
    "disk MB",
    "open s cold / warm",
    "memory MB own / mapped too",
    "first p50 / p99 ms",
    "again p50 / p99 ms",
    "of it computing ms",
    "recall@10",
)


def show(growth: Growth) -> None:
    """All sizes, and the goals."""
    console = stdout()
    table = plain_table(f"as the index grows ({growth.machine})", *HEADER)
    for size in growth.sizes:
        table.add_row(*cells(size))
    console.print(table)
    table = plain_table("a million passages", "", "reached", "bound", "")
    for goal in growth.goals:
        table.add_row(goal.what, reached(goal), bound(goal), verdict(goal))
    console.print(table)


def of(created: str, sizes: Sequence[Size]) -> Growth:
    """The outcome of a run that has just ended."""
    return Growth(created, machine(), sizes)
