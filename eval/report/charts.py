"""Plots as SVG, without a library and without a script.

Each takes figures and gives one `<svg>`. Colours come from the style sheet: a mark of class "c0" to "c8" has
the colour of that name, c0 the one that stands out. Lengths are in SVG user units, about a CSS pixel each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.report.markup import Markup, join, tag
from eval.sampling import Interval

_ROW = 22.0  # height of a row with its label
_LABEL_GAP = 15.0  # between the labels at the ends of lines, so that none covers another


@dataclass(frozen=True, slots=True)
class Series:
    """A line: points as (x, y), the class of its colour, and perhaps one point that is marked."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    marked: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, with a grid line and a number at each tick, or a name where `names` has them."""

    label: str
    low: float
    high: float
    ticks: Sequence[float]
    percent: bool = False
    names: Sequence[str] = ()

    def at(self, value: float, start: float, end: float) -> float:
        """Where `value` lies between the positions `start` and `end`, or at the nearer one if outside."""
        share = (value - self.low) / (self.high - self.low)
        return start + min(1.0, max(0.0, share)) * (end - start)

    def written(self, value: float) -> str:
        """A tick's number, or its name."""
        if self.names:
            return self.names[list(self.ticks).index(value)]
        return f"{value:.0%}" if self.percent else f"{value:g}"


def lines(title: str, series: Sequence[Series], x: Axis, y: Axis) -> Markup:
    """Lines with their names at their right ends; the first is drawn last, on top, and thick."""
    width, height = 560.0, 330.0
    left, right, top, bottom = 56.0, width - 124, 12.0, height - 42
    grid = [
        join(
            tag("line", x1=left, x2=right, y1=y.at(t, bottom, top), y2=y.at(t, bottom, top), class_="grid"),
            _text(y.written(t), left - 8, y.at(t, bottom, top) + 4, "end"),
        )
        for t in y.ticks
    ]
    numbers = [_text(x.written(t), x.at(t, left, right), bottom + 18, "middle") for t in x.ticks]
    drawn, ends = [], []
    for position, one in reversed(list(enumerate(series))):
        points = [(x.at(a, left, right), y.at(b, bottom, top)) for a, b in one.points]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        thick = " thick" if position == 0 else ""
        drawn.append(tag("polyline", points=path, class_=f"line {one.colour}{thick}"))
        if one.marked:
            a, b = one.marked
            drawn.append(_dot(x.at(a, left, right), y.at(b, bottom, top), 6, f"{one.colour} ring", one.name))
        ends.append((points[-1][1], one))
    labels = [
        _text(one.name, right + 10, place + 4, "start", one.colour)
        for place, one in _apart(ends, top, bottom)
    ]
    captions = (
        _text(x.label, (left + right) / 2, height - 4, "middle", "axis"),
        tag(
            "text",
            y.label,
            transform=f"translate(11 {(top + bottom) / 2:.0f}) rotate(-90)",
            class_="axis mid",
        ),
    )
    return _svg(title, width, height, *grid, *numbers, *drawn, *labels, *captions)


def forest(title: str, rows: Sequence[tuple[str, Interval, str]], axis: Axis) -> Markup:
    """One row each: name, figure, its interval as a bar; rows are (name, interval, colour)."""
    width, left = 340.0, 112.0
    right, bottom = width - 44, len(rows) * _ROW + 4
    marks = []
    for number, (name, interval, colour) in enumerate(rows):
        y = number * _ROW + _ROW / 2 + 2
        low, value, high = (
            axis.at(bound, left, right) for bound in (interval.low, interval.value, interval.high)
        )
        said = f"{name}: {interval.value:.3f}, 95 % interval {interval.low:.3f} to {interval.high:.3f}"
        marks += [
            _text(name, left - 8, y + 4, "end", "strong" if colour == "c0" else ""),
            tag("line", x1=low, x2=high, y1=y, y2=y, class_=f"range {colour}"),
            _dot(value, y, 4.5, colour, said),
            _text(f"{interval.value:.2f}", right + 10, y + 4, "start", "strong" if colour == "c0" else ""),
        ]
    return _svg(title, width, bottom + 18, *_verticals(axis, left, right, bottom), *marks)


