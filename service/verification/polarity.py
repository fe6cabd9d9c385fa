"""Negation and direction: whether claim and text say yes or no, up or down, better or worse of one thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from service.verification.lexicon import ANTONYMS, BETTER, DIFFERENT, EQUAL, FALLS, LITTLE, MUCH, RISES, WORSE
from service.verification.lexis import FAMILY, Lexis
from service.verification.negation import CONJUNCTIONS, SCOPE_ENDS, Cue, Pairs, answered, cues, denied
from service.verification.reading import Reading, Word

_PARTICLE_VERBS = frozenset("drive drove driven push bring brought send sent go goe went".split())
_COPULAS = frozenset("is are was were be been remain remains remained become becomes became".split())
_LINKS = frozenset("in of the a an for on its their to".split())
_DENYING = ("non", "un", "in", "im", "ir", "dis")
_COMPANY = 6  # words, of any kind, on either side
# A direction is said of the next words, or of the last ones where none follow; of a subject, further back.
_AFTER, _BEFORE, _SUBJECT = 3, 3, 8
_AXES = (
    ("amount", RISES, FALLS),
    ("quality", BETTER, WORSE),
    ("degree", MUCH, LITTLE),
    ("change", DIFFERENT, EQUAL),
)
_WORDS = {"amount": ("more", "less"), "quality": ("better", "worse"), "degree": ("much", "little")}

Kind = Literal["negation", "direction", "antonym"]
Move = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PolarityFault:
    """A word that claim and text say opposite things of.

    kind: "negation" (not/without), "direction" (up/down), "antonym".
    """

    kind: Kind
    word: Word
    reason: str


@dataclass(frozen=True, slots=True)
class Stances:
    """What a text says of its words.

    cues: its negations. negated: the numbers of words in the scope of an odd number of negations.
    directions: by the number of a word, what is said of it: an axis ("amount", "quality", "degree") with +1
        or -1, or "change" with 0 where it is said to stay or to be the same.
    moves: the same one by one, each with the words that it is said of.
    """

    reading: Reading
    cues: tuple[Cue, ...]
    negated: frozenset[int]
    directions: dict[int, frozenset[Move]]
    moves: tuple[tuple[Move, tuple[int, ...]], ...]


def stances(reading: Reading) -> Stances:
    """Negation and direction of every word of a text."""
    found = cues(reading)
    negated = denied(found)
    moves = tuple(_moves(reading, negated))
    directions: dict[int, frozenset[Move]] = {}
    for move, targets in moves:
        for target in targets:
            directions[target] = directions.get(target, frozenset()) | {move}
    return Stances(reading, found, negated, directions, moves)


def polarity_faults(claim: Stances, evidence: Stances, lexis: Lexis) -> list[PolarityFault]:
    """The words that the claim says yes, up or better of, and the evidence no, down or worse; or reversed."""
    words = evidence.reading.words
    pairs = {
        n: {m: s for m, other in enumerate(words) if other.content and (s := lexis.same(word, other))}
        for n, word in enumerate(claim.reading.words)
        if word.content
    }
    return [
        *_negations(claim, evidence, pairs),
        *_opposite_directions(claim, evidence, pairs),
        *_antonyms(claim, evidence, pairs),
        *_swapped_attributes(claim, evidence, pairs),
    ]


def _negations(claim: Stances, evidence: Stances, pairs: Pairs) -> Iterator[PolarityFault]:
    of_claim, of_evidence = answered(claim.cues, evidence.cues, pairs)
    for n, partners in pairs.items():
        close = [m for m, score in partners.items() if score >= FAMILY]
        here = n in claim.negated
        if not close or (n in of_claim if here else of_evidence.issuperset(close)):
            continue
        # "Little is known" is neither yes nor no; "reduces" may be "without", "the same" "no other".
        moves = claim.directions.get(n, frozenset()).union(*(evidence.directions.get(m, ()) for m in close))
        if any(sign < 0 or axis == "change" for axis, sign in moves):
            continue
        if {m in evidence.negated for m in close} == {not here}:
            word = claim.reading.words[n]
            says, other = ("denies", "asserts") if here else ("asserts", "denies")
            reason = f"the claim {says} “{word.text}”, which the passage {other}"
            yield PolarityFault("negation", word, reason)


def _opposite_directions(claim: Stances, evidence: Stances, pairs: Pairs) -> Iterator[PolarityFault]:
    doubtful: dict[int, set[Move]] = {}
    for move, targets in claim.moves:
        # "A higher birth rate" is borne out by "more births", whatever else is said of rates.
        if not any(move in evidence.directions.get(m, ()) for n in targets for m in pairs.get(n, ())):
            for n in targets:
                doubtful.setdefault(n, set()).add(move)
    for n, partners in pairs.items():
        said = claim.directions.get(n, frozenset())
        true = frozenset[Move]().union(*(evidence.directions.get(m, ()) for m in partners))
        for axis, sign in sorted(doubtful.get(n, ())):
            word = claim.reading.words[n]
            if sign and axis != "degree" and _only_same(true) and ("change", 0) not in said:
                reason = f"of “{word.text}”, the passage says that it is the same, the claim that it is not"
                yield PolarityFault("direction", word, reason)
                break
            if sign and (axis, -sign) in true and (axis, sign) not in true and (axis, -sign) not in said:
                up, down = _WORDS[axis]
                here, there = (up, down) if sign > 0 else (down, up)
                reason = f"of “{word.text}”, the passage says {there}, the claim {here}"
                yield PolarityFault("direction", word, reason)
                break


def _only_same(moves: frozenset[Move]) -> bool:
    return ("change", 0) in moves and not any(sign for _, sign in moves)


def _antonyms(claim: Stances, evidence: Stances, pairs: Pairs) -> Iterator[PolarityFault]:
    for n, partners in pairs.items():
        word = claim.reading.words[n]
        opposites = ANTONYMS.get(word.stem, frozenset())
        if partners or ("degree", -1) in claim.directions.get(n, ()) or _is_also_said(word, evidence.reading):
            continue
        for m, other in enumerate(evidence.reading.words):
            if (
                (other.stem in opposites or _is_denial(word, other))
                and _is_denied(evidence, m) == _is_denied(claim, n)
                and _in_like_company(len(claim.reading.words), n, m, pairs)
            ):
                reason = f"the passage says “{other.text}”, the claim “{word.text}”"
                yield PolarityFault("antonym", word, reason)
                break


def _is_also_said(word: Word, evidence: Reading) -> bool:
    """Whether the text has another word for it, one that is opposed to the same or moves the same way."""
    opposites, move = ANTONYMS.get(word.stem, frozenset()), _move(word)
    return any(
        (opposites and opposites & ANTONYMS.get(other.stem, frozenset()))
        or (move is not None and move == _move(other))
        for other in evidence.words
    )


def _is_denial(one: Word, other: Word) -> bool:
    """Whether one of two words is the other with a prefix that denies it, as "nontrivial" is of "trivial"."""
    longer, shorter = sorted((one.lower, other.lower), key=len, reverse=True)
    return len(shorter) > 4 and any(longer == prefix + shorter for prefix in _DENYING)


def _is_denied(text: Stances, place: int) -> bool:
    """Whether a word is negated, or stands after "less", as in "less experienced"."""
    words = text.reading.words
    return (place in text.negated) != (place > 0 and words[place - 1].lower == "less")


def _in_like_company(length: int, n: int, m: int, pairs: Pairs) -> bool:
    """Whether some word near word `n` of the claim is said near word `m` of the text."""
    near = range(max(0, n - _COMPANY), min(length, n + _COMPANY + 1))
    return any(abs(place - m) <= _COMPANY for k in near if k != n for place in pairs.get(k, ()))


def _swapped_attributes(claim: Stances, evidence: Stances, pairs: Pairs) -> Iterator[PolarityFault]:
    """Attributes that stand with another noun in the text: "nonlinear models" for its "linear models"."""
    for n in pairs:
        word = claim.reading.words[n]
        opposites = ANTONYMS.get(word.stem, frozenset())
        nouns = [m for m, score in pairs.get(n + 1, {}).items() if m and score >= FAMILY]
        before = [evidence.reading.words[m - 1] for m in nouns]
        contrary = [other for other in before if other.stem in opposites or _is_denial(word, other)]
        if contrary and word.stem not in {other.stem for other in before}:
            noun = claim.reading.words[n + 1].text
            reason = f"the passage says “{contrary[0].text} {noun}”, the claim “{word.text} {noun}”"
            yield PolarityFault("antonym", word, reason)


def _moves(reading: Reading, negated: frozenset[int]) -> Iterator[tuple[Move, tuple[int, ...]]]:
    """What is said to go up or down, get better or worse, or stay as it is, with the words it is said of."""
    for n, word in enumerate(reading.words):
        move = _move(word) or _moved_by_particle(reading.words, n)
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
        yield signed, tuple(_targets(reading.words, n))


def _is_of_a_number(reading: Reading, place: int) -> bool:
    """Whether "more" is that of "more than 400" or "more than a third", which says nothing of a direction."""
    after = reading.text[reading.words[place].end :]
    return re.match(r"\s?than\s(?:\d|an?\s|half|one|two|three)", after) is not None


def _move(word: Word) -> Move | None:
    for axis, ups, downs in _AXES:
        if word.stem in ups or word.lower in ups:
            return axis, 1
        if word.stem in downs or word.lower in downs:
            return axis, -1
    return None


def _moved_by_particle(words: Sequence[Word], place: int) -> Move | None:
    """Of "drive up costs" and "bring down costs"."""
    if place == 0 or words[place].lower not in ("up", "down") or words[place - 1].stem not in _PARTICLE_VERBS:
        return None
    return "amount", 1 if words[place].lower == "up" else -1


def _targets(words: Sequence[Word], place: int) -> list[int]:
    clause = words[place].clause
    after: list[int] = []
    for n in range(place + 1, len(words)):
        if words[n].clause != clause or words[n].lower in SCOPE_ENDS or len(after) >= _AFTER:
            break
        if _move(words[n]) and after:
            break
        if words[n].content and not _move(words[n]):
            after.append(n)
    follows = place + 1 < len(words) and (words[place + 1].content or words[place + 1].lower in _LINKS)
    if after and follows:
        return after
    # "Guidelines on partnerships are plentiful": all of the subject.
    is_said_of_subject = any(word.lower in _COPULAS for word in words[max(0, place - 2) : place])
    reach = _SUBJECT if is_said_of_subject else _BEFORE
    before: list[int] = []
    for n in range(place - 1, -1, -1):
        if words[n].clause != clause or len(before) >= reach or words[n].lower in CONJUNCTIONS:
            break
        if words[n].content and not _move(words[n]):
            before.append(n)
    return before
