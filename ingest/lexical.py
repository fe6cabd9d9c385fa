"""Words for the lexical index, and BM25 over them."""

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import Stemmer
from bm25s.tokenization import Tokenized

from ingest.best import Bool, Int64
from ingest.encoder import Float32
from ingest.postings import Postings
from ingest.string_table import StringTable, write_table

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
    lowered = _NUMBER.sub("", text.lower() if text.isascii() else _plain(text))
    found = [term for term in _TERM.findall(lowered) if term not in _STOPWORDS]
    compounds = [re.sub(r"[-/]", "", compound) for compound in _COMPOUND.findall(lowered)]
    return [_normal(term) for term in found + compounds]


def _plain(text: str) -> str:
    """Lower case, without accents, in ASCII where there is a letter for it."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.replace("\u2010", "-")  # the hyphens of typesetters, of which NFKD leaves one


# A million passages have 100 million words, nearly all of them among these many.
@lru_cache(maxsize=100_000)
def _normal(term: str) -> str:
    for british, american in _SPELLINGS:
        term = british.sub(american, term)
    return str(_STEMMER.stemWord(term))


class LexicalIndex:
    """BM25 (Robertson & Zaragoza 2009; idf as in Lucene) over the terms of n passages.

    postings: what each term gives to each passage. vocabulary: term to number, for all terms that occur.
    words: how often each word of four letters or more occurs as it is written, in lower case.
    """

    def __init__(self, postings: Postings, vocabulary: Mapping[str, int], words: Mapping[str, int]) -> None:
        self._postings = postings
        self.vocabulary = vocabulary
        self.words = words

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
        postings = Postings.of(bm25.scores["indptr"], bm25.scores["indices"], bm25.scores["data"], len(found))
        return cls(postings, vocabulary, words)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made."""
        folder.mkdir(parents=True)
        self._postings.save(folder)
        write_table(folder, "vocabulary", self.vocabulary.items())
        write_table(folder, "words", self.words.items())

    @classmethod
    def load(cls, folder: Path, size: int) -> "LexicalIndex":
        """Open an index of `size` passages; nothing of it is held in memory."""
        vocabulary, words = StringTable(folder, "vocabulary"), StringTable(folder, "words")
        return cls(Postings.load(folder, size), vocabulary, words)

    def words_starting(self, letter: str) -> Sequence[str]:
        """Those of the words that start so, in order."""
        if isinstance(self.words, StringTable):
            return self.words.starting(letter)
        return sorted(word for word in self.words if word.startswith(letter))

    def scores(self, weights: Mapping[str, float]) -> Float32:
        """BM25 of each passage for a query of weighted terms: (n,) float32, 0 where no term occurs."""
        return self._postings.sums(self._numbered(weights))

    def scores_of(self, weights: Mapping[str, float], ordinals: Int64) -> Float32:
        """BM25 of some passages, (c,) float32."""
        return self._postings.sums_of(self._numbered(weights), ordinals)

    def best(self, weights: Mapping[str, float], most: int, allowed: Bool | None = None) -> Int64:
        """The `most` passages with the highest scores above 0, best first, equal ones in order.

        allowed: (n,) bool, the passages to choose from; all if None.
        """
        return self._postings.best(self._numbered(weights), most, allowed)

    def _numbered(self, weights: Mapping[str, float]) -> list[tuple[int, float]]:
        numbers = ((self.vocabulary.get(term), weight) for term, weight in weights.items())
        return [(number, weight) for number, weight in numbers if number is not None]
