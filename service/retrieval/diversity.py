"""Orders for ranked passages: none says again what a better one says, each document asked for is heard."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from ingest.lexical import terms
from ingest.records import Passage

# A passage that shares this much of its terms (Jaccard) with a better one is a repetition of it.
_REPEATS = 0.8
# How far down repetitions are looked for: what a person reads of a ranking.
_READ = 10


def each_heard(passages: Sequence[Passage], spoken_of: Sequence[str]) -> list[int]:
    """An order for ranked passages: those of the documents spoken of take turns, the best of each first.

    Changes nothing unless several documents are spoken of.
    """
    order = list(range(len(passages)))
    if len(spoken_of) < 2:
        return order
    of_document = {name: [n for n in order if passages[n].document_id == name] for name in spoken_of}
    turns = sorted(filter(None, of_document.values()))
    heard = [n for turn in zip_longest(*turns) for n in turn if n is not None][:_READ]
    return heard + [n for n in order if n not in heard]


def without_repeats(passages: Sequence[Passage]) -> list[int]:
    """An order for ranked passages: near-duplicates of better ones come after the first ten."""
    kept: list[frozenset[str]] = []
    repeats = []
    for place, passage in enumerate(passages[:_READ]):
        words = words_of(passage.text)
        if any(_repeats(words, other) for other in kept):
            repeats.append(place)
        kept.append(words)
    rest = [place for place in range(len(passages)) if place not in repeats]
    return rest[:_READ] + repeats + rest[_READ:]


@lru_cache(maxsize=1024)  # the same passages come first again and again
def words_of(text: str) -> frozenset[str]:
    """The terms of a text, each once."""
    return frozenset(terms(text))


def _repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one repeats the other; most are too small beside it to share so much."""
    fewer, more = sorted((len(one), len(other)))
    if fewer < _REPEATS * more:
        return False
    shared = len(one & other)
    return shared >= _REPEATS * max(fewer + more - shared, 1)
