"""Negation: which words of a text are denied, and by what; whether the other text denies the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.verification.reading import Reading, Word

# These deny verbs, and with them the whole clause, its subject too.
_OF_CLAUSES = re.compile(
    r"\b(?:not|never|cannot|\w+n't|no\slonger|fail(?:s|ed|ing)?\sto|unable\sto|ceas(?:e|es|ed)\sto|far\sfrom|"
    r"(?:beyond|outside)\sthe\sscope|hardly|scarcely|barely|rarely|seldom)\b",
    re.IGNORECASE,
)
# These deny the things that follow.
_OF_THINGS = re.compile(
    r"\b(?:no|nobody|nothing|without|neither|nor|none|lack(?:s|ed|ing)?(?:\sof)?|absence\sof|free\s(?:of|from)|"
    r"(?:sacrific|compromis|detract|hinder|hamper|imped|undermin|impair|disrupt|interrupt|interfer|jeopardi)\w*|"
    r"(?:miss|omit|overlook|exclu|escap)\w*|(?:leav(?:e|es|ing)|left)\sout|absent|un(?:relat|affect|correlat)ed|"
    r"losing|loss\sof|giving\sup|rather\sthan|instead\sof|as\sopposed\sto|unlike|"
    r"do(?:es)?\saway\swith|non)\b",
    re.IGNORECASE,
)
# These say no to nothing.
_NO_NEGATORS = re.compile(
    r"\bnot\s(?:only|just|merely|simply|least)\b|\bno\s(?:less|fewer|more|later|doubt)\b|\bwithout\sdoubt\b"
    r"|\bwith\sor\swithout\b|\bwhether\sor\snot\b|\bor\snot\b|\bwhy\snot\b",
    re.IGNORECASE,
)
CONJUNCTIONS = frozenset("but although though while whereas yet however because since so if".split())
SCOPE_ENDS = CONJUNCTIONS | frozenset(
    "which thus thereby than can may might could will would should is are was were has have had "
    "tend tends seem seems regarding concerning about".split()
)
_CONTRAST = re.compile(r"rather\sthan|instead\sof|as\sopposed\sto|unlike|non", re.IGNORECASE)
_ABOUT_ENDS = CONJUNCTIONS | {"and"}
_SUBJECT_ENDS = CONJUNCTIONS | frozenset("and or that which who".split())
_PASSIVE = frozenset("is are was were be been being".split())
_AUXILIARIES = _PASSIVE | frozenset("do does did has have had can could will would may might".split())
# Words that carry matter, at most, in the scope of each.
_OF_CLAUSE, _OF_THING, _OF_SUBJECT, _OF_PAIR = 8, 4, 3, 1
_AROUND = 8  # words, of any kind, on either side of a cue that it may be about

# By the number of a word of the claim, the words of the evidence that say the same, with how far.
Pairs = Mapping[int, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Cue:
    """What denies.

    denied: the numbers of the words in its scope. around: those of all words that it may be about.
    """

    denied: frozenset[int]
    around: frozenset[int]


def cues(reading: Reading) -> tuple[Cue, ...]:
    """The negations of a text, in no order."""
    quiet = [match.span() for match in _NO_NEGATORS.finditer(reading.text)]
    return tuple(
        _cue(reading.words, match, whole=pattern is _OF_CLAUSES)
        for pattern in (_OF_CLAUSES, _OF_THINGS)
        for match in pattern.finditer(reading.text)
        if not any(start <= match.start() < end for start, end in quiet)
    )


def denied(found: Sequence[Cue]) -> frozenset[int]:
    """The words in the scope of an odd number of negations."""
    odd = frozenset[int]()
    for cue in found:
        odd ^= cue.denied
    return odd


def answered(claim: Sequence[Cue], evidence: Sequence[Cue], pairs: Pairs) -> tuple[frozenset[int], ...]:
    """The words, of claim and of evidence, that negations deny to which the other text has as many.

    Two ways of saying no to one thing ("was not shown", "could not show") seldom deny the same words of it.
    Of negations about the same things, it counts whether their numbers are both even or both odd.
    """
    of_claim, of_evidence = frozenset[int](), frozenset[int]()
    about = [frozenset(m for n in cue.around for m in pairs.get(n, ())) for cue in claim]
    for said in about:
        there = [other for other in evidence if said & other.around]
        here = [
            cue for cue, its in zip(claim, about, strict=True) if any(its & other.around for other in there)
        ]
        if there and len(here) % 2 == len(there) % 2:
            of_claim = of_claim.union(*(cue.denied for cue in here))
            of_evidence = of_evidence.union(*(cue.denied for cue in there))
    return of_claim, of_evidence


def _cue(words: Sequence[Word], match: re.Match[str], *, whole: bool) -> Cue:
    """whole: whether it denies the clause, and not only what follows."""
    first = next((n for n, word in enumerate(words) if word.start >= match.end()), len(words))
    last = next((n for n in range(first - 1, -1, -1) if words[n].end <= match.start()), -1)
    cue, before = match[0].lower(), words[last].lower if last >= 0 else ""
    reach = _OF_CLAUSE if whole or " " in cue else _OF_THING
    follows = range(first, len(words))
    governed = frozenset(
        _reached(
            words,
            follows,
            _OF_PAIR if cue in ("non", "rather than") else reach,
            CONJUNCTIONS if whole else SCOPE_ENDS,
        )
    )
    subject = frozenset(_reached(words, range(last, -1, -1), _OF_SUBJECT, _SUBJECT_ENDS))
    if before in _PASSIVE and cue.endswith(("ed", "out")):  # "lesions were missed"
        governed = subject
    elif whole and (before in _AUXILIARIES or cue.endswith(("cannot", "n't"))) and _is_last(words, governed):
        governed |= subject  # "efficacy was not shown"
    if _CONTRAST.fullmatch(cue):  # which of two things it denies is all that matters
        return Cue(governed, frozenset())
    near = (range(last, max(-1, last - _AROUND), -1), follows[:_AROUND])
    around = (frozenset(_reached(words, side, _AROUND, _ABOUT_ENDS)) for side in near)
    return Cue(governed, governed.union(*around))


def _is_last(words: Sequence[Word], governed: frozenset[int]) -> bool:
    """Whether no more than a verb is governed, and no "but" follows with what is asserted instead."""
    end = max(governed, default=len(words)) + 1
    instead = end < len(words) and words[end].lower == "but"
    return sum(words[n].content for n in governed) < 2 and not instead


def _reached(words: Sequence[Word], places: range, reach: int, ends: frozenset[str]) -> Iterator[int]:
    matter = 0
    for n in places:
        if words[n].clause != words[places[0]].clause or words[n].lower in ends or matter >= reach:
            return
        yield n
        matter += words[n].content
