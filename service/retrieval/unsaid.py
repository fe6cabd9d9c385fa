"""Which words of a question a passage does not say.

A question that is else in the passage's own words, but for one name, asks for what is not there; one put in
other words throughout may well be answered.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from ingest.encoder import Float32, Int32
from ingest.lexical import terms

_WORD = re.compile(r"\w+(?:[-'’./]\w+)*")
# Words that ask or tell to answer, beside the stop words of `ingest.lexical`: no passage has to say them.
_ASKING = frozenset(
    "about according also any answer asked authors describe did document documents does each explain every "
    "exactly find found gave get give given got hers his her just list look many mean means mention "
    "mentioned much name named names once one only other out over paper please put question really report "
    "reported reports said say says show since tell there use used using very want whose".split()
)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a passage says and lacks of a question, each 0 to 1.

    missing: how foreign to it the word is that is most so, times the share of the others that it has.
    name: the share of the other words that it has, if it lacks a name.
    named: how rare the rarest name is that it has, 1 for one that no other passage has.
    """

    missing: float = 0.0
    name: float = 0.0
    named: float = 0.0


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that carries matter: its terms and pieces; whether it has a capital inside the sentence."""

    terms: frozenset[str]
    pieces: Int32
    is_name: bool

    @property
    def is_rare(self) -> bool:
        """Whether it is a name, or no word that the model knows whole: as names in small letters are."""
        return self.is_name or len(self.pieces) > 1


def unsaid(
    question: str, starts: Int32, said: AbstractSet[str], nearness: Float32, rarity: Float32
) -> Unsaid:
    """What a passage says and lacks of `question`.

    starts: (t,) int32, the character of the question at which each word piece begins.
    said: the passage's terms.
    nearness: (t,) float32, the best cosine of each word piece in the passage. rarity: (t,) float32, 0 to 1.
    """
    words = _words(question, starts)
    if not words:
        return Unsaid()
    literal = np.array([word.terms <= said for word in words], np.float32)
    near = np.clip([nearness[word.pieces].mean() for word in words], 0.0, 1.0)
    lacking = (1 - literal) * (literal.sum() - literal) / max(1, len(words) - 1)
    return Unsaid(
        missing=float((lacking * (1 - near)).max()),
        name=float((lacking * [word.is_name for word in words]).max()),
        named=float((literal * [word.is_rare * rarity[word.pieces].max() for word in words]).max()),
    )


def _words(question: str, starts: Int32) -> list[_Word]:
    found = []
    for match in _WORD.finditer(question):
        word, own = match[0], frozenset(terms(match[0]))
        pieces = np.flatnonzero((starts >= match.start()) & (starts < match.end()))
        if own and len(pieces) and word.lower() not in _ASKING:
            begins = question[: match.start()].rstrip()[-1:] in ("", ".", "?", "!", ":")
            is_name = any(map(str.isupper, word[1:])) or (word[0].isupper() and not begins)
            found.append(_Word(own, pieces.astype(np.int32), is_name))
    return found
