"""The parts of the report that show questions: comparison, misses, wrong refusals."""

from collections.abc import Sequence

from eval import evidence
from eval.compare import Change, Comparison, p_value
from eval.figures import Figures
from eval.measures import recall
from eval.report.cells import header, row
from eval.report.markup import Markup, join, tag
from eval.runs import Asked

_SHOWN = 3  # passages under a question
_LONGEST = 420  # characters of a passage
_BEST = "The best passages"


def misses(primary: Figures) -> Markup:
    """The questions whose evidence is not all in the top five, with what was found instead."""
    missed = [asked for asked in primary.run.answerable if recall(asked.ranks, 5) < 1]
    missed.sort(key=lambda asked: (recall(asked.ranks, 5), recall(asked.ranks, 10), asked.question.type))
    return tag(
        "section",
        tag("h2", "Misses, and what was found instead"),
        tag(
            "p",
            f"{len(missed)} of {len(primary.run.answerable)} answerable questions do not have all of their "
            f"evidence in the top five of “{primary.name}”.",
            class_="soft",
        ),
        *(
            # The first is open, so that it is seen what the others hold.
            _question(asked, _fate(asked), _missed(asked), _found(asked), opened=number == 0)
            for number, asked in enumerate(missed)
        ),
    )


def wrong_refusals(primary: Figures) -> Markup:
    """The answerable questions that were refused, and the unanswerable ones that were not."""
    asked = primary.run.asked
    refused = [one for one in asked if one.answer.refused and one.question.answerable]
    answered = [one for one in asked if one.answer.refused is False and not one.question.answerable]
    if not refused and not answered:
        return Markup()
    answered.sort(key=lambda one: -one.answer.confidence)
    return tag(
        "section",
        tag("h2", "Refused or answered wrongly"),
        tag("h3", f"Refused, though the documents answer it: {len(refused)}"),
        *(_question(one, _sure(one), *_evidence(one), _found(one, _BEST)) for one in refused),
        tag("h3", f"Not refused, though the documents do not answer it: {len(answered)}, the surest first"),
        *(_question(one, _sure(one), _why(one), _found(one, _BEST)) for one in answered),
    )


def comparison(compared: Comparison) -> Markup:
    """Where the second system wins and loses against the first."""
    rows = [header("", compared.first, compared.second, "difference", "p")]
    for one in compared.differences:
        values = (f"{one.first:.3f}", f"{one.second:.3f}", f"{one.second - one.first:+.3f}", p_value(one.p))
        rows.append(row(one.measure, *values))
    return tag(
        "section",
        tag("h2", f"“{compared.second}” against “{compared.first}”"),
        tag(
            "p",
            "p: paired randomisation test over questions, two-sided. Below: the questions on which recall@5 "
            "differs.",
            class_="soft",
        ),
        tag("div", tag("table", *rows), class_="scroll"),
        tag("h3", f"Won by “{compared.second}”: {len(compared.wins)}"),
        *(_change(change, compared) for change in compared.wins),
        tag("h3", f"Lost by “{compared.second}”: {len(compared.losses)}"),
        *(_change(change, compared) for change in compared.losses),
    )


def _change(change: Change, compared: Comparison) -> Markup:
    return _question(
        change.first,
        f"{change.gain:+.2f}",
        *_evidence(change.first),
        _found(change.first, f"Found by “{compared.first}”"),
        _found(change.second, f"Found by “{compared.second}”"),
    )


def _question(asked: Asked, fate: str, *inside: str, opened: bool = False) -> Markup:
    question = asked.question
    before = [tag("span", f"… {question.turns[-1].question} … ", class_="soft")] if question.history else []
    summary = tag(
        "summary",
        tag("span", question.type.replace("_", " "), class_="tag"),
        tag("span", *before, question.question, class_="what"),
        tag("span", fate, class_="soft"),
    )
    return tag("details", summary, tag("div", *inside, class_="inside"), open="open" if opened else None)


def _fate(asked: Asked) -> str:
    found = sum(rank is not None and rank <= 5 for rank in asked.ranks)
    late = sorted(rank for rank in asked.ranks if rank is not None and rank > 5)
    places = f", {len(late)} at {', '.join(map(str, late))}" if late else ""
    return f"{found} of {len(asked.ranks)} in the top 5{places}"


def _sure(asked: Asked) -> str:
    return f"confidence {asked.answer.confidence:.2f}"


def _why(asked: Asked) -> Markup:
    return join(tag("h4", "Why not"), tag("div", asked.question.answer))


def _missed(asked: Asked) -> Markup:
    numbers = [n for n, rank in enumerate(asked.ranks) if rank is None or rank > 5]
    return join(tag("h4", "The evidence that is missing"), *_quotes(asked, numbers))


def _evidence(asked: Asked) -> list[Markup]:
    return [tag("h4", "The evidence"), *_quotes(asked, range(len(asked.groups)))]


def _quotes(asked: Asked, numbers: Sequence[int]) -> list[Markup]:
    """The first alternative of each of these groups."""
    quotes = [asked.question.evidence[number][0] for number in numbers]
    return [
        tag("blockquote", tag("span", f"{quote.document} ", class_="soft"), quote.quote) for quote in quotes
    ]


def _found(asked: Asked, label: str = "Found instead") -> Markup:
    items = []
    for passage in asked.answer.passages[:_SHOWN]:
        holds = evidence.groups_in(asked.groups, passage)
        marked = [tag("span", "holds evidence", class_="got"), " "] if holds else []
        text = passage.text if len(passage.text) <= _LONGEST else passage.text[:_LONGEST].rstrip() + " …"
        items.append(tag("li", tag("span", f"{passage.document} ", class_="soft"), *marked, text))
    return join(tag("h4", label), tag("ol", *items) if items else tag("div", "nothing"))
