"""Passages without end, whose vectors and words are as hard to search as those of real ones.

A vector is a sum of Gaussian parts of one spectrum: some that a passage shares with ever more of those around
it, some of themes that cut across, one that is its own. Sizes, shares and spectrum are set so that nearest
neighbours are about as hard to find as among the abstracts of MED and CISI, embedded by all-MiniLM-L6-v2:

                                            MED    CISI   generated
    passages                               1033    1460        1460
    cosine of the nearest, the 10th   .661 .507  .690 .566  .590 .470
    of any two, and its deviation     .133 .125  .250 .139  .201 .093
    local intrinsic dimension              13.3    18.5        21.0
    variance of the first 10, 50      .34 .68    .35 .67    .25 .62
    question: nearest, 10th           .703 .531  .653 .553  .742 .430
    question: local dimension              10.0    22.8        16.7
    of its ten nearest are in the
      nearest 1, 2, 4 of 32 lists  .86 .97 .97  .52 .73 .86  .74 .87 .94

What real collections of a million hold beyond that, duplicates say, is not in it. Words are drawn by the law
of Zipf and Mandelbrot, without stop words: half of a passage's from all of them (the commonest is in a fifth
of all passages), half from 200 of its document's. Each word has one or two word pieces, whose vectors lean
towards the passage's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import EncoderInfo, Float32
from ingest.pending import Embedded
from ingest.records import Abbreviation, Document, Passage, Sentence
from ingest.tokens import Int64, PassageTokens

DIMENSION = 384
INFO = EncoderInfo("generated", "0" * 64, DIMENSION)
# Passages of a document; of each document all but the last have so many.
PER_DOCUMENT = 50
# Of every token vector's components the largest is below 0.35.
SCALE = 0.35 / 127
_WORDS, _SENTENCES = 60, 3  # of a passage

# Passages in a row that share a part, and its share of the variance; no gap at which clusters would part.
_NEIGHBOURS = (
    (30_000, 0.06),
    (8_000, 0.05),
    (2_500, 0.06),
    (400, 0.06),
    (150, 0.05),
    (60, 0.06),
    (25, 0.06),
    (10, 0.06),
    (4, 0.06),
)
# Themes of which each passage has one, whatever its neighbours have: clusters cut across each other.
_THEMES = ((16, 0.12), (64, 0.12))
_OWN = 0.24
# A question holds less of what is the passage's own, and something else.
_ASKED, _ELSE = 0.35, 0.5
_SPECTRUM = (np.arange(DIMENSION) + 15.0) ** -1

_VOCABULARY, _COMMON = 2_000_000, 20.0  # ranks r are drawn in proportion to 1 / (r + 20)
_DOCUMENT_WORDS = 200
_PIECES, _WHOLE = 30_000, 8_000  # words of a higher rank have two pieces
_LEANING = 0.5
_SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in "aeiou"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one passage. vector, tokens, ids: as the encoder would give them."""

    text: str
    vector: Float32
    tokens: Float32
    ids: NDArray[np.int32]


