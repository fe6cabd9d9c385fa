"""Numbers of a claim that the text does not print, but that follow from those it does."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import permutations

from service.verification.comparing import agrees
from service.verification.lexis import Lexis
from service.verification.quantities import Quantity, is_count
from service.verification.surroundings import Slot, fit

# "Twice" is fair for anything from 1.8 to 2.2 times as much, "more than doubled" for up to four times.
_ROUGHLY, _FAR_ABOVE = 0.1, 2.0
_OF_BEFORE = re.compile(
    r"\s(?:of|as)\s(?:what|that|the\sformer|before|much|many|long|high|large)\b", re.IGNORECASE
)
_BY = re.compile(r"\bby\s(?:about\s|some\s)?$", re.IGNORECASE)
_LESS = re.compile(
    r"\s?(?:\w+\s){0,2}(?:less|more|fewer|shorter|longer|higher|lower|faster|slower|earlier|later)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\bdifference\b|\bin (?:total|all)\b|\b(?:al)?together\b|\bcombined\b", re.IGNORECASE)


def follows(slot: Slot, claim: Sequence[Slot], evidence: Sequence[Slot], lexis: Lexis) -> bool:
    """Whether a number of the claim is an end, a share, a ratio, a sum or a difference of the text's."""
    return (
        _ends_given(slot.quantity, evidence)
        or _is_end(slot, claim, evidence)
        or _is_share_of(slot, claim, evidence, lexis)
        or _is_derived(slot, evidence, lexis)
    )


def _ends_given(quantity: Quantity, evidence: Iterable[Slot]) -> bool:
    """Whether the two ends of "rose from 0.90 to 0.99" are given as two numbers."""
    if not quantity.is_range:
        return False
    given = {slot.quantity.low for slot in evidence if not slot.quantity.is_range}
    return {quantity.low, quantity.high} <= given


def _is_end(slot: Slot, claim: Sequence[Slot], evidence: Sequence[Slot]) -> bool:
    """Whether the claim gives one end of a range by this number, and the other end by another."""
    return any(
        agrees(slot.quantity, one) and any(agrees(mate.quantity, two) for mate in claim if mate is not slot)
        for other in evidence
        if other.quantity.is_range
        for one, two in permutations(_ends(other.quantity))
    )


def _ends(quantity: Quantity) -> tuple[Quantity, Quantity]:
    return replace(quantity, high=quantity.low), replace(quantity, low=quantity.high)


def _is_share_of(slot: Slot, claim: Sequence[Slot], evidence: Sequence[Slot], lexis: Lexis) -> bool:
    """Whether the claim names the whole, and the text a part that is this share of it: "half of the 38"."""
    if slot.quantity.kind not in ("percent", "share"):
        return False
    parts = [other.quantity for other in evidence if is_count(other.quantity) and fit(slot, other, lexis) > 0]
    wholes = [other.quantity.low for other in claim if is_count(other.quantity)]
    return any(
        agrees(slot.quantity, replace(part, kind="share", low=part.low / whole, high=part.low / whole))
        for part in parts
        for whole in wholes
        if part.low < whole
    )


def _is_derived(slot: Slot, evidence: Sequence[Slot], lexis: Lexis) -> bool:
    """Whether the claim's number follows from two of the text's, and the claim says so: "12 points more"."""
    quantity = slot.quantity
    if quantity.is_range:
        return False
    pairs = _pairs(slot, evidence, lexis)
    ratios = [one / two for one, two in pairs if two]
    if quantity.kind == "factor":
        most = _FAR_ABOVE if quantity.bound == "over" else 1 + _ROUGHLY
        return any((1 - _ROUGHLY) * quantity.low <= ratio <= most * quantity.low for ratio in ratios)
    value = quantity.low / (100 if quantity.kind == "percent" else 1)
    if quantity.word and quantity.kind == "share" and _OF_BEFORE.match(slot.text, quantity.end):
        return any(abs(ratio - value) <= _ROUGHLY * value for ratio in ratios)
    if not _compares(slot):
        return False
    if quantity.kind in ("percent", "share"):
        nearly = _ROUGHLY * value if quantity.word else 0.006
        return any(abs(abs(ratio - 1) - value) <= nearly for ratio in ratios)
    results = {round(result, 6) for one, two in pairs for result in (abs(one - two), one + two)} - {0.0}
    return any(agrees(quantity, replace(quantity, low=value, high=value, bound="exact")) for value in results)


def _pairs(slot: Slot, evidence: Sequence[Slot], lexis: Lexis) -> list[tuple[float, float]]:
    """The values of any two numbers of one kind that are said of what the claim speaks of.

    (Volume and page of a reference have ratios too.)
    """
    alike = [other.quantity for other in evidence if fit(slot, other, lexis) > 0]
    single = [end for one in alike if one.kind != "year" for end in (_ends(one) if one.is_range else (one,))]
    return [
        (one.low, two.low)
        for one, two in permutations(single, 2)
        if one.unit == two.unit and one.kind == two.kind
    ]


def _compares(slot: Slot) -> bool:
    """Whether the number is that of a change, a difference or a sum: "by 12", "12 fewer", "12 together"."""
    start, end = slot.quantity.start, slot.quantity.end
    before, after = slot.text[max(0, start - 40) : start], slot.text[end : end + 40]
    return (
        slot.quantity.kind == "points"
        or "halv" in slot.quantity.text.lower()
        or any(
            pattern is not None
            for pattern in (_BY.search(before), _LESS.match(after), _TOGETHER.search(before + after))
        )
    )
