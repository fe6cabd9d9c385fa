"""The use case: from a request to an answer, composed by a language model or taken from the documents.

Whatever a language model does, there is an answer: where it fails, or says too little that is supported, the
documents' own sentences are given, and `Answer.reason` says why.
"""

import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from service import searching
from service.answers.composed import TooLittle, compose, marked
from service.answers.events import Checked, Delta, Event, Finished, Searched
from service.answers.extractive import extract
from service.answers.llm import LLM
from service.answers.llm_errors import LLMError
from service.answers.records import Answer
from service.answers.support import Verifier
from service.computing import compute
from service.errors import LLMNotConfigured
from service.live_index import Opened
from service.retrieval.retriever import Found
from service.schemas.answers import AnswerRequest
from service.telemetry import request_notes

logger = logging.getLogger(__name__)

INSTEAD = "so these are the documents' own sentences"
NO_LLM = f"no language model is set up, {INSTEAD}"


def check(opened: Opened, request: AnswerRequest, llm: LLM | None) -> None:
    """Raises UnknownDocument or LLMNotConfigured for a request that cannot be answered as it asks."""
    searching.check_documents(opened, request)
    if request.compose == "llm" and llm is None:
        raise LLMNotConfigured


async def answer(opened: Opened, request: AnswerRequest, llm: LLM | None, verifier: Verifier) -> Finished:
    """The whole answer. Raises as `check` does."""
    async with aclosing(events(opened, request, llm, verifier)) as happening:
        async for event in happening:
            if isinstance(event, Finished):
                return event
    raise AssertionError("the last event is Finished")


async def events(
    opened: Opened, request: AnswerRequest, llm: LLM | None, verifier: Verifier
) -> AsyncGenerator[Event, None]:
    """What happens on the way to the answer, which the last event holds. Raises as `check` does."""
    check(opened, request, llm)
    # Searching, extracting and verifying keep a processor busy, so they leave the event loop alone.
    found = await compute(searching.find, opened, request)
    yield Searched(found)
    started = time.perf_counter()
    result: Answer | None = None
    async with aclosing(_answering(opened, request, found, llm, verifier)) as happening:
        async for event in happening:
            if isinstance(event, Answer):
                result = event
            else:
                yield event
    assert result is not None
    if result.abstained:
        request_notes.current().refusal = _refusal(found)
    elapsed = round((time.perf_counter() - started) * 1000, 3)
    yield Finished(result, {**found.timings_ms, "answer": elapsed})


async def _answering(
    opened: Opened, request: AnswerRequest, found: Found, llm: LLM | None, verifier: Verifier
) -> AsyncGenerator[Delta | Checked | Answer, None]:
    why = NO_LLM if request.compose == "auto" and llm is None and found.answerable else None
    shown = False
    # Where the passages hold no answer there is nothing to compose one from.
    if request.compose != "extractive" and llm is not None and found.answerable:
        titles = {key: document.title for key, document in opened.generation.described.items()}
        try:
            async with aclosing(compose(found, titles, llm, verifier, strict=request.strict)) as composing:
                async for event in composing:
                    yield event
                    shown = True
            return
        except (LLMError, TooLittle) as exc:
            logger.info("extractive instead of composed: %s", exc)
            request_notes.current().llm_errors.append(exc.code)
            why = f"{exc.what if isinstance(exc, LLMError) else exc}, {INSTEAD}"
    with request_notes.current().timed("choose"):
        result = await compute(extract, found)
    if why:
        result = replace(result, reason="; ".join(filter(None, (result.reason, why))))
    # What a model wrote cannot be taken back; the last event replaces it, and adding to it would confuse.
    if not shown:
        for step in _steps(result):
            yield step
    yield result


def _refusal(found: Found) -> str:
    return request_notes.NOTHING_FITS if found.answerable else request_notes.LOW_CONFIDENCE


def _steps(result: Answer) -> list[Delta | Checked]:
    """An extractive answer as the events of one that is being written."""
    by_number = {citation.n: citation for citation in result.citations}
    steps: list[Delta | Checked] = []
    for sentence in result.sentences:
        steps.append(Delta((" " if steps else "") + marked(sentence)))
        cited = tuple(by_number[n] for n in sentence.citations)
        steps.append(Checked(sentence, cited))
    return steps or [Delta(result.text)]
