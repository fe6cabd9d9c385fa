"""Whether the text gives each number of a claim, and of the same thing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.verification.comparing import agrees
from service.verification.derived import follows
from service.verification.lexicon import ANTONYMS
from service.verification.lexis import Lexis
from service.verification.quantities import Quantity, is_count
from service.verification.reading import Word
from service.verification.surroundings import Slot, fit, fits, is_rival, shares

# Of the words of the claim that tell two numbers of the text apart, this much more has to speak for the rival
# before the claim's own number is called misplaced: as a share of them, and in full words.
_SHARE, _AHEAD = 0.25, 0.25
# How much it speaks for the rival that the text says the opposite of the claim around the claim's own number;
# words of this weight or more count as around a number.
_CONTRARY, _NEARBY = 1.0, 0.3
_ABOUT_AS_LARGE = 5
_SMALL = 12  # up to which a claim may count by itself what the text lists
# A word is one number's and not another's if it stands this many times as near.
_CLEARLY, _RATHER = 2.0, 1.1


@dataclass(frozen=True, slots=True)
class NumberFault:
    """A number of the claim that the text does not give, or gives of something else."""

    quantity: Quantity
    instead: Quantity | None
    misplaced: bool
    reason: str


def number_faults(claim: Sequence[Slot], given: Sequence[Slot], lexis: Lexis) -> list[NumberFault]:
    """The numbers of the claim that those which the evidence gives do not bear out."""
    evidence = [*given, *shares(given)]
    faults = _exchanged(claim, evidence, lexis)
    for slot in claim:
        agreeing = [other for other in evidence if agrees(slot.quantity, other.quantity)]
        fitting = [other for other in agreeing if _one_measure(slot, other)]
        rivals = [
            other
            for other in evidence
            if other not in agreeing and is_rival(slot.quantity, other.quantity) and _one_measure(slot, other)
        ]
        if fitting:
            fault = _misplaced(slot, _own_words(slot, claim), fitting, rivals, lexis)
        elif agreeing:
            fault = _other_measure(slot, agreeing[0])
        elif follows(slot, claim, evidence, lexis) or _counts_its_own(slot, evidence, lexis):
            continue
        else:
            fault = _missing(slot, rivals, evidence, lexis)
        if fault:
            faults.append(fault)
    return faults


def _exchanged(claim: Sequence[Slot], evidence: Sequence[Slot], lexis: Lexis) -> list[NumberFault]:
    """Pairs of numbers whose words have changed places: "A 90 %, B 80 %" where the text says A 80, B 90."""
    faults = []
    for n, one in enumerate(claim):
        for two in claim[n + 1 :]:
            first = [other for other in evidence if agrees(one.quantity, other.quantity)]
            second = [other for other in evidence if agrees(two.quantity, other.quantity)]
            same_kind = one.quantity.kind == two.quantity.kind and is_rival(one.quantity, two.quantity)
            if not same_kind or len(first) != 1 or len(second) != 1:
                continue
            there = _moved(one, two, second[0], first[0], lexis)
            back = _moved(two, one, first[0], second[0], lexis)
            if first != second and there and back:
                reason = (
                    f"the passage says {first[0].quantity.text} of “{back}” and {second[0].quantity.text} of "
                    f"“{there}”, the claim the reverse"
                )
                faults.append(NumberFault(one.quantity, second[0].quantity, True, reason))
    return faults


def _own_words(slot: Slot, claim: Sequence[Slot]) -> Slot:
    """The slot without the words that the claim says of another of its numbers too."""
    rivals = [other for other in claim if other is not slot and is_rival(slot.quantity, other.quantity)]
    others = [dict(_weights(other)) for other in rivals]
    kept = [
        (word, weight)
        for word, weight in slot.words
        if all(weight >= _CLEARLY * other.get(word.start, 0.0) for other in others)
    ]
    return replace(slot, words=tuple(kept))


def _weights(slot: Slot) -> Iterable[tuple[int, float]]:
    return ((word.start, weight) for word, weight in slot.words)


def _moved(own: Slot, other: Slot, to: Slot, from_: Slot, lexis: Lexis) -> str | None:
    """A word that the claim says of `own` and not of `other`, and the text of `to` and not of `from_`."""
    elsewhere = dict(_weights(other))
    for word, weight in own.words:
        said = weight / max(elsewhere.get(word.start, 0.0), 0.01)
        there = max((lexis.same(word, w) * weight for w, weight in to.words), default=0.0)
        here = max((lexis.same(word, w) * weight for w, weight in from_.words), default=0.0)
        true = there / max(here, 0.01)
        if there > 0.4 and min(said, true) >= _RATHER and max(said, true) >= _CLEARLY:
            return word.text
    return None


def _misplaced(
    whole: Slot, slot: Slot, fitting: Sequence[Slot], rivals: Sequence[Slot], lexis: Lexis
) -> NumberFault | None:
    """whole: the slot with the words that it shares with other numbers of the claim."""
    own = max(fitting, key=lambda other: fit(slot, other, lexis))
    rivals = [other for other in rivals if other.measure in {one.measure for one in fitting}]
    if is_count(slot.quantity):
        rivals = [other for other in rivals if _counts_rather(slot, other, own, lexis)]
    if not rivals:
        return None
    best = max(rivals, key=lambda other: fit(slot, other, lexis))
    ahead = [b - a for a, b in zip(fits(slot, own, lexis), fits(slot, best, lexis), strict=True)]
    ahead += [_CONTRARY] * (_contrary(whole, own) and not _contrary(whole, best))
    if sum(ahead) < _AHEAD or sum(ahead) < _SHARE * sum(map(abs, ahead)):
        return None
    said, true = slot.quantity.text, best.quantity.text
    where = fitting[0].quantity.text
    reason = (
        f"the passage says {true} of what the claim says {said} of; there, {where} is said of something else"
    )
    return NumberFault(slot.quantity, best.quantity, True, reason)


def _contrary(slot: Slot, evidence: Slot) -> bool:
    """Whether the claim says of its number the opposite of what the text does: external, not internal."""
    said = {word.stem for word, weight in slot.words if weight >= _NEARBY}
    true = {word.stem for word, weight in evidence.words if weight >= _NEARBY}
    return any(ANTONYMS.get(one, frozenset()) & true - said for one in said - true)


def _counts_rather(slot: Slot, rival: Slot, own: Slot, lexis: Lexis) -> bool:
    """Whether the things that the claim counts are those that the text counts with the rival number."""
    said, true = _counted(slot)[:2], _counted(own)
    if not said or not true or any(lexis.same(one, two) for one in said for two in true):
        return False
    return any(lexis.same(one, two) for one in said for two in _counted(rival)[:2])


def _other_measure(slot: Slot, other: Slot) -> NumberFault:
    reason = (
        f"the passage gives {other.quantity.text} as {other.measure}, the claim {slot.quantity.text} "
        f"as {slot.measure}"
    )
    return NumberFault(slot.quantity, other.quantity, True, reason)


def _missing(slot: Slot, rivals: Sequence[Slot], evidence: Sequence[Slot], lexis: Lexis) -> NumberFault:
    said = _printed(slot.quantity)
    likely = [other for other in rivals if _could_be_meant(slot, other, lexis)]
    near = max(likely, key=lambda other: fit(slot, other, lexis), default=None)
    if near is None:
        gives = "no number" if not evidence else "no such number"
        return NumberFault(slot.quantity, None, False, f"the claim says {said}, the passage gives {gives}")
    reason = f"the passage says {_printed(near.quantity)}, the claim {said}"
    return NumberFault(slot.quantity, near.quantity, False, reason)


def _could_be_meant(slot: Slot, other: Slot, lexis: Lexis) -> bool:
    """Whether naming the other number explains anything: it counts the same things, or is about as large."""
    if not is_count(slot.quantity):
        return True
    alike = any(lexis.same(one, two) for one in _counted(slot) for two in _counted(other))
    return (
        alike
        or slot.quantity.low <= _ABOUT_AS_LARGE * other.quantity.low <= _ABOUT_AS_LARGE**2 * slot.quantity.low
    )


def _printed(quantity: Quantity) -> str:
    bounds = {"exact": "", "about": "about ", "nearly": "nearly ", "over": "more than "}
    bounds |= {"at_least": "at least ", "under": "less than ", "up_to": "up to "}
    return bounds[quantity.bound] + quantity.text


def _counts_its_own(slot: Slot, evidence: Sequence[Slot], lexis: Lexis) -> bool:
    """Whether a small number counts what the claim itself goes on to list: "two kinds: … and …"."""
    quantity = slot.quantity
    if not quantity.word or quantity.unit or quantity.kind != "number" or not 2 <= quantity.low <= 5:
        return False
    small = [other for other in evidence if is_count(other.quantity) and other.quantity.low <= _SMALL]
    counted = _counted(slot)
    if any(lexis.same(one, two) for other in small for one in counted for two in _counted(other)):
        return False
    return not small or re.search(r":|\band\b|\bboth\b", slot.text[quantity.end :]) is not None


def _counted(slot: Slot) -> list[Word]:
    """The words right after a number: "3 high-impact domains"."""
    after = [word for word, _ in slot.words if word.start >= slot.quantity.end]
    return [word for word in after[:4] if word.clause == after[0].clause]


def _one_measure(one: Slot, other: Slot) -> bool:
    return one.measure is None or other.measure is None or one.measure == other.measure