class Generated:
    """`size` passages, always the same ones."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.documents = -(-size // PER_DOCUMENT)
        drawn = np.random.default_rng(0)
        self._deviation = np.sqrt(_SPECTRUM / _SPECTRUM.sum()).astype(np.float32)
        # Otherwise the first dimensions would hold most of the variance, which a quantiser finds easy.
        self._rotation = np.linalg.qr(drawn.standard_normal((DIMENSION, DIMENSION)))[0].astype(np.float32)
        self._themes = [self._gaussian(drawn, n) * np.float32(np.sqrt(share)) for n, share in _THEMES]
        self._pieces = _unit(drawn.standard_normal((_PIECES, DIMENSION), np.float32))
        # The sum of 1 / (r + common) over the ranks is a logarithm, which is drawn from by its inverse.
        self._span = np.log((_VOCABULARY + _COMMON) / _COMMON)

    def document(self, place: int) -> tuple[Document, list[Passage]]:
        """A document and its passages."""
        name = f"paper-{place:06d}"
        words = self._words(place)
        passages, paragraphs, at = [], [], 0
        for number, row in enumerate(words):
            length = _WORDS // _SENTENCES
            lines = [" ".join(map(word, row[n : n + length])) + "." for n in range(0, _WORDS, length)]
            text = " ".join(lines)
            bounds = np.cumsum([0, *(len(line) + 1 for line in lines)]).tolist()
            sentences = tuple(Sentence(a, b - 1, ((at + a, at + b - 1),)) for a, b in pairwise(bounds))
            spans = ((at, at + len(text)),)
            passages.append(Passage(f"{name}-{number}", name, "paragraph", text, spans, sentences))
            paragraphs.append(text)
            at += len(text) + 2
        document = Document(
            name,
            f"{name}.txt",
            "0" * 64,
            " ".join(map(word, words[0, :8])),
            "\n\n".join(paragraphs),
            # Surnames that no question holds by chance.
            authors=tuple(f"{word(r)[0].upper()} {word(r).capitalize()}son" for r in words[0, 8:12]),
            date=f"{1990 + place % 36}",
            abbreviations=tuple(
                Abbreviation(word(r)[:3].upper(), f"{word(r)} {word(q)}", "prose")
                for r, q in zip(words[0, 12:22], words[0, 22:32], strict=True)
            ),
        )
        return document, passages

    def embedded(self) -> Iterator[Embedded]:
        """The vectors of all passages, in order."""
        for place in range(self.documents):
            words = self._words(place)
            shared, own = self._parts(place)
            vectors = _unit(shared + own) @ self._rotation
            for row, vector in zip(words, vectors, strict=True):
                ids, first = _pieces(row)
                bounds = np.append(first[:: _WORDS // _SENTENCES], len(ids))
                sentences = np.stack([bounds[:-1], bounds[1:]], axis=1).astype(np.int32)
                yield Embedded(vector, PassageTokens(self._tokens(ids, vector), ids, sentences))

    def questions(self, count: int) -> Iterator[Asked]:
        """Questions about passages here and there, of eight words each; every fifth has a slip in one."""
        drawn = np.random.default_rng(1)
        for number in range(count):
            place = int(drawn.integers(self.documents))
            words = self._words(place)
            row = int(drawn.integers(len(words)))
            ranks = np.concatenate(
                [drawn.choice(words[row], 3), drawn.choice(words.ravel(), 3), self._zipf(drawn, 2)]
            )
            shared, own = (part[row : row + 1] for part in self._parts(place))
            other = self._gaussian(drawn, 1) * np.float32(np.sqrt(_ELSE))
            vector = (_unit(shared + np.float32(_ASKED) * own + other) @ self._rotation)[0]
            ids, _ = _pieces(ranks)
            asked = [word(rank) for rank in ranks]
            if number % 5 == 0:
                asked[0] = asked[0][:-3] + asked[0][-2] + asked[0][-3] + asked[0][-1]
            yield Asked(" ".join(asked) + "?", vector, self._tokens(ids, vector), ids)

    def _words(self, place: int) -> Int64:
        """(p, w) int64, the ranks of the words of a document's passages."""
        drawn = np.random.default_rng([2, place])
        shape = (min(PER_DOCUMENT, self.size - place * PER_DOCUMENT), _WORDS)
        of_document = self._zipf(drawn, _DOCUMENT_WORDS)[drawn.integers(_DOCUMENT_WORDS, size=shape)]
        return np.where(drawn.random(shape) < 0.5, of_document, self._zipf(drawn, shape))

    def _zipf(self, drawn: np.random.Generator, shape: int | tuple[int, int]) -> Int64:
        return np.asarray(_COMMON * (np.exp(drawn.random(shape) * self._span) - 1), np.int64)

    def _parts(self, place: int) -> tuple[Float32, Float32]:
        """(p, d) float32 each: what the passages of a document share with others, and what is their own."""
        rows = place * PER_DOCUMENT + np.arange(min(PER_DOCUMENT, self.size - place * PER_DOCUMENT))
        shared = np.zeros((len(rows), DIMENSION), np.float32)
        for level, (size, share) in enumerate(_NEIGHBOURS):
            groups, of_group = np.unique(rows // size, return_inverse=True)
            parts = [self._gaussian(np.random.default_rng([3, level, group]), 1) for group in groups]
            shared += np.float32(np.sqrt(share)) * np.concatenate(parts)[of_group]
        drawn = np.random.default_rng([4, place])
        for theme in self._themes:
            shared += theme[drawn.integers(len(theme), size=len(rows))]
        return shared, self._gaussian(drawn, len(rows)) * np.float32(np.sqrt(_OWN))

    def _gaussian(self, drawn: np.random.Generator, count: int) -> Float32:
        return np.asarray(drawn.standard_normal((count, DIMENSION), np.float32) * self._deviation)

    def _tokens(self, ids: NDArray[np.int32], vector: Float32) -> Float32:
        return _unit(self._pieces[ids] + np.float32(_LEANING) * vector)


def word(rank: int) -> str:
    """A word of its own for each rank from 0, longer for rare ones, of four letters or more."""
    number, syllables = int(rank) + len(_SYLLABLES), ""
    while number:
        number, digit = divmod(number, len(_SYLLABLES))
        syllables += _SYLLABLES[digit]
    return syllables + "x"


def is_word(text: str) -> bool:
    """Whether it is one of these words, and none with a slip."""
    return re.fullmatch(f"(?:{'|'.join(_SYLLABLES)})+x", text) is not None


def _pieces(ranks: Int64) -> tuple[NDArray[np.int32], Int64]:
    """The numbers of the word pieces of some words, and where those of each word begin."""
    lengths = np.where(ranks < _WHOLE, 1, 2)
    first = np.cumsum(lengths) - lengths
    ids = np.empty(int(lengths.sum()), np.int32)
    ids[first] = np.where(ranks < _WHOLE, ranks, _WHOLE + ranks % 7919)
    rare = ranks >= _WHOLE
    ids[first[rare] + 1] = _WHOLE + 7919 + ranks[rare] // 7919 % 7919
    return ids, first


def _unit(rows: Float32) -> Float32:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
