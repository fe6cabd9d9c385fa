"""Bounds that a question sets to a measure, "an AUC of 0.9 or more", and whether a text keeps to them."""

import operator
import re
from collections.abc import Callable, Iterator

_MEASURE = (
    r"(?:AUCs?|accurac(?:y|ies)|sensitivit(?:y|ies)|specificit(?:y|ies)|C-ind(?:ex|exes|ices)|DSCs?|NPV|PPV)"
)
_STEM = 3  # letters that tell a measure from the others: "AUC" or "AUCs", "accuracy" or "accuracies"
_DECIMAL = r"(?<![\d.])[01]?\.\d+(?!\d*%)"
_PERCENT = r"(?<![\d.])\d+(?:\.\d+)?(?=\s?%|\s?[-–]\s?\d+(?:\.\d+)?\s?%)"
_NUMBER = r"\d+(?:\.\d+)?%?"
_BEFORE = {
    r"(?:at least|no less than|≥)": operator.ge,
    r"(?:above|over|more than|higher than|greater than|better than|exceed(?:s|ed|ing)?|>)": operator.gt,
    r"(?:at most|no more than|up to|≤)": operator.le,
    r"(?:below|under|less than|lower than|worse than|<)": operator.lt,
}
_AFTER = {
    r"(?:or|and) (?:more|above|higher|better|over)": operator.ge,
    r"(?:or|and) (?:less|below|lower|under)": operator.le,
}

Bound = tuple[str, Callable[[float, float], bool], float]


def bound_in(question: str) -> Bound | None:
    """The measure that a question names, how it compares, and the figure; None if it sets no such bound."""
    measure = re.search(rf"\b{_MEASURE}\b", question, re.IGNORECASE)
    if not measure:
        return None
    for words, compares in _BEFORE.items():
        if match := re.search(rf"{words}\s*(?:an? )?({_NUMBER})", question, re.IGNORECASE):
            return measure[0], compares, _value(match[1])
    for words, compares in _AFTER.items():
        if match := re.search(rf"({_NUMBER}),? {words}", question, re.IGNORECASE):
            return measure[0], compares, _value(match[1])
    return None


def keeps(bound: Bound, text: str) -> bool:
    """Whether `text` gives the measure a figure that keeps to the bound; the end of a range is one."""
    measure, compares, figure = bound
    return any(compares(value, figure) for value in _figures(measure, text))


def _figures(measure: str, text: str) -> Iterator[float]:
    """The figures after the measure's name, as far as the next measure, all written as the first one is.

    Not those in brackets: they are for comparison, "0.93 (radiologist 0.85)".
    """
    stem = re.escape(measure[:_STEM])
    plain = re.sub(r"\([^)]*\)", "", text)
    for said in re.finditer(
        rf"\b{stem}\w*\b(?P<rest>.*?)(?=;|\b{_MEASURE}\b|$)", plain, re.IGNORECASE | re.DOTALL
    ):
        first = re.search(rf"{_DECIMAL}|{_PERCENT}", said["rest"])
        if first:
            alike = _DECIMAL if re.fullmatch(_DECIMAL, first[0]) else _PERCENT
            yield from map(_value, re.findall(alike, said["rest"]))


def _value(number: str) -> float:
    """As a share: none of these measures goes beyond 1, and in "75-80%" only the second has its sign."""
    value = float(number.removesuffix("%"))
    return value / 100 if value > 1 or number.endswith("%") else value
