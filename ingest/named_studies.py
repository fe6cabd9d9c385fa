"""Studies that a row of a table names by author and year, and the bibliography entries that they are.

A surname and a year are no key: "Zhang et al 2024" in a table may be another work than the only Zhang 2024 of
the bibliography. A name resolves only where exactly one entry has this first author and this year, and its
words speak of what the row speaks of. A study without a link is found by its name; a wrong link is believed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from ingest.lexical import terms
from ingest.records import Abbreviation, Reference

_PARTICLE = r"(?:d[aeiu]|del|della|dos|el|al|la|le|van|von|der|den|te[nr]|[A-Z][a-z]+)"
_SURNAME = rf"(?:{_PARTICLE} ){{0,2}}[A-Z][^\W\d_]*(?:['’-][^\W\d_]+)*"
# "Daye et al 2019", "Delli Pizzi et al. (2021)", "Li and Kong, 2025a".
_STUDY = re.compile(
    rf"({_SURNAME})(?:,? et al\b\.?|,? and (?:colleagues|co-?workers)| (?:and|&) {_SURNAME})?,? "
    r"[(\[]?((?:19|20)\d\d)[a-z]?\b"
)
_AUTHOR = re.compile(rf"({_SURNAME}),? (?:[A-Z]\.?[- ]?){{1,4}}(?=[,.;]| and | & |$)")
_YEAR = re.compile(r"(?<![\d./-])(?:19|20)\d\d(?![\d/-])")
_IDENTIFIER = re.compile(r"\bdoi\b.*|https?://\S+|\b10\.\d{4,}/\S+", re.IGNORECASE | re.DOTALL)
# A name of this length or more may be printed with one letter amiss.
_LONG_NAME = 10
# A word tells of a subject if no more than this share of the entries, or this many, hold it.
_COMMON, _FEW = 0.2, 2


@dataclass(frozen=True, slots=True)
class _Work:
    """An entry as a row may name it. words: of its title and journal, without names."""

    number: int
    surname: str
    years: frozenset[str]
    words: frozenset[str]


class NamedStudies:
    """Knows the entries of one document's bibliography by first author, year and subject."""

    def __init__(self, references: Sequence[Reference], abbreviations: Iterable[Abbreviation] = ()) -> None:
        self._works = [work for reference in references if (work := _work(reference))]
        held = Counter(word for work in self._works for word in work.words)
        self._telling = {
            word for word, times in held.items() if times <= max(_FEW, _COMMON * len(self._works))
        }
        self._namesakes = Counter(name for reference in references for name in set(_surnames(reference.text)))
        self._long_forms = _long_forms(abbreviations)

    def named_in(self, row: str) -> tuple[int, ...]:
        """The numbers of the entries that a row's text names, in the order of mention."""
        subject = self._subject(row)
        found = (self._resolved(_folded(name), year, subject) for name, year in _STUDY.findall(row))
        return tuple(dict.fromkeys(number for number in found if number is not None))

    def _resolved(self, name: str, year: str, subject: frozenset[str]) -> int | None:
        meant = [work for work in self._works if year in work.years and _same_name(name, work.surname)]
        if len(meant) != 1:
            return None
        [work] = meant
        # The bibliography itself shows which surnames are common.
        needed = 1 if self._namesakes[work.surname] <= 1 else 2
        return work.number if len(work.words & subject & self._telling) >= needed else None

    def _subject(self, row: str) -> frozenset[str]:
        """The words of a row, with those that its short forms stand for."""
        long_forms = (self._long_forms.get(word, "") for word in re.findall(r"[\w/%-]+", row))
        return frozenset(terms(" ".join([_STUDY.sub(" ", row), *long_forms])))


def _long_forms(abbreviations: Iterable[Abbreviation]) -> Mapping[str, str]:
    long_forms: dict[str, str] = {}
    for abbreviation in abbreviations:
        long_forms[abbreviation.short] = f"{long_forms.get(abbreviation.short, '')} {abbreviation.long}"
    return long_forms


def first_author(entry: str) -> str | None:
    """The surname that an entry of a bibliography begins with, as printed; None if it begins otherwise."""
    author = _AUTHOR.match(entry)
    return author[1] if author else None


def _work(reference: Reference) -> _Work | None:
    author = first_author(reference.text)
    if author is None:
        return None
    plain = _IDENTIFIER.sub(" ", reference.text)
    words = frozenset(terms(_AUTHOR.sub(" ", plain)))
    return _Work(reference.number, _folded(author), frozenset(_YEAR.findall(plain)), words)


def _surnames(entry: str) -> Iterator[str]:
    yield from (_folded(match[1]) for match in _AUTHOR.finditer(entry))


def _same_name(one: str, other: str) -> bool:
    slips = 1 if min(len(one), len(other)) >= _LONG_NAME else 0
    return OSA.distance(one, other, score_cutoff=slips) <= slips


def _folded(name: str) -> str:
    """Lower case, without accents and other signs."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if character.isalpha())
