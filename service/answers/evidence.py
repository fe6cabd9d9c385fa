"""Which words of a passage a sentence rests on, so that a citation is no longer than it needs to be."""

from collections.abc import Iterable, Sequence

from ingest.lexical import terms
from ingest.records import Passage, Sentence
from service.answers.records import Citation

# A further sentence is cited only if it brings this many terms of the claim that those before it lack.
_WORTH_CITING = 2
_MOST = 3


def resting_on(claim: str, passage: Passage) -> list[Sentence]:
    """The one to three sentences of `passage` that share the most terms with `claim`, in their order."""
    missing = set(terms(claim))
    own = {n: set(terms(passage.text[s.start : s.end])) for n, s in enumerate(passage.sentences)}
    chosen: list[int] = []
    while own and len(chosen) < _MOST:
        best = max(own, key=lambda n: (len(missing & own[n]), -n))
        if chosen and len(missing & own[best]) < _WORTH_CITING:
            break
        chosen.append(best)
        missing -= own.pop(best)
    return [passage.sentences[n] for n in sorted(chosen)]


def citation(n: int, passage: Passage, claims: Iterable[str]) -> Citation:
    """The citation of `passage` by sentences that say `claims`; the whole passage if it has no sentences."""
    chosen = sorted({s for claim in claims for s in resting_on(claim, passage)}, key=lambda s: s.start)
    if not chosen:
        return Citation(n, passage, passage.spans, passage.references)
    references = dict.fromkeys(number for sentence in chosen for number in sentence.references)
    return Citation(n, passage, tuple(span for s in chosen for span in s.spans), tuple(references))


def nearest(claim: str, passages: Sequence[Passage], most: int) -> list[int]:
    """Places of up to `most` passages that share terms with `claim`, the nearest first."""
    wanted = set(terms(claim))
    shared = [len(wanted & set(terms(passage.text))) for passage in passages]
    return sorted((n for n, count in enumerate(shared) if count), key=lambda n: -shared[n])[:most]
