"""A report as one file: the style sheet inside, no script, nothing fetched."""

from pathlib import Path

from eval.report.markup import Markup, tag

_STYLE = Path(__file__).parent / "style.css"


def document(title: str, *parts: Markup) -> str:
    """The whole page."""
    head = tag(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", title),
        tag("style", Markup(_STYLE.read_text(encoding="utf-8"))),
    )
    return "<!doctype html>\n" + tag("html", head, tag("body", tag("main", *parts)), lang="en") + "\n"


def tile(figure: str, label: str, below: str) -> Markup:
    """A figure that stands out, what it is, and a remark."""
    return tag("div", tag("b", figure), tag("span", label), tag("span", below, class_="soft"), class_="tile")
