"""The report as one page: one plot of how each cost grows, every figure, and how it was measured."""

from math import log10

from eval.bench.tables import bound, reached, verdict
from eval.report import charts
from eval.report.cells import header, row
from eval.report.charts import Axis, Series
from eval.report.document import document
from eval.report.markup import Markup, join, tag
from eval.scale.generated import __doc__ as generated
from eval.scale.outcome import HEADER, Growth, cells

_METHOD = {
    "Passages": "Made up, 50 a document, 60 words and 88 token vectors each (below).",
    "Build": "Writing all files of an index, once passages are read and embedded. Embedding comes on top: 20 "
    "to 50 passages a second and processor.",
    "Open": "Until it can be asked. Cold: after the system was told to drop its files from the cache.",
    "Search": "300 questions, one after the other in one thread, without the encoder’s pass, which comes on "
    "top. First: with the cache dropped, so that what is read of the passages found comes from the disk. "
    "Again: the same questions once more, no result remembered. Computing: without waiting for the disk or "
    "for a processor that others use.",
    "Memory": "Of the process alone, and with what is mapped from files and was read meanwhile, which the "
    "system takes back when it needs it.",
    "Recall@10": "Share of the ten nearest vectors, by comparing all, that the search by vectors finds.",
    "Load average": "Where it is above the number of processors, others took part, and times are longer.",
}


def page(growth: Growth) -> str:
    """The whole report."""
    rows = [header("", "reached", "bound", "")]
    rows += [row(goal.what, reached(goal), bound(goal), verdict(goal)) for goal in growth.goals]
    sizes = [header(*HEADER), *(row(*cells(size)) for size in growth.sizes)]
    method = [join(tag("dt", name), tag("dd", text)) for name, text in _METHOD.items()]
    return document(
        "Needle: as the index grows",
        tag("h1", "What it costs as the index grows"),
        tag("p", f"Measured {growth.created} on {growth.machine}.", class_="soft"),
        _plot(growth),
        tag("section", tag("h2", "Every size"), tag("div", tag("table", *sizes), class_="scroll")),
        tag("section", tag("h2", "What a million may cost"), tag("table", *rows)),
        tag("section", tag("h2", "How this was measured"), tag("dl", *method)),
        tag("section", tag("h2", "What the passages are"), tag("pre", generated or "")),
    )


def _plot(growth: Growth) -> Markup:
    """Each cost over the number of passages, both by powers of ten."""
    if len(growth.sizes) < 2:
        return join()
    costs = {
        "search, ms": [size.searched.again.p50 for size in growth.sizes],
        "first search, ms": [size.searched.first.p50 for size in growth.sizes],
        "open, ms": [1000 * size.searched.cold_open for size in growth.sizes],
        "memory, MB": [size.searched.own_mb for size in growth.sizes],
        "build, s": [size.built.seconds for size in growth.sizes],
        "disk, MB": [size.built.disk_mb for size in growth.sizes],
    }
    at = [log10(size.passages) for size in growth.sizes]
    series = [
        Series(name, [(x, log10(max(cost, 1))) for x, cost in zip(at, found, strict=True)], f"c{number}")
        for number, (name, found) in enumerate(costs.items())
    ]
    most = int(max(y for one in series for _, y in one.points)) + 1
    x = Axis("passages", min(at), max(at), at, names=[f"{size.passages:,}" for size in growth.sizes])
    y = Axis("by powers of ten", 0, most, range(most + 1), names=[f"{10**n:,}" for n in range(most + 1)])
    return tag(
        "section",
        tag("h2", "How each cost grows"),
        tag("p", "A line that rises as fast as the diagonal grows with the passages.", class_="soft"),
        charts.lines("Costs by the number of passages", series, x, y),
    )
