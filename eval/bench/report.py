"""The report as one page: what shall be reached, the plots, every figure, and how it was measured."""

from collections.abc import Iterator
from statistics import median

from eval.bench.figures import Figures, Setting, figures
from eval.bench.goals import ENCODER, ONE, SERVICE
from eval.bench.outcome import Outcome, machine
from eval.bench.tables import bound, reached, verdict
from eval.report import charts
from eval.report.cells import header, row
from eval.report.charts import Axis, Series
from eval.report.document import document, tile
from eval.report.markup import Markup, join, tag

_STEPS = tuple(digit * 10**power for power in range(5) for digit in (1, 2, 5))

Found = dict[tuple[str, Setting], Figures]


def page(outcome: Outcome) -> str:
    """The whole report."""
    found = figures(outcome.measured.spells)
    return document(
        "Needle: benchmark",
        tag("h1", "How fast Needle is"),
        tag("p", f"{outcome.index}. Measured {outcome.created} on {machine()}.", class_="soft"),
        *_left_out(outcome),
        _tiles(outcome, found),
        _goals(outcome),
        _latency(found, ONE, "One client"),
        _latency(found, Setting(1, True), "One client, beside a busy neighbour"),
        _throughput(outcome, found),
        _starts(outcome),
        _all(found),
        _method(outcome),
    )


def _left_out(outcome: Outcome) -> Iterator[Markup]:
    for name, reason in outcome.measured.left_out.items():
        yield tag("p", tag("b", f"{name} was left out: "), reason)


def _tiles(outcome: Outcome, found: Found) -> Markup:
    measured = outcome.measured
    tiles = []
    if SERVICE in measured.starts:
        mb, searches = measured.memory[SERVICE]
        tiles += [
            tile(f"{median(measured.starts[SERVICE]):.2f} s", "until ready", "median of its starts"),
            tile(f"{mb:.0f} MB", "resident memory", f"after {searches:,} searches"),
        ]
    if (SERVICE, ONE) in found and (ENCODER, ONE) in found:
        one, encoder = found[SERVICE, ONE], found[ENCODER, ONE]
        passes = f"one pass of the encoder: {encoder.p50:.1f} ms"
        tiles.append(tile(f"{one.p50:.1f} ms", "a search, in the median", passes))
    return tag("div", *tiles, class_="tiles")


def _goals(outcome: Outcome) -> Markup:
    rows = [header("", "reached", "bound", "")]
    rows += [row(goal.what, reached(goal), bound(goal), verdict(goal)) for goal in outcome.goals]
    return tag(
        "section",
        tag("h2", "What it shall reach"),
        tag(
            "p",
            "Ratios are of the same run; those of p50 and throughput are medians of its rounds.",
            class_="soft",
        ),
        tag("table", *rows),
    )


def _latency(found: Found, setting: Setting, title: str) -> Markup:
    rows = [
        (system, one.p50, one.p99, _colour(system)) for (system, at), one in found.items() if at == setting
    ]
    if not rows:
        return join()
    chart = charts.bars(title, rows, _axis("milliseconds a search", max(row[2] for row in rows)))
    return tag(
        "section",
        tag("h2", title),
        tag("p", "Bar: the median; line: up to the 99th percentile.", class_="soft"),
        chart,
    )


def _throughput(outcome: Outcome, found: Found) -> Markup:
    clients = outcome.plan.clients
    series, most = [], 0.0
    for system in outcome.measured.starts:
        points = [
            (float(n), found[system, Setting(count, False)].throughput)
            for n, count in enumerate(clients)
            if (system, Setting(count, False)) in found
        ]
        most = max([most, *(rate for _, rate in points)])
        if points:
            series.append(Series(system, points, _colour(system)))
    if not series or len(clients) < 2:
        return join()
    # A step a load: 1, 4, 16 and 64 clients lie as far apart as each is from the next.
    x = Axis("clients", 0, len(clients) - 1, range(len(clients)), names=[str(count) for count in clients])
    return tag(
        "section",
        tag("h2", "Throughput"),
        tag("p", "Searches a second, by clients that ask at once.", class_="soft"),
        charts.lines("Throughput by clients", series, x, _axis("searches a second", most)),
    )


def _starts(outcome: Outcome) -> Markup:
    rows = [header("", "s until ready, median", "longest", "resident MB", "after searches")]
    for name, starts in outcome.measured.starts.items():
        mb, searches = outcome.measured.memory[name]
        rows.append(row(name, f"{median(starts):.2f}", f"{max(starts):.2f}", f"{mb:.0f}", f"{searches:,}"))
    return tag("section", tag("h2", "Start and memory"), tag("table", *rows))


def _all(found: Found) -> Markup:
    rows = [
        header("", "clients", "neighbour", "searches", "failed", "a second", "p50 ms", "p95 ms", "p99 ms")
    ]
    for (system, setting), one in found.items():
        counts = (
            str(setting.clients),
            "busy" if setting.neighbour else "",
            str(one.requests),
            str(one.failures),
        )
        times = (f"{one.throughput:.1f}", f"{one.p50:.1f}", f"{one.p95:.1f}", f"{one.p99:.1f}")
        rows.append(row(system, *counts, *times))
    return tag("section", tag("h2", "Every load"), tag("div", tag("table", *rows), class_="scroll"))


def _method(outcome: Outcome) -> Markup:
    plan = outcome.plan
    entries = {
        **outcome.about,
        "Rounds": f"{plan.rounds}, each with every system under every load for {plan.seconds:g} s, one "
        "after the other, so that what else the machine does hits all alike.",
        "Questions": "None is asked twice: half of one evaluation question and half of another.",
        "Client": "Kept connections in one process on the same processors; it took "
        f"{outcome.client_ms:.2f} ms of processor a request.",
        "Neighbour": "A process that keeps the last processor busy.",
        "Load average": "Over five minutes, at the end of the run, which itself adds about two. Where it is "
        "well above the number of processors, others took part, and the figures are theirs as well.",
        "Threads": "OMP_NUM_THREADS=1 for all; with more, torch collapses beside a busy neighbour.",
        "Memory": "Resident, with processes that it started, at the end of the run.",
    }
    listed = [join(tag("dt", name), tag("dd", text)) for name, text in entries.items()]
    return tag("section", tag("h2", "How this was measured"), tag("dl", *listed))


def _axis(label: str, most: float) -> Axis:
    step = next((step for step in _STEPS if most <= 6 * step), _STEPS[-1])
    ticks = [step * n for n in range(int(most / step) + 2)]
    return Axis(label, 0, ticks[-1], ticks)


def _colour(system: str) -> str:
    return {SERVICE: "c0", "langchain": "c1", "txtai": "c5"}.get(system, "c3")
