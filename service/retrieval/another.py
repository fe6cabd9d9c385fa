"""Questions for another one: who has been told of one row of a table goes on to its other rows."""

import re
from collections.abc import Sequence

import numpy as np

from ingest.encoder import Float32
from ingest.lexical import terms
from ingest.records import Passage
from service.retrieval.diversity import words_of

_ASKS_FOR_ANOTHER = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so)\W+)?(?:and|or|what about|how about)\b"
    r"|\b(?:another|others?|similar|same|instead|else|also|too|as well|ones?)\b",
    re.IGNORECASE,
)
# What was said holds so much of the terms of a passage, or the passage of what was said, if it was told.
_TOLD = 0.5
# How far down a passage that was told is looked for: the context leads to it, so it comes early.
_LOOKED_THROUGH = 10
# On the scale of standardised scores.
_AGAIN, _SAME_TABLE = -1.0, 0.6


def priors(question: str, said: str, passages: Sequence[Passage]) -> Float32:
    """What is added to the fused score of each passage, (n,) float32.

    said: the question and answer that `question` goes on from, "" if it does not.
    passages: best first. A row or bibliography entry answers one thing: told once, it comes after its rivals.
    """
    added = np.zeros(len(passages), np.float32)
    if not said or not _ASKS_FOR_ANOTHER.search(question):
        return added
    told = [n for n in range(min(_LOOKED_THROUGH, len(passages))) if _was_told(passages[n], said)]
    tables = {_table(passages[n]) for n in told} - {None}
    added[[n for n, passage in enumerate(passages) if _table(passage) in tables]] = _SAME_TABLE
    added[told] = _AGAIN
    return added


def _was_told(passage: Passage, said: str) -> bool:
    if passage.kind not in ("table_row", "reference"):
        return False
    words, spoken = words_of(passage.text), frozenset(terms(said))
    return len(words & spoken) >= _TOLD * max(min(len(words), len(spoken)), 1)


def _table(passage: Passage) -> tuple[str, str] | None:
    return (passage.document_id, passage.table.caption) if passage.table else None
