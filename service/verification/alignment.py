"""Which words of a claim the evidence has, or something near them, and in which of its sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Encoder, Float32, Int32
from ingest.records import Span
from service.verification.comparing import agrees
from service.verification.lexis import Lexis
from service.verification.quantities import quantities
from service.verification.reading import Reading, Word
from service.verification.records import Evidence

# The encoder reads 256 word pieces; this many characters stay well below.
_WINDOW = 800
# However near its vector, a word that the text does not have counts no more than this.
_NEAREST = 0.8
# A further sentence is drawn on if it says this much more of the claim.
_GAIN = 0.04
_MOST_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Vectors:
    """The token vectors of a text.

    tokens: (t, d) float32, L2-normalised rows, one a word piece.
    starts: (t,) int32, the character at which each begins; -1 where it is not known.
    sentences: (s, 2) int32, the rows [first, last) of each sentence.
    """

    tokens: Float32
    starts: Int32
    sentences: Int32

    def mean(self, sentences: Sequence[int]) -> Float32:
        """(d,) float32, L2-normalised: the mean over the tokens of these sentences."""
        rows = [self.tokens[first:last] for first, last in self.sentences[list(sentences)]]
        total = np.concatenate(rows).sum(axis=0) if rows else np.zeros(self.tokens.shape[1], np.float32)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the evidence covers the words of a claim.

    words: the words of the claim that carry matter, in order; numbers in words are not among them.
    literal: (w,) float32, 1 where the evidence has the word, a form of it or its abbreviation, else 0.
    near: (w,) float32, 0 to 1: the best cosine in the evidence of the word's pieces, averaged.
    rare: (w,) bool, whether the encoder knows the word only in pieces.
    sentences: the sentences of the evidence that are drawn on, in order.
    cosine: of the claim and those sentences.
    """

    words: tuple[Word, ...]
    literal: Float32
    near: Float32
    rare: NDArray[np.bool_]
    sentences: tuple[int, ...]
    cosine: float

    @property
    def said(self) -> Float32:
        """(w,) float32, 0 to 1: how well the evidence says each word, by the letter or by its vector."""
        return np.maximum(self.literal, np.minimum(self.near, _NEAREST))


def encode(encoder: Encoder, reading: Reading) -> Vectors:
    """Encode a text, window by window where it is long."""
    windows = _windows(reading.sentences)
    encoded = encoder.encode([reading.text[start:end] for start, end in windows])
    starts = np.concatenate(
        [np.zeros(0, np.int32), *(s + w[0] for s, w in zip(encoded.token_starts, windows, strict=True))]
    ).astype(np.int32)
    dimension = encoder.info.dimension
    tokens = np.concatenate([np.zeros((0, dimension), np.float32), *encoded.tokens])
    bounds = [(np.searchsorted(starts, a), np.searchsorted(starts, b)) for a, b in reading.sentences]
    return Vectors(tokens, starts, np.asarray(bounds, np.int32).reshape(-1, 2))


def vectors_of(encoder: Encoder, evidence: Evidence, reading: Reading) -> Vectors:
    """The stored vectors of a passage, if they know its sentences; else its text is encoded."""
    stored = evidence.tokens
    if stored is None or len(stored.sentences) != len(reading.sentences):
        return encode(encoder, reading)
    return Vectors(stored.vectors, np.full(len(stored.ids), -1, np.int32), stored.sentences)


def align(
    claim: Reading, claim_vectors: Vectors, evidence: Reading, vectors: Vectors, lexis: Lexis
) -> Alignment:
    """Align a claim with a text."""
    numbers = quantities(claim.text)
    words = tuple(w for w in claim.content if not any(n.start <= w.start < n.end for n in numbers))
    near = _nearness(words, claim_vectors, vectors)
    literal = np.zeros_like(near)
    for s in range(len(evidence.sentences)):
        stems = lexis.wide_stems(w for w in evidence.words if w.content and w.sentence == s)
        literal[:, s] = [lexis.match(word, stems) > 0 for word in words]
    said = np.maximum(literal, np.minimum(near, _NEAREST))
    chosen = _draw_on(np.concatenate([said, _numbers_said(claim, evidence)]))
    everything = list(range(len(claim.sentences)))
    cosine = float(claim_vectors.mean(everything) @ vectors.mean(chosen)) if chosen else 0.0
    return Alignment(
        words,
        literal[:, chosen].max(axis=1, initial=0.0),
        near[:, chosen].max(axis=1, initial=0.0),
        np.array([_pieces(word, claim_vectors).sum() > 1 for word in words], bool),
        tuple(chosen),
        cosine,
    )


def _nearness(words: Sequence[Word], claim: Vectors, evidence: Vectors) -> Float32:
    """(w, s) float32: the best cosine, in each sentence, of the word pieces of each word, averaged."""
    similarity = claim.tokens @ evidence.tokens.T
    best = np.zeros((len(claim.tokens), len(evidence.sentences)), np.float32)
    for s, (first, last) in enumerate(evidence.sentences):
        if last > first:
            best[:, s] = similarity[:, first:last].max(axis=1)
    near = np.zeros((len(words), len(evidence.sentences)), np.float32)
    for n, word in enumerate(words):
        rows = _pieces(word, claim)
        if rows.any():
            near[n] = best[rows].mean(axis=0)
    return np.maximum(near, 0.0)


def _pieces(word: Word, vectors: Vectors) -> NDArray[np.bool_]:
    """(t,) bool: which rows are the word's pieces."""
    return (vectors.starts >= word.start) & (vectors.starts < word.end)


def _numbers_said(claim: Reading, evidence: Reading) -> Float32:
    """(q, s) float32: whether each number of the claim stands in each sentence."""
    numbers = quantities(evidence.text)
    return np.asarray(
        [
            [any(a <= n.start < b and agrees(said, n) for n in numbers) for a, b in evidence.sentences]
            for said in quantities(claim.text)
        ],
        np.float32,
    ).reshape(-1, len(evidence.sentences))


def _draw_on(said: Float32) -> list[int]:
    """The few sentences that together say most of the claim. said: (w, s) float32."""
    chosen: list[int] = []
    covered = np.zeros(len(said), np.float32)
    while len(chosen) < min(_MOST_SENTENCES, said.shape[1]):
        gains = np.maximum(said, covered[:, None]).sum(axis=0) - covered.sum()
        best = int(gains.argmax())
        if chosen and gains[best] < _GAIN * len(said):
            break
        chosen.append(best)
        covered = np.maximum(covered, said[:, best])
    return sorted(chosen)


def _windows(sentences: Sequence[Span]) -> list[Span]:
    windows: list[Span] = []
    for start, end in sentences:
        if windows and end - windows[-1][0] <= _WINDOW:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows
