"""Everything that one run of the benchmark found out, and the file that keeps it."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.bench.figures import by_round, figures
from eval.bench.goals import Goal, goals
from eval.bench.rounds import Measured, Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """created: date and time, UTC. measured_on: the index, its model, the machine.

    about: what each system is, by its name. peers: those of them that are compared with.
    """

    created: str
    index: str
    about: dict[str, str]
    peers: tuple[str, ...]
    plan: Plan
    measured: Measured

    @property
    def goals(self) -> list[Goal]:
        """What shall be reached, and what was."""
        return goals(self.measured, self.peers)

    @property
    def client_ms(self) -> float:
        """Milliseconds of processor that this process took for a request, as the client."""
        loaded = [s.loaded for s in self.measured.spells if s.system in self.measured.starts]
        answered = sum(len(each.latencies_ms) for each in loaded)
        return 1000 * sum(each.client_seconds for each in loaded) / max(1, answered)


def machine() -> str:
    """What this runs on, as far as it tells, and how many processes wanted its processors of late."""
    waiting = f", load average {os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} processors ({platform.machine()}{waiting}), {platform.system()}, {python}"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """All figures, and each round's."""
    measured = outcome.measured
    return {
        "created": outcome.created,
        "index": outcome.index,
        "machine": machine(),
        "plan": asdict(outcome.plan),
        "client_ms_per_request": outcome.client_ms,
        "left_out": measured.left_out,
        "start_seconds": measured.starts,
        "resident_mb": {
            name: {"mb": mb, "after_searches": searches} for name, (mb, searches) in measured.memory.items()
        },
        "goals": [{**asdict(goal), "met": goal.met} for goal in outcome.goals],
        "loads": [
            {
                "system": system,
                **asdict(setting),
                **asdict(one),
                "rounds": {n: asdict(each) for n, each in by_round(measured.spells, system, setting).items()},
            }
            for (system, setting), one in figures(measured.spells).items()
        ],
    }


def write(folder: Path, outcome: Outcome) -> tuple[Path, Path]:
    """Write bench.json and bench.html into `folder`, which is made; returns both."""
    from eval.bench.report import page

    folder.mkdir(parents=True, exist_ok=True)
    figures_file, page_file = folder / "bench.json", folder / "bench.html"
    content = json.dumps(as_json(outcome), ensure_ascii=False, indent=1)
    figures_file.write_text(content + "\n", encoding="utf-8")
    page_file.write_text(page(outcome), encoding="utf-8")
    return figures_file, page_file
