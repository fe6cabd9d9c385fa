"""Words for the lexical index, and BM25 over them."""

import json
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.tokenization import Tokenized
from numpy.typing import NDArray

# The parameters of Lucene's default similarity.
K1, B = 1.2, 0.75

_NUMBER = re.compile(r"(?<=\d),(?=\d{3}\b)")
_TERM = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:\d+(?:\.\d+)?)*")
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMPOUND = re.compile(r"[^\W_]+(?:[-/][^\W_]+)+")
_STOPWORDS = frozenset(
    "a an and are as at be been but by can could did do does for from had has have how i if in into is it "
    "its may me might more most no not of on or our should so some such than that the their them then there "
    "these they this those to was we were what when where which while who whom whose why will with would "
    "you your".split()
)
_STEMMER = Stemmer.Stemmer("english")


# Plurals in -ses to their singular, British spellings to American ones. Both sides of a search go through
# these: what matters is not that each result is a word, but that two spellings of one word meet.
_SPELLINGS = (
    (re.compile(r"(?<=ta|no|ly|he|ro)ses$"), "sis"),  # metastases, diagnoses, analyses: their singular
    (re.compile(r"(?<=[a-z]{2})our(?=[a-z]*$)"), "or"),  # tumour, behavioural
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ing|ation|ations)$)"), "iz"),  # randomised, visualisation
    (re.compile(r"(?<=[a-z]{3})ys(?=(?:e|ed|es|er|ing)$)"), "yz"),  # analyse, catalysed
    (re.compile(r"[ao]e(?=[a-z]{2})"), "e"),  # haemorrhage, oedema, anaesthetic
    (re.compile(r"(?<=[a-z]{2}[tb])re(?=s?$)"), "er"),  # centre, fibre
    (re.compile(r"ll(?=(?:ed|er|ing)$)"), "l"),  # labelled, modelling
)


def terms(text: str) -> list[str]:
    """The terms of a text, in order: lower case, American spelling, stemmed (Porter 2), no stop words.

    Accents and other forms of a letter don't count ("Cè" is "ce", "CO₂" is "co2"). Digits keep their decimals
    and lose their thousands' commas ("425,148" is "425148"); a compound such as "AI-RADS" or "PET/CT" gives
    its parts and, run together, itself.
    """
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    plain = plain.replace("\u2010", "-")  # the hyphens of typesetters, of which NFKD leaves one
    lowered = _NUMBER.sub("", plain)
    found = [term for term in _TERM.findall(lowered) if term not in _STOPWORDS]
    compounds = [re.sub(r"[-/]", "", compound) for compound in _COMPOUND.findall(lowered)]
    return [str(term) for term in _STEMMER.stemWords([_american(term) for term in found + compounds])]


def _american(term: str) -> str:
    for british, american in _SPELLINGS:
        term = british.sub(american, term)
    return term


class LexicalIndex:
    """BM25 (Robertson & Zaragoza 2009; idf as in Lucene) over the terms of n passages.

    words: how often each word of four letters or more occurs as it is written, in lower case.
    """

    def __init__(self, bm25: bm25s.BM25, size: int, words: Mapping[str, int]) -> None:
        self._bm25 = bm25
        self._size = size
        self.words = words
        self._vocabulary: Mapping[str, int] = bm25.vocab_dict

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Term to number, for all terms that occur."""
        return self._vocabulary

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Index one text a passage; of each text only the numbers of its terms are held, 4 bytes a term."""
        first_seen: dict[str, int] = {}
        found: list[array[int]] = []
        words: Counter[str] = Counter()
        for text in texts:
            found.append(array("i", [first_seen.setdefault(t, len(first_seen)) for t in terms(text)]))
            words.update(_WORD.findall(text.lower()))
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        vocabulary = {term: n for n, term in enumerate(sorted(first_seen))}
        # The empty term, which no query holds, keeps an index of wordless passages from being empty.
        wordless = vocabulary[""] = len(vocabulary)
        numbers = [vocabulary[term] for term in first_seen]
        ids = [array("i", [numbers[n] for n in text] or [wordless]) for text in found]
        # BM25 has no mean length of no texts: an empty one stands in, which no term leads to.
        bm25.index(Tokenized(ids or [array("i", [wordless])], vocabulary), show_progress=False)
        return cls(bm25, len(found), words)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made."""
        self._bm25.save(str(folder), show_progress=False)
        (folder / "words.json").write_text(json.dumps(self.words, sort_keys=True), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, size: int) -> "LexicalIndex":
        """Open an index of `size` passages; its postings are memory-mapped."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False), size, words)

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """BM25 of each passage for a query of weighted terms: (n,) float32, 0 where no term occurs."""
        total = np.zeros(self._size, np.float32)
        for term, weight in weights.items():
            number = self._vocabulary.get(term)
            if number is not None:
                start, end = self._postings(number)
                total[self._bm25.scores["indices"][start:end]] += (
                    weight * self._bm25.scores["data"][start:end]
                )
        return total

    def _postings(self, number: int) -> tuple[int, int]:
        pointers = self._bm25.scores["indptr"]
        return int(pointers[number]), int(pointers[number + 1])
