"""Reading a question: spelling, abbreviations, and the weighted terms to look up."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from ingest.encoder import Float32, Int32
from ingest.lexical import terms
from ingest.searchable import Searchable
from service.retrieval.followups import Standalone

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]|[A-Za-z]")
_SHORTEST_MISSPELT = 4
# One slip in a word of up to seven letters, two in a longer one.
_TWO_SLIPS = 8
# Short forms are typed in small letters, but one of more letters that is a word is that word.
_LONGEST_AS_TYPED = 3
# What is added says what the question may mean, not what it says.
ADDED_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched.

    text: what is embedded: spelling mended, then, in brackets, context and what abbreviations mean.
    own: how many characters of `text` are the question's own.
    terms: term to weight, for the lexical index.
    """

    text: str
    own: int
    terms: dict[str, float]

    @property
    def question(self) -> str:
        """The question's own text, spelling mended, without what was added."""
        return self.text[: self.own]

    def emphasis(self, starts: Int32) -> Float32:
        """The weight of each token of `text`, (t,) float32, given the characters at which they begin."""
        return np.where(starts < self.own, 1.0, ADDED_WEIGHT).astype(np.float32)


class QueryReader:
    """Reads questions with the words and abbreviations of one generation.

    is_word: whether a word that the corpus has never seen is a word all the same, no slip of the keyboard.
    """

    def __init__(self, generation: Searchable, is_word: Callable[[str], bool]) -> None:
        self._is_word = is_word
        self._vocabulary = generation.vocabulary
        self._words = generation.words
        self._words_starting = generation.words_starting
        self._long_forms: dict[str, set[str]] = defaultdict(set)
        short_forms: dict[tuple[str, ...], str] = {}
        for short, long in generation.abbreviations:
            self._long_forms[short.lower()].add(long.lower())
            short_forms[tuple(terms(long))] = short
        # By the first term of the long form: a large corpus has tens of thousands.
        self._short_forms: dict[str, list[tuple[int, tuple[str, ...], str]]] = defaultdict(list)
        for place, (long_terms, short) in enumerate(short_forms.items()):
            if len(long_terms) > 1:
                self._short_forms[long_terms[0]].append((place, long_terms, short))

    def read(self, asked: Standalone) -> Query:
        """Mend the spelling of words that the corpus has never seen, and add context and abbreviations."""
        question = _WORD.sub(lambda match: self._mended(match[0]), asked.question)
        added = [*filter(None, [asked.context]), *self._expansions(f"{question} {asked.context}")]
        weights = {term: float(count) for term, count in Counter(terms(question)).items()}
        weights |= {t: ADDED_WEIGHT for addition in added for t in terms(addition) if t not in weights}
        text = f"{question} ({'; '.join(added)})" if added else question
        return Query(text, len(question), weights)

    def _mended(self, word: str) -> str:
        """`word`, or the word of the corpus that it misspells."""
        lowered = word.lower()
        if len(word) < _SHORTEST_MISSPELT or word.isupper() or lowered in self._words:
            return word
        if self._is_word(lowered) or all(term in self._vocabulary for term in terms(word)):
            return word
        slips = 2 if len(word) >= _TWO_SLIPS else 1
        likely = self._words_starting(lowered[0])
        distances = cdist([lowered], likely, scorer=OSA.distance, score_cutoff=slips, dtype=np.uint8)[0]
        near = {likely[n]: int(distances[n]) for n in np.flatnonzero(distances <= slips).tolist()}
        return min(near, key=lambda known: (near[known], -self._words[known]), default=word)

    def _expansions(self, question: str) -> list[str]:
        """Long forms of the short forms in the question, short forms of the long ones."""
        found = [long for word in self._tokens(question) for long in sorted(self._long_forms.get(word, ()))]
        asked = terms(question)
        likely = [form for term in set(asked) for form in self._short_forms.get(term, ())]
        found += [short for _, long_terms, short in sorted(likely) if _contains(asked, long_terms)]
        lowered = question.lower()
        return [form for form in dict.fromkeys(found) if form.lower() not in lowered]

    def _tokens(self, question: str) -> Iterable[str]:
        for token in re.findall(r"[\w%/-]+", question):
            # "it" and "claim" are words; "IT", "CLAIM" and "ct" are short forms.
            if token.islower() and len(token) > _LONGEST_AS_TYPED and self._is_word(token):
                continue
            if token.isupper() or len(token) > 2 or token.lower() not in _WORDS_LIKE_SHORT_FORMS:
                yield token.lower()
                if token.endswith("s"):
                    yield token[:-1].lower()


_WORDS_LIKE_SHORT_FORMS = frozenset({"or", "us", "it", "is", "as", "in", "me", "so", "os", "tr"})


def _contains(asked: list[str], phrase: tuple[str, ...]) -> bool:
    return any(tuple(asked[n : n + len(phrase)]) == phrase for n in range(len(asked) - len(phrase) + 1))
