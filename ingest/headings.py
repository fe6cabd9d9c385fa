"""Which bare lines can be headings: the print of a line, for texts that mark headings in different ways."""

import re

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_TRAILING = "*_ \t"
_MAX_WORDS = 14
_MINOR = frozenset(
    "a an and as at but by for from in into nor of off on or over per so the to up via vs with".split()
)


def is_all_capitals(line: str) -> bool:
    """A line such as "INTRODUCTION" or "BIOPSY VS. RADIOMICS-BASED VIRTUAL BIOPSY"."""
    letters = [character for character in line if character.isalpha()]
    words = line.split()
    return (
        len(letters) >= 4
        and len(words) <= _MAX_WORDS
        and all(map(str.isupper, letters))
        and not line.rstrip(_TRAILING).endswith((".", ",", ";"))
    )


def is_title_case(line: str) -> bool:
    """A short line such as "Main Findings": a capital first and on most words, no full stop."""
    bare = line.strip(_TRAILING)
    words = _WORD.findall(bare)
    if not words or len(bare.split()) > _MAX_WORDS or bare.endswith((".", ",", ";", ":", "…")):
        return False
    first = bare.lstrip("\"“‘'(")[:1]
    major = [word for word in words if word.lower() not in _MINOR]
    capitals = sum(word[0].isupper() or not word.islower() for word in major)
    return (
        first.isupper() and not re.search(r"[\^@|]|https?:|[⁰¹²³⁴-⁹]", bare) and capitals >= 0.75 * len(major)
    )


def normalised(heading: str) -> str:
    """For comparing: lower case, words and numbers only."""
    return " ".join(re.findall(r"[^\W_]+", heading.lower()))
