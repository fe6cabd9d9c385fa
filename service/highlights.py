"""Which sentences of a passage answer the question: late interaction, one sentence at a time."""

import numpy as np

from ingest.encoder import Float32
from ingest.index import Generation
from ingest.records import Span

# A second sentence is shown if it comes this close to the first.
_NEARLY = 0.93


def sentence_scores(generation: Generation, ordinal: int, query: Float32) -> Float32:
    """MaxSim of the query against each sentence of a passage, divided by the query's length.

    query: (t, d) float32, L2-normalised rows, one a query token.
    Returns (s,) float32, one a sentence; 0 for those whose tokens the index does not hold.
    """
    sentences = generation.passages[ordinal].sentences
    scores = np.zeros(len(sentences), np.float32)
    rows = generation.tokens.rows(ordinal)
    starts = generation.tokens.starts[rows]
    if not len(query) or not len(starts):
        return scores
    similarity = query @ generation.tokens.vectors(rows).T
    for n, sentence in enumerate(sentences):
        inside = (starts >= sentence.start) & (starts < sentence.end)
        if inside.any():
            scores[n] = similarity[:, inside].max(axis=1).mean()
    return scores


def best_sentences(generation: Generation, ordinal: int, query: Float32) -> tuple[Span, ...]:
    """The spans of the one or two sentences that answer best, in document order."""
    sentences = generation.passages[ordinal].sentences
    scores = sentence_scores(generation, ordinal, query)
    order = np.argsort(-scores, kind="stable")[:2]
    best = [int(n) for n in order if scores[n] >= _NEARLY * scores[order[0]]]
    if scores.max(initial=0) == 0:
        best = best[:1]
    return tuple(sorted({span for n in best for span in sentences[n].spans}))
