"""The outcome on a terminal."""

from statistics import median

from eval.bench.figures import figures
from eval.bench.goals import Goal
from eval.bench.outcome import Outcome
from eval.tables import plain_table
from service.cli.console import stdout


def show(outcome: Outcome) -> None:
    """Start and memory, every load, and the goals."""
    console = stdout()
    measured = outcome.measured
    console.print(f"{outcome.index}; the client took {outcome.client_ms:.2f} ms of processor a request")
    table = plain_table("ready, and memory", "system", "s until ready", "MB", "after searches")
    for name, starts in measured.starts.items():
        mb, searches = measured.memory[name]
        table.add_row(name, f"{median(starts):.2f}", f"{mb:.0f}", f"{searches:,}")
    for name, reason in measured.left_out.items():
        table.add_row(name, f"left out, {reason}")
    console.print(table)
    for neighbour, title in ((False, "load"), (True, "load, with a busy neighbour")):
        table = plain_table(title, "system", "clients", "a second", "p50 ms", "p95 ms", "p99 ms", "failed")
        for (system, setting), one in figures(measured.spells).items():
            if setting.neighbour == neighbour:
                times = (f"{one.p50:.1f}", f"{one.p95:.1f}", f"{one.p99:.1f}")
                table.add_row(
                    system, str(setting.clients), f"{one.throughput:.0f}", *times, str(one.failures or "")
                )
        console.print(table)
    table = plain_table("to reach", "", "reached", "bound", "")
    for goal in outcome.goals:
        table.add_row(goal.what, reached(goal), bound(goal), verdict(goal))
    console.print(table)


def reached(goal: Goal) -> str:
    """What was reached, with its unit."""
    return "not measured" if goal.reached is None else f"{goal.reached:.3g} {goal.unit}"


def bound(goal: Goal) -> str:
    """The bound, with its sign and unit."""
    return f"{'≤' if goal.at_most else '≥'} {goal.bound:g} {goal.unit}"


def verdict(goal: Goal) -> str:
    """Whether it is kept, in a word."""
    return {None: "", True: "yes", False: "no"}[goal.met]
