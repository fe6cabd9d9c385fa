"""Negation and direction: whether claim and text say yes or no, up or down, better or worse of one thing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.verification.lexicon import (
    ANTONYMS,
    BETTER,
    DIFFERENT,
    EQUAL,
    FALLS,
    LITTLE,
    MUCH,
    RISES,
    WORSE,
)
from service.verification.lexis import FAMILY, Lexis
from service.verification.reading import Reading, Word

_NEGATORS = re.compile(
    r"\b(?:not|no|never|without|neither|nor|none|cannot|\w+n't|hardly|scarcely|barely|rarely|seldom|"
    r"lack(?:s|ed|ing)?(?:\sof)?|absence\sof|absent|free\s(?:of|from)|fail(?:s|ed|ing)?\sto|unable\sto|"
    r"giving\sup|sacrific\w+|compromising|losing|rather\sthan|instead\sof|as\sopposed\sto|unlike|far\sfrom|does\saway\swith|do\saway\swith|loss\sof|"
    r"regardless\sof|irrespective\sof|no\smatter|whatever|independent(?:ly)?\sof|non)\b",
    re.IGNORECASE,
)
# These say no to nothing.
_NO_NEGATORS = re.compile(
    r"\bnot\s(?:only|just|merely|simply|least)\b|\bno\s(?:less|fewer|more|later|doubt|longer)\b|\bwithout\sdoubt\b"
    r"|\bwith\sor\swithout\b|\bwhether\sor\snot\b|\bor\snot\b|\bwhy\snot\b",
    re.IGNORECASE,
)
_CONJUNCTIONS = frozenset("but although though while whereas yet however because since so".split())
_SCOPE_ENDS = _CONJUNCTIONS | frozenset(
    "which thus thereby than can may might could will would should is are was were has have had tend tends "
    "seem "
    "seems regarding concerning about".split()
)
_SCOPE = 8  # words that carry matter, at most, after a negation
_OF_VERBS = frozenset("not never cannot neither none nor".split())
_DENYING = ("non", "un", "in", "im", "ir", "dis")
_COMPANY = 6  # words, of any kind, on either side
_SCOPE_OF_NOUNS = 4  # after "without", "no", "lack of" and the like, which deny things and not verbs
# A direction is said of the next words, or of the last ones where none follow.
_AFTER, _BEFORE = 3, 3
_AXES = (
    ("amount", RISES, FALLS),
    ("quality", BETTER, WORSE),
    ("degree", MUCH, LITTLE),
    ("change", DIFFERENT, EQUAL),
)
_WORDS = {"amount": ("more", "less"), "quality": ("better", "worse"), "degree": ("much", "little")}
_LINKS = frozenset("in of the a an for on its their to".split())


@dataclass(frozen=True, slots=True)
class PolarityFault:
    """A word that claim and text say opposite things of.

    kind: "negation" (not/without), "direction" (up/down), "antonym".
    """

    kind: str
    word: Word
    other: Word
    reason: str


@dataclass(frozen=True, slots=True)
class Stances:
    """What a text says of its words.

    negated: the numbers of words in the scope of an odd number of negations.
    directions: by the number of a word, what is said of it: axis "amount" or "quality" with +1 or -1,
        or "change" with 0 where it is said to stay or to be the same.
    """

    reading: Reading
    negated: frozenset[int]
    directions: dict[int, frozenset[tuple[str, int]]]


def stances(reading: Reading) -> Stances:
    """Negation and direction of every word of a text."""
    count = [0] * len(reading.words)
    quiet = [match.span() for match in _NO_NEGATORS.finditer(reading.text)]
    for match in _NEGATORS.finditer(reading.text):
        if any(start <= match.start() < end for start, end in quiet):
            continue
        for n in _scope(reading.words, match.end(), match[0].lower()):
            count[n] += 1
    negated = frozenset(n for n, times in enumerate(count) if times % 2)
    return Stances(reading, negated, _directions(reading, negated))


def polarity_faults(claim: Stances, evidence: Stances, lexis: Lexis) -> list[PolarityFault]:
    """The words that the claim says yes, up or better of, and the evidence no, down or worse; or reversed."""
    pairs = [(n, _partners(claim.reading.words[n], evidence.reading.words, lexis)) for n in _matter(claim)]
    return [
        *_negations(claim, evidence, pairs),
        *_opposite_directions(claim, evidence, pairs),
        *_antonyms(claim, evidence, pairs),
        *_swapped_attributes(claim, evidence, pairs),
    ]


def _matter(text: Stances) -> list[int]:
    return [n for n, word in enumerate(text.reading.words) if word.content]


def _partners(word: Word, words: Sequence[Word], lexis: Lexis) -> dict[int, float]:
    scores = {n: lexis.same(word, other) for n, other in enumerate(words) if other.content}
    return {n: score for n, score in scores.items() if score}


def _negations(
    claim: Stances, evidence: Stances, pairs: Sequence[tuple[int, dict[int, float]]]
) -> Iterable[PolarityFault]:
    for n, partners in pairs:
        close = [m for m, score in partners.items() if score >= FAMILY]
        if not close:
            continue
        here = n in claim.negated
        there = {m in evidence.negated for m in close}
        # "Little is known" is neither yes nor no.
        scarce = ("degree", -1)
        if scarce in claim.directions.get(n, ()) or any(
            scarce in evidence.directions.get(m, ()) for m in close
        ):
            continue
        if there == {not here}:
            word, other = claim.reading.words[n], evidence.reading.words[close[0]]
            verb = "denies" if here else "asserts"
            reason = f"the claim {verb} “{word.text}”, which the passage {'asserts' if here else 'denies'}"
            yield PolarityFault("negation", word, other, reason)


def _opposite_directions(
    claim: Stances, evidence: Stances, pairs: Sequence[tuple[int, dict[int, float]]]
) -> Iterable[PolarityFault]:
    for n, partners in pairs:
        said = claim.directions.get(n)
        if not said:
            continue
        true = frozenset().union(*(evidence.directions.get(m, frozenset()) for m in partners))
        for axis, sign in said:
            if (
                axis != "degree"
                and sign
                and not any(s for _, s in true)
                and ("change", 0) in true
                and ("change", 0) not in said
            ):
                word = claim.reading.words[n]
                other = next(m for m in partners if ("change", 0) in evidence.directions.get(m, ()))
                reason = f"of “{word.text}”, the passage says that it is the same, the claim that it is not"
                yield PolarityFault("direction", word, evidence.reading.words[other], reason)
                break
            if sign and (axis, -sign) in true and (axis, sign) not in true and (axis, -sign) not in said:
                word = claim.reading.words[n]
                other = next(m for m in partners if (axis, -sign) in evidence.directions.get(m, ()))
                up, down = _WORDS[axis]
                here, there = (up, down) if sign > 0 else (down, up)
                reason = f"of “{word.text}”, the passage says {there}, the claim {here}"
                yield PolarityFault("direction", word, evidence.reading.words[other], reason)
                break


def _antonyms(
    claim: Stances, evidence: Stances, pairs: Sequence[tuple[int, dict[int, float]]]
) -> Iterable[PolarityFault]:
    followers = dict(pairs)
    for n, partners in pairs:
        word = claim.reading.words[n]
        opposites = ANTONYMS.get(word.stem, frozenset())
        if partners or ("degree", -1) in claim.directions.get(n, ()):
            continue
        for m, other in enumerate(evidence.reading.words):
            if (
                (other.stem in opposites or _is_denial(word, other))
                and _is_denied(evidence, m) == _is_denied(claim, n)
                and _in_like_company(claim.reading.words, n, evidence.reading.words, m, followers)
            ):
                reason = f"the passage says “{other.text}”, the claim “{word.text}”"
                yield PolarityFault("antonym", word, other, reason)
                break


def _is_denial(one: Word, other: Word) -> bool:
    """Whether one of two words is the other with a prefix that denies it, as "nontrivial" is of "trivial"."""
    longer, shorter = sorted((one.lower, other.lower), key=len, reverse=True)
    return len(shorter) > 4 and any(longer == prefix + shorter for prefix in _DENYING)


def _is_denied(text: Stances, place: int) -> bool:
    """Whether a word is negated, or stands after "less", as in "less experienced"."""
    words = text.reading.words
    return (place in text.negated) != (place > 0 and words[place - 1].lower == "less")


def _in_like_company(
    claim: Sequence[Word], n: int, evidence: Sequence[Word], m: int, partners: dict[int, dict[int, float]]
) -> bool:
    """Whether some word near word `n` of the claim is said near word `m` of the text."""
    near = range(max(0, n - _COMPANY), min(len(claim), n + _COMPANY + 1))
    return any(abs(place - m) <= _COMPANY for k in near if k != n for place in partners.get(k, ()))


def _swapped_attributes(
    claim: Stances, evidence: Stances, pairs: Sequence[tuple[int, dict[int, float]]]
) -> Iterable[PolarityFault]:
    """Attributes that stand with another noun in the text: "nonlinear models" for its "linear models"."""
    followers = dict(pairs)
    for n, _ in pairs:
        word = claim.reading.words[n]
        opposites = ANTONYMS.get(word.stem, frozenset())
        if n + 1 not in followers:
            continue
        before = [
            evidence.reading.words[m - 1] for m, score in followers[n + 1].items() if m and score >= FAMILY
        ]
        contrary = [other for other in before if other.stem in opposites or _is_denial(word, other)]
        if contrary and word.stem not in {other.stem for other in before}:
            other = contrary[0]
            noun = claim.reading.words[n + 1].text
            reason = f"the passage says “{other.text} {noun}”, the claim “{word.text} {noun}”"
            yield PolarityFault("antonym", word, other, reason)


def _scope(words: Sequence[Word], start: int, negator: str) -> Iterable[int]:
    """The numbers of the words that a negation ending at `start` governs."""
    denies_verbs = negator in _OF_VERBS or negator.endswith("n't")
    ends = _CONJUNCTIONS if denies_verbs else _SCOPE_ENDS
    reach = (
        1
        if negator in ("non", "rather than")
        else _SCOPE
        if denies_verbs or " " in negator
        else _SCOPE_OF_NOUNS
    )
    first = next((n for n, word in enumerate(words) if word.start >= start), len(words))
    matter = 0
    for n in range(first, len(words)):
        word = words[n]
        if word.clause != words[first].clause or word.lower in ends or matter >= reach:
            return
        yield n
        matter += word.content


def _directions(reading: Reading, negated: frozenset[int]) -> dict[int, frozenset[tuple[str, int]]]:
    found: dict[int, set[tuple[str, int]]] = {}
    for n, word in enumerate(reading.words):
        move = _move(word)
        if move is None or _is_of_a_number(reading, n):
            continue
        axis, sign = move
        if axis == "change":
            # "Did not differ" and "comparable" say that there is no more and no less.
            if (sign < 0) == (n in negated):
                continue
            signed = (axis, 0)
        else:
            signed = (axis, -sign if n in negated else sign)
        for target in _targets(reading.words, n):
            found.setdefault(target, set()).add(signed)
    return {n: frozenset(moves) for n, moves in found.items()}


def _is_of_a_number(reading: Reading, place: int) -> bool:
    """Whether "more" is that of "more than 400" or "more than a third", which says nothing of a direction."""
    return (
        re.match(r"\s?than\s(?:\d|an?\s|half|one|two|three)", reading.text[reading.words[place].end :])
        is not None
    )


def _move(word: Word) -> tuple[str, int] | None:
    for axis, ups, downs in _AXES:
        if word.stem in ups or word.lower in ups:
            return axis, 1
        if word.stem in downs or word.lower in downs:
            return axis, -1
    return None


def _targets(words: Sequence[Word], place: int) -> list[int]:
    clause = words[place].clause
    after: list[int] = []
    for n in range(place + 1, len(words)):
        if words[n].clause != clause or words[n].lower in _SCOPE_ENDS or len(after) >= _AFTER:
            break
        if _move(words[n]) and after:
            break
        if words[n].content and not _move(words[n]):
            after.append(n)
    follows = place + 1 < len(words) and (words[place + 1].content or words[place + 1].lower in _LINKS)
    if after and follows:
        return after
    before: list[int] = []
    for n in range(place - 1, -1, -1):
        if words[n].clause != clause or len(before) >= _BEFORE or words[n].lower in _CONJUNCTIONS:
            break
        if words[n].content and not _move(words[n]):
            before.append(n)
    return before
