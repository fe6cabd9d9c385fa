"""The part of the report on what systems do when the documents do not say."""

from collections.abc import Sequence

from eval.figures import Figures
from eval.report import charts
from eval.report.cells import Drawn, figure, header, row, spoken
from eval.report.charts import Axis, Series
from eval.report.markup import Markup, tag


def abstention(drawn: Sequence[Drawn]) -> Markup:
    """Risk and coverage, AUROC, refusals, and the confidence of the first system for every question."""
    primary = drawn[0][0]
    figures = [one for one, _ in drawn]
    return tag(
        "section",
        tag("h2", "When the documents do not say"),
        tag(
            "p",
            "The curves: what is risked when only the surest questions are answered, the lower the better; "
            f"the ring is where “{primary.name}” draws the line. The dots: its confidence, one a question.",
            class_="soft",
        ),
        tag("div", _risk_by_coverage(drawn), _confidence(primary), class_="pair"),
        tag("div", _table(figures), class_="scroll"),
        tag(
            "p",
            "AUROC: how likely an answerable question has more confidence than one of this kind; 0.5 is "
            "chance. Area: under the curve of risk and coverage.",
            class_="note",
        ),
    )


def _risk_by_coverage(drawn: Sequence[Drawn]) -> Markup:
    series = []
    for number, (one, colour) in enumerate(drawn):
        curve = one.abstention.risk_coverage
        points = list(zip(curve.coverage.tolist(), curve.risk.tolist(), strict=True))
        series.append(Series(one.name, points, colour, curve.chosen if number == 0 else None))
    highest = max(float(one.abstention.risk_coverage.risk.max()) for one, _ in drawn)
    tenths = max(2, min(10, int(highest * 10) + 1))
    return charts.lines(
        "Risk and coverage",
        series,
        Axis("share of all questions answered", 0, 1, (0, 0.25, 0.5, 0.75, 1), percent=True),
        Axis(
            "share answered without evidence",
            0,
            tenths / 10,
            [n / 10 for n in range(tenths + 1)],
            percent=True,
        ),
    )


def _table(figures: Sequence[Figures]) -> Markup:
    kinds = list(dict.fromkeys(name for one in figures for name in one.abstention.auroc))
    refusable = list(dict.fromkeys(name for one in figures for name in one.abstention.refused))
    over = (tag("th"), _over("AUROC", len(kinds)), tag("th"), _over("refused", len(refusable)))
    groups = tag("tr", *over, class_="over")
    rows = [groups, header("", *map(spoken, kinds), "area", *map(spoken, refusable))]
    for number, one in enumerate(figures):
        cells = [figure(one.abstention.auroc[name]) for name in kinds]
        area = f"{one.abstention.risk_coverage.area:.3f}"
        refused = [figure(interval, percent=True) for interval in one.abstention.refused.values()]
        never = [""] * (len(refusable) - len(refused))
        rows.append(row(one.name, *cells, area, *refused, *never, classes=None if number else "primary"))
    return tag("table", *rows)


def _over(label: str, columns: int) -> Markup:
    """A header over several columns."""
    return tag("th", label, colspan=columns) if columns else Markup()


def _confidence(primary: Figures) -> Markup:
    dots: dict[str, list[tuple[float, str, str]]] = {}
    for asked in primary.run.asked:
        question, confidence = asked.question, asked.answer.confidence
        colour = "c0" if question.answerable else "c5"
        dots.setdefault(spoken(question.type), []).append(
            (confidence, f"{confidence:.2f} {question.question}", colour)
        )
    highest = max(asked.answer.confidence for asked in primary.run.asked)
    top = 1.0 if highest <= 1 else highest
    cut = _cut(primary)
    label = "confidence" if cut is None else "confidence; what is left of the dashed line is refused"
    axis = Axis(label, 0, top, [top * n / 5 for n in range(6)])
    return charts.strips("Confidence by type of question", dots, axis, cut)


def _cut(primary: Figures) -> float | None:
    """The confidence below which the system refuses, as far as the questions show it."""
    answers = [asked.answer for asked in primary.run.asked]
    refused = [answer.confidence for answer in answers if answer.refused]
    kept = [answer.confidence for answer in answers if answer.refused is False]
    return (max(refused) + min(kept)) / 2 if refused and kept else None
