"""A claim verified as it is asked for over HTTP and on the command line."""

from collections.abc import Sequence

from service import presentation
from service.errors import UnknownPassage
from service.live_index import Opened
from service.schemas.verification import SupportingSentence, VerifyRequest, VerifyResponse
from service.telemetry import request_notes
from service.verification import Evidence, Judge, Support, evidence_of, known_abbreviations, verify

# With nothing to check against, the claim itself is the question, and the best passages are tried.
TRIED = 5


def check(opened: Opened, request: VerifyRequest) -> VerifyResponse:
    """The verdict. Raises UnknownPassage for an id that the index does not hold."""
    notes = request_notes.current()
    notes.question = request.claim
    evidence = _evidence(opened, request)
    judge = Judge(opened.retriever.encoder)
    with notes.timed("verify"):
        verdict = verify(request.claim, evidence, judge, together=request.passage_ids is not None)
    notes.verdicts[verdict.verdict] += 1
    return VerifyResponse(
        verdict=verdict.verdict,
        score=verdict.score,
        reasons=list(verdict.reasons),
        evidence=[_sentence(opened, support) for support in verdict.evidence],
        index=presentation.index_info(opened.generation),
    )


def _evidence(opened: Opened, request: VerifyRequest) -> Sequence[Evidence]:
    generation = opened.generation
    if request.passage is not None:
        return [Evidence(request.passage, abbreviations=known_abbreviations(generation))]
    if request.passage_ids is None:
        found = opened.retriever.search(request.claim, top_k=TRIED)
        request_notes.current().took(found.timings_ms)
        return [evidence_of(generation, scored.passage) for scored in found.passages]
    passages = []
    for passage_id in dict.fromkeys(request.passage_ids):
        try:
            passages.append(generation.passage(passage_id))
        except KeyError:
            raise UnknownPassage(passage_id) from None
    return [evidence_of(generation, passage) for passage in passages]


def _sentence(opened: Opened, support: Support) -> SupportingSentence:
    if support.passage_id is None:
        return SupportingSentence(
            passage_id=None,
            document=None,
            text=support.text,
            cited_text=support.text,
            spans=[(support.start, support.end)],
        )
    passage = opened.generation.passage(support.passage_id)
    shown = presentation.passage(opened.generation, passage)
    text = opened.generation.documents[passage.document_id].text
    spans = support.spans or passage.spans
    return SupportingSentence(
        passage_id=passage.id,
        document=shown.document,
        text=support.text,
        cited_text=" ".join(text[start:end] for start, end in spans),
        spans=list(spans),
    )
