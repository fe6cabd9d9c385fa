"""Reading a text for verification: markers blanked out, then words, clauses, sentences with their places."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.lexical import terms
from ingest.records import Span
from ingest.sentences import split_sentences

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*%?)(?![\w-]*[A-Za-z])"
    r"|(?P<word>[A-Za-zÀ-ÖØ-öø-ÿ]+(?:\d+[A-Za-z]*)*|\d+[\w]*)"
    r"|(?P<stop>[.;:!?|()]|,(?=\s)|[—–](?=\s))"
)
# Each is overwritten with blanks, so that every offset stays what it was.
_NOT_READ = (
    re.compile(r"\^\{?[\d,–\-\s]+\}?"),  # ^{14,17}
    re.compile(r"[⁰¹²³⁴-⁹](?:[⁰¹²³⁴-⁹⁻,⁾⁽-]*[⁰¹²³⁴-⁹])?"),
    re.compile(r"\[\d+(?:\s*[,–-]\s*\d+)*\]"),
    re.compile(r"(?<=[a-z]\.)\d{1,2}(?:[,–-]\d{1,2})*(?=\s|$)"),  # operators.3
    re.compile(r"(?<=\.[”\"]) ?\d{1,2}(?= [A-Z])"),  # “indifference.” 8 In a
    re.compile(r"^\s*(?:yes|no)\s*[,:;.–—]", re.IGNORECASE),  # what an answer may begin with
    re.compile(r"(?<!\S)\*+|\*+(?!\S)|\*+(?=\w)|(?<=\w)\*+"),
)
# What carries no matter of its own, beyond the stop words of `ingest.lexical`.
_FUNCTION = frozenset(
    "also although among another anything around away because become becomes before being besides both "
    "by did does doing done down during each either else ever every few first from further furthermore "
    "get gets getting give gives given go goes had has have having however just keep kept let like made "
    "make makes making many meanwhile more moreover most much nearly need nevertheless nonetheless "
    "often one only other others out over own per rather same several similarly since so some still "
    "such than thereby therefore though through thus together too toward towards under until up upon "
    "use used uses using various very via way well were whatever whereas whether while within without "
    "yet et al eg ie vs versus namely including include includes included respectively across between "
    "after against whose since once even any all few less fewer about above below least almost roughly "
    "approximately specifically particularly importantly notably recent recently new take takes taken "
    "put puts didn doesn isn aren wasn weren don hasn haven hadn couldn wouldn shouldn won able "
    "something someone thing things there here itself themselves".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number of a text.

    stem: as the lexical index has it; of a function word, its lower-case self.
    content: whether it carries matter: no function word, no plain number.
    sentence, clause: which one of the text it stands in, from 0.
    """

    text: str
    stem: str
    start: int
    end: int
    content: bool
    sentence: int
    clause: int

    @property
    def lower(self) -> str:
        """In lower case."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the verifier reads it.

    text: as given, but what is not read (markers, table bars) is overwritten, so that offsets hold.
    sentences: spans of it.
    """

    text: str
    words: tuple[Word, ...]
    sentences: tuple[Span, ...]

    @property
    def content(self) -> list[Word]:
        """The words that carry matter, in order."""
        return [word for word in self.words if word.content]

    def stems(self) -> set[str]:
        """The stems of the words that carry matter."""
        return {word.stem for word in self.words if word.content}


def read(text: str, sentences: tuple[Span, ...] = ()) -> Reading:
    """Read a text. sentences: where they are known already; else they are found."""
    clean = _blanked(text)
    spans = sentences or _sentences(text, clean)
    words: list[Word] = []
    sentence = clause = 0
    for match in _TOKEN.finditer(clean):
        while sentence + 1 < len(spans) and match.start() >= spans[sentence + 1][0]:
            sentence += 1
            clause += 1
        if match.lastgroup == "stop":
            clause += 1
            continue
        token = match[0]
        stem, content = (token, False) if match.lastgroup == "number" else _stem(token)
        words.append(Word(token, stem, match.start(), match.end(), content, sentence, clause))
    return Reading(clean, tuple(words), spans)


def _sentences(text: str, clean: str) -> tuple[Span, ...]:
    """The sentences of a text; each row of a table is one."""
    found: list[Span] = []
    for block in re.finditer(r"[ \t]*\|.*|(?:(?!\n[ \t]*\|)[\s\S])+", text):
        if block[0].strip().startswith("|"):
            found.append(block.span())
        else:
            inside = split_sentences(clean[block.start() : block.end()])
            found += [(start + block.start(), end + block.start()) for start, end in inside]
    return tuple(found) or ((0, len(clean)),)


@lru_cache(maxsize=50_000)
def _stem(token: str) -> tuple[str, bool]:
    lowered = token.lower()
    found = terms(lowered)
    # "US" and "IT" in capitals are names, whatever they are in small letters.
    if token.isupper() and len(token) > 1:
        return (found[0] if found else lowered), True
    if not found or lowered in _FUNCTION or len(lowered) == 1:
        return lowered, False
    return found[0], True


def stem(word: str) -> str:
    """The stem of one word."""
    return _stem(word)[0]


def _blanked(text: str) -> str:
    for pattern in _NOT_READ:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return re.sub(r"\s", " ", text).replace("|", ";").replace("’", "'")
