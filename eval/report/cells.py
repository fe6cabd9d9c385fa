"""What the parts of the report have in common: names as they are spoken, cells of tables."""

from eval.figures import Figures
from eval.report.markup import Markup, tag
from eval.sampling import Interval

# A system with the class of its colour; wherever there are several, the one that stands out comes first.
Drawn = tuple[Figures, str]


def spoken(name: str) -> str:
    """The name of a type or of another part of the questions."""
    return {"all": "all types", "dev": "split dev", "test": "split test"}.get(name, name.replace("_", " "))


def header(*labels: str) -> Markup:
    """The first row of a table."""
    return tag("tr", *(tag("th", label) for label in labels))


def row(name: str, *cells: str, classes: str | None = None) -> Markup:
    """A row that begins with its name; text that is no cell yet becomes one."""
    made = [cell if isinstance(cell, Markup) else tag("td", cell) for cell in cells]
    return tag("tr", tag("td", name), *made, class_=classes)


def figure(interval: Interval, *, percent: bool = False) -> Markup:
    """A cell with a figure and, small, its interval."""
    if percent:
        return tag("td", f"{interval.value:.1%}", tag("small", f"{interval.low:.0%}–{interval.high:.0%}"))
    return tag("td", f"{interval.value:.3f}", tag("small", f"{interval.low:.2f}–{interval.high:.2f}"))
