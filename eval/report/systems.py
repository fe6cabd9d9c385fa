"""The parts of the report that compare systems: overall, by type of question, and in time."""

from collections.abc import Sequence

from eval.compare import MEASURES, difference, p_value
from eval.figures import Figures
from eval.measures import NAMES
from eval.questions import ANSWERABLE
from eval.report import charts
from eval.report.cells import Drawn, figure, header, row, spoken
from eval.report.charts import Axis, Series
from eval.report.markup import Markup, join, tag
from eval.systems import DEPTH

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)  # milliseconds between grid lines


def overall(drawn: Sequence[Drawn]) -> Markup:
    """Recall by depth, and every measure of every system."""
    primary = drawn[0][0]
    return tag(
        "section",
        tag("h2", "Systems"),
        tag("p", "The same questions, put to each system in the same run.", class_="soft"),
        tag("div", _by_depth(drawn), _legend(drawn), class_="pair"),
        tag("div", _table(primary, [one for one, _ in drawn]), class_="scroll"),
        tag(
            "p",
            "Small: 95 % bootstrap intervals. Words: in the top five passages. p: how likely so large a "
            f"difference from “{primary.name}” is by chance (paired randomisation test).",
            class_="note",
        ),
    )


def _by_depth(drawn: Sequence[Drawn]) -> Markup:
    lowest = min(one.curve[0] for one, _ in drawn)
    tenths = min(9, int(lowest * 10))
    return charts.lines(
        "Evidence recall by depth",
        [Series(one.name, list(enumerate(one.curve, start=1)), colour) for one, colour in drawn],
        Axis("passages read, from the top", 1, 10, range(1, 11)),
        Axis(
            "share of the evidence found", tenths / 10, 1, [n / 10 for n in range(tenths, 11)], percent=True
        ),
    )


def _legend(drawn: Sequence[Drawn]) -> Markup:
    return tag(
        "dl",
        *(
            join(
                tag("dt", tag("span", class_=f"swatch {colour}"), one.name),
                tag("dd", one.run.about),
            )
            for one, colour in drawn
        ),
    )


def _table(primary: Figures, figures: Sequence[Figures]) -> Markup:
    rows = [header("", *NAMES.values(), "words", *(f"p, {NAMES[name]}" for name in MEASURES))]
    for one in figures:
        measured = one.parts["all"].measures
        tests = ["" if one is primary else p_value(difference(name, one, primary).p) for name in MEASURES]
        cells = [figure(measured[name]) for name in NAMES]
        classes = "primary" if one is primary else None
        rows.append(row(one.name, *cells, f"{one.words:.0f}", *tests, classes=classes))
    return tag("table", *rows)


def by_type(drawn: Sequence[Drawn]) -> Markup:
    """A panel for each type with a row for each system, then every measure of the first."""
    primary = drawn[0][0]
    panels = [
        tag(
            "div",
            tag("h3", f"{spoken(name)} ", tag("span", f"{part.questions} questions", class_="note")),
            _panel(name, drawn),
        )
        for name, part in primary.parts.items()
        if name in ("all", *ANSWERABLE)
    ]
    return tag(
        "section",
        tag("h2", "By type of question"),
        tag("p", "Evidence recall in the top five, with 95 % bootstrap intervals.", class_="soft"),
        tag("div", *panels, class_="panels"),
        tag("h3", f"All measures of “{primary.name}”"),
        tag("div", _types_table(primary), class_="scroll"),
    )


def _panel(name: str, drawn: Sequence[Drawn]) -> Markup:
    return charts.forest(
        f"Recall at 5, {spoken(name)}",
        [(one.name, one.parts[name].measures["recall@5"], colour) for one, colour in drawn],
        Axis("", 0, 1, (0, 0.25, 0.5, 0.75, 1)),
    )


def _types_table(primary: Figures) -> Markup:
    rows = [header("", "questions", *NAMES.values())]
    classes = {"all": "primary", "dev": "primary", "test": "primary rule"}
    for name, part in primary.parts.items():
        cells = [figure(part.measures[key]) for key in NAMES]
        rows.append(row(spoken(name), str(part.questions), *cells, classes=classes.get(name)))
    return tag("table", *rows)


def latency(drawn: Sequence[Drawn]) -> Markup:
    """The median and the 95th percentile of each system."""
    longest = max(one.latency.p95 for one, _ in drawn)
    step = next((step for step in _STEPS if longest <= 8 * step), _STEPS[-1])
    ticks = [step * n for n in range(int(longest / step) + 2)]
    chart = charts.bars(
        "Latency",
        [(one.name, one.latency.p50, one.latency.p95, colour) for one, colour in drawn],
        Axis("milliseconds a question", 0, ticks[-1], ticks),
    )
    return tag(
        "section",
        tag("h2", "Latency"),
        tag(
            "p",
            f"Bar: the median; line: up to the 95th percentile. One question at a time, {DEPTH} passages "
            "asked for; the encoder’s time is included.",
            class_="soft",
        ),
        chart,
    )
