"""The page: its head, the figures that matter most, the parts in order, and how it was all measured."""

from eval.evidence import COVERED
from eval.figures import Figures
from eval.measures import BUDGETS
from eval.outcome import Outcome
from eval.report import questions, systems
from eval.report.abstention import abstention
from eval.report.cells import Drawn
from eval.report.document import document, tile
from eval.report.markup import Markup, join, tag
from eval.sampling import RESAMPLES

_COLOURS = 9  # that the style sheet has


def page(outcome: Outcome) -> str:
    """The whole report on an outcome with at least one question."""
    drawn = _drawn(outcome)
    parts = [_head(outcome), _tiles(outcome)]
    if outcome.answerable:
        parts += [systems.overall(drawn), systems.by_type(drawn)]
    parts += [abstention(drawn), systems.latency(drawn)]
    if outcome.comparison:
        parts.append(questions.comparison(outcome.comparison))
    parts += [questions.misses(outcome.primary), questions.wrong_refusals(outcome.primary), _method()]
    return document("Needle: evaluation", *parts)


def _drawn(outcome: Outcome) -> list[Drawn]:
    """The foremost system, then the others of Needle, then the baselines."""
    rest = [one for one in outcome.figures if one is not outcome.primary]
    ordered = [outcome.primary, *sorted(rest, key=_is_baseline)]
    return [(one, f"c{number % _COLOURS}") for number, one in enumerate(ordered)]


def _is_baseline(one: Figures) -> bool:
    return one.name.startswith("langchain")


def _head(outcome: Outcome) -> Markup:
    total, answerable = outcome.questions.total(), outcome.answerable
    split = "" if outcome.split == "all" else f" of the split “{outcome.split}”"
    return join(
        tag("h1", "How well Needle finds the evidence"),
        tag(
            "p",
            f"{total} hand-written questions{split}: {answerable} that the documents answer, "
            f"{total - answerable} that they do not. Measured {outcome.created} on {outcome.measured}.",
            class_="soft",
        ),
    )


def _tiles(outcome: Outcome) -> Markup:
    one = outcome.primary
    tiles = []
    if outcome.answerable:
        for k, place in ((1, "first place"), (5, "the top 5"), (10, "the top 10")):
            reached = one.parts["all"].measures[f"recall@{k}"].value
            tiles.append(tile(f"{reached:.1%}", f"of the evidence in {place}", _best_baseline(outcome, k)))
    for kind, label in (("off_topic", "off-topic"), ("answerable", "answerable")):
        if kind in one.abstention.refused:
            refused = one.abstention.refused[kind]
            bounds = f"95 % interval {refused.low:.0%}–{refused.high:.0%}"
            tiles.append(tile(f"{refused.value:.1%}", f"of {label} questions refused", bounds))
    slow = f"{one.latency.p95:.0f} ms at the 95th percentile"
    tiles.append(tile(f"{one.latency.p50:.0f} ms", "a question, in the median", slow))
    return tag("div", *tiles, class_="tiles")


def _best_baseline(outcome: Outcome, k: int) -> str:
    reached = [
        (one.parts["all"].measures[f"recall@{k}"].value, one.name)
        for one in outcome.figures
        if _is_baseline(one) and one is not outcome.primary
    ]
    return f"{max(reached)[1]}: {max(reached)[0]:.1%}" if reached else ""


def _method() -> Markup:
    budgets = ", ".join(f"R@{words:,}w" for words in BUDGETS)
    entries = {
        "Evidence": "Each question names the verbatim quotes that answer it, in groups of alternatives. A "
        f"quote is found where one passage covers {COVERED:.0%} of its characters; a group, where one of its "
        "quotes is.",
        "R@k": "The share of a question’s groups found in the top k; the mean over answerable questions.",
        budgets: "The same within so many words of passages, taken from the top until the next does not fit: "
        "short and long passages at equal cost to whoever reads them.",
        "MRR, nDCG@10": "By ir_measures, over groups of evidence: a passage counts for the groups that it is "
        "the first to hold, so that repetition earns nothing. A question without results has zero.",
        "Intervals": "Percentile bootstrap over questions, "
        f"{RESAMPLES:,} resamples, fixed seed. Where all questions agree, it has no width.",
        "Risk": "The mean of what the top five lack of the evidence; 1 for a question that has no answer.",
        "Splits": "Constants are fitted to dev only. Its id says which split a question is in.",
    }
    listed = [join(tag("dt", name), tag("dd", text)) for name, text in entries.items()]
    return tag(
        "section",
        tag("h2", "How this was measured"),
        tag("dl", *listed),
        tag("p", "“needle eval” repeats all of it.", class_="note"),
    )
