"""Does a passage say what a sentence says? The one place where answers meet the verifier."""

from collections.abc import Sequence
from typing import Protocol

from ingest.records import Passage
from service.answers.records import Support
from service.live_index import Opened
from service.verification import Judge, evidence_of, verify


class Verifier(Protocol):
    """Checks one sentence of an answer; safe to use from several threads at once."""

    def check(self, sentence: str, passages: Sequence[Passage]) -> Support:
        """Whether one of `passages`, or all of them together, say what `sentence` says."""


def verifier_of(opened: Opened) -> Verifier:
    """What checks the sentences of answers from this index."""
    return _IndexVerifier(opened)


class _IndexVerifier:
    def __init__(self, opened: Opened) -> None:
        self._generation = opened.generation
        self._judge = Judge(opened.retriever.encoder)

    def check(self, sentence: str, passages: Sequence[Passage]) -> Support:
        evidence = [evidence_of(self._generation, passage) for passage in passages]
        verdict = verify(sentence, evidence, self._judge, together=True)
        supported = verdict.verdict == "supported"
        # Of a supported sentence there is nothing to say.
        return Support(verdict.verdict, verdict.score, () if supported else verdict.reasons)
