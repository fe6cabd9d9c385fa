"""Passages to vectors: only those that no earlier generation has searched by the same words are encoded."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ingest.encoder import Encoder, Float32, Int32
from ingest.index import Generation, searched_text
from ingest.records import Passage
from ingest.tokens import PassageTokens, TokenStore

Report = Callable[[str, int, int], None]
# Progress is told this often, in passages.
_STEP = 32


def embed(
    passages: Sequence[Passage], encoder: Encoder, known: Generation | None, report: Report
) -> tuple[Float32, TokenStore, int]:
    """The vectors of all passages, from `known` where it has a passage that is searched by the same words.

    Returns the (n, d) float32 sentence vectors, the token vectors, and how many passages were encoded.
    """
    dimension = encoder.info.dimension
    vectors = np.zeros((len(passages), dimension), np.float32)
    tokens: dict[int, PassageTokens] = {}
    earlier = {searched_text(p): n for n, p in enumerate(known.passages)} if known else {}
    for ordinal, passage in enumerate(passages):
        old = earlier.get(searched_text(passage))
        if known and old is not None and len(known.passages[old].sentences) == len(passage.sentences):
            vectors[ordinal] = known.vectors.reconstruct(old)
            tokens[ordinal] = known.tokens.passage(old)
    fresh = [ordinal for ordinal in range(len(passages)) if ordinal not in tokens]
    steps = [fresh[first : first + _STEP] for first in range(0, len(fresh), _STEP)]
    # A call keeps one processor busy, so as many calls run at once as there are processors.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        report("embedding", 0, len(fresh))
        texts = ([searched_text(passages[ordinal]) for ordinal in step] for step in steps)
        for done, (step, encoded) in enumerate(zip(steps, threads.map(encoder.encode, texts), strict=True)):
            for n, ordinal in enumerate(step):
                vectors[ordinal] = encoded.vectors[n]
                sentences = _sentence_rows(passages[ordinal], encoded.token_starts[n])
                tokens[ordinal] = PassageTokens(encoded.tokens[n], encoded.token_ids[n], sentences)
            report("embedding", min((done + 1) * _STEP, len(fresh)), len(fresh))
    ordered = [tokens[ordinal] for ordinal in range(len(passages))]
    return vectors, TokenStore.build(ordered, dimension), len(fresh)


def _sentence_rows(passage: Passage, starts: Int32) -> Int32:
    """The token rows [first, last) of each sentence, given where each token begins in the searched text."""
    if passage.index_text is not None:
        return np.zeros((0, 2), np.int32)
    own = len(searched_text(passage)) - len(passage.text)
    bounds = [(own + sentence.start, own + sentence.end) for sentence in passage.sentences]
    return np.searchsorted(starts, np.asarray(bounds, np.int32)).astype(np.int32)