def strips(
    title: str, rows: Mapping[str, Sequence[tuple[float, str, str]]], axis: Axis, cut: float | None
) -> Markup:
    """A dot a value, a row a name; dots are (value, what it is, colour). cut: where a line goes across."""
    width, left = 560.0, 122.0
    right, bottom = width - 14, len(rows) * (_ROW + 4) + 4
    marks = []
    for number, (name, dots) in enumerate(rows.items()):
        y = number * (_ROW + 4) + (_ROW + 4) / 2 + 2
        marks.append(_text(name, left - 12, y + 4, "end"))
        for turn, (value, said, colour) in enumerate(dots):
            # Up and down by turns, so that equal values do not hide each other.
            shift = (turn % 5 - 2) * 3.2
            marks.append(_dot(axis.at(value, left, right), y + shift, 3.4, f"{colour} faint", said))
    if cut is not None:
        place = axis.at(cut, left, right)
        marks.append(tag("line", x1=place, x2=place, y1=0, y2=bottom, class_="cut"))
    caption = _text(axis.label, (left + right) / 2, bottom + 36, "middle", "axis")
    return _svg(title, width, bottom + 42, *_verticals(axis, left, right, bottom), *marks, caption)


def bars(title: str, rows: Sequence[tuple[str, float, float, str]], axis: Axis) -> Markup:
    """A bar up to the first value and a thin line on to the second; rows: (name, first, second, colour)."""
    width, left = 560.0, 122.0
    right, bottom = width - 100, len(rows) * (_ROW + 4) + 4
    marks = []
    for number, (name, first, second, colour) in enumerate(rows):
        y = number * (_ROW + 4) + (_ROW + 4) / 2 + 2
        a, b = axis.at(first, left, right), axis.at(second, left, right)
        marks += [
            _text(name, left - 12, y + 4, "end", "strong" if colour == "c0" else ""),
            tag("rect", x=left, y=y - 6, width=max(1.5, a - left), height=12, rx=2, class_=f"bar {colour}"),
            tag("line", x1=a, x2=b, y1=y, y2=y, class_=f"range {colour}"),
            _text(f"{first:.1f} – {second:.1f}", right + 12, y + 4, "start"),
        ]
    caption = _text(axis.label, (left + right) / 2, bottom + 36, "middle", "axis")
    return _svg(title, width, bottom + 42, *_verticals(axis, left, right, bottom), *marks, caption)


def _verticals(axis: Axis, left: float, right: float, bottom: float) -> list[Markup]:
    return [
        join(
            tag("line", x1=place, x2=place, y1=0, y2=bottom, class_="grid"),
            _text(axis.written(tick), place, bottom + 14, "middle", "small"),
        )
        for tick in axis.ticks
        for place in [axis.at(tick, left, right)]
    ]


def _apart(ends: Sequence[tuple[float, Series]], top: float, bottom: float) -> list[tuple[float, Series]]:
    """Labels moved just so far that none covers another and none leaves the plot."""
    placed: list[tuple[float, Series]] = []
    least = top
    for place, one in sorted(ends, key=lambda end: end[0]):
        least = max(place, least)
        placed.append((least, one))
        least += _LABEL_GAP
    most = bottom
    for number in range(len(placed) - 1, -1, -1):
        place, one = placed[number]
        placed[number] = (min(place, most), one)
        most = placed[number][0] - _LABEL_GAP
    return placed


def _dot(x: float, y: float, radius: float, classes: str, said: str) -> Markup:
    return tag(
        "circle", tag("title", said), cx=round(x, 1), cy=round(y, 1), r=radius, class_=f"dot {classes}"
    )


def _text(content: str, x: float, y: float, anchor: str, classes: str = "") -> Markup:
    return tag("text", content, x=round(x, 1), y=round(y, 1), text_anchor=anchor, class_=classes or None)


def _svg(title: str, width: float, height: float, *content: Markup) -> Markup:
    box = f"0 0 {width:g} {height:g}"
    return tag("svg", *content, viewBox=box, role="img", aria_label=title, style=f"max-width:{width:g}px")
