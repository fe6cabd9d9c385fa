"""Whether two numbers agree as a reader would have it: "over 425,000" for 425,148, "about 80 %" for 80.35."""

import re

from service.verification.quantities import Quantity

# "About 40 %" may stand for 37 to 43, "about 425" for 400 to 450: the rounder a number, the wider its margin.
_MARGIN = {1: 0.12, 2: 0.06}
_FINEST_MARGIN = 0.02
# "More than 400,000" is fair for 425,148 and, at the outside, for twice as many.
_FARTHEST = 2.0


def agrees(claim: Quantity, evidence: Quantity) -> bool:
    """Whether a reader of `evidence` would let `claim` pass, leaving aside what is counted."""
    pair = _on_one_scale(claim, evidence)
    if pair is None:
        return False
    (low, high), (e_low, e_high) = pair
    if low != high:
        return e_low != e_high and _fits(claim, low, e_low, evidence) and _fits(claim, high, e_high, evidence)
    if e_low == e_high:
        return _fits(claim, low, e_low, evidence)
    # "Grew from 22 % to 58 %" gives two numbers, of which either may be spoken of by itself.
    both = (e_low, e_high)
    is_course = " to " in evidence.text
    ends = {
        "over": both if is_course else (e_low,),
        "at_least": both if is_course else (e_low,),
        "under": both if is_course else (e_high,),
        "up_to": both if is_course else (e_high,),
        "nearly": both if is_course else (e_high,),
        "about": both,
        "exact": both if claim.kind == "year" else (),
    }
    return any(_fits(claim, low, end, evidence) for end in ends[claim.bound])


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers could be answers to one question."""
    return _on_one_scale(one, other) is not None


def _on_one_scale(one: Quantity, other: Quantity) -> tuple[tuple[float, float], tuple[float, float]] | None:
    if one.unit != other.unit:
        return None
    if one.kind == other.kind:
        return (one.low, one.high), (other.low, other.high)
    kinds = {one.kind, other.kind}
    if kinds <= {"percent", "share", "points"} or (
        kinds <= {"percent", "share", "number"} and _is_fraction(one) and _is_fraction(other)
    ):
        return _fraction(one), _fraction(other)
    if kinds == {"number", "year"} and min(one.low, other.low) >= 1000:
        return (one.low, one.high), (other.low, other.high)
    return None


def _is_fraction(quantity: Quantity) -> bool:
    if quantity.kind != "number":
        return True
    return 0 < quantity.high <= 1 and not quantity.word


def _fraction(quantity: Quantity) -> tuple[float, float]:
    scale = 100 if quantity.kind in ("percent", "points") else 1
    return quantity.low / scale, quantity.high / scale


def _fits(claim: Quantity, said: float, true: float, evidence: Quantity) -> bool:
    same = abs(said - true) <= 1e-9 * max(1.0, abs(true))
    match claim.bound:
        case "exact":
            return same or _rounded(claim, said, true)
        case "about":
            return same or abs(said - true) <= _margin(claim) * abs(true)
        case "nearly":
            return same or 0 < said - true <= _margin(claim) * abs(true)
        case "over" | "at_least" if evidence.bound in ("over", "at_least"):
            return same or said < true <= (1 + _margin(claim)) * said
        case "under" if evidence.bound == "under":
            return same or true < said <= (1 + _margin(claim)) * true
        case "over":
            return said < true <= _FARTHEST * said
        case "at_least":
            return same or said < true <= _FARTHEST * said
        case "under":
            return true < said <= _FARTHEST * true
        case "up_to":
            return same or _rounded(claim, said, true)


def _rounded(claim: Quantity, said: float, true: float) -> bool:
    """80 for 80.35, 0.9 for 0.93, 425,000 for 425,148, a third for 33 %; not 60 for 57."""
    if claim.kind == "share":
        return abs(said - true) <= 0.02
    decimals = _decimals(claim.text)
    if "." in claim.text or float(true).is_integer() is False:
        scaled = 100 if claim.kind == "percent" and abs(said) <= 1 < abs(said * 100) else 1
        enough = claim.digits >= 2 or said >= 10
        return enough and abs(round(true * scaled, decimals) - said * scaled) < 1e-9
    return claim.digits >= 2 and abs(said - true) <= 0.005 * abs(true) and said % 10 == 0


def _margin(claim: Quantity) -> float:
    return _MARGIN.get(claim.digits, _FINEST_MARGIN)


def _decimals(digits: str) -> int:
    match = re.search(r"\.(\d+)", digits)
    return len(match[1]) if match else 0
