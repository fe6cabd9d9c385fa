"""What is noted of a request while it is being answered; its log line and the metrics are made of it.

Whoever knows something notes it: `request_notes.current().generation = name`. A context variable
leads there from any task or thread that works for the request; outside a request the notes go nowhere.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import uuid4

# Why a question is refused: the passages are not near enough, or they hold nothing of the kind asked for.
LOW_CONFIDENCE = "low_confidence"
NOTHING_FITS = "nothing_fits"


def new_id() -> str:
    """A number for a request that brings none: 32 hexadecimal digits."""
    return uuid4().hex


@dataclass(slots=True)
class RequestNotes:
    """What is known of one request.

    generation: of the index that it is answered from.
    timings_ms: milliseconds by stage: read, encode, rank, choose, compose (waiting for the language model),
        verify.
    refusal: why there is no answer, by a short name, if there is none.
    verdicts: how many sentences or claims were found supported and unsupported.
    llm_errors: codes of what kept the language model's answer from being used.
    llm_tokens: "prompt" and "completion", as the endpoint counts them, where it does.
    question: what was asked; logged only where the settings say so.
    """

    request_id: str = field(default_factory=new_id)
    generation: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    refusal: str | None = None
    verdicts: Counter[str] = field(default_factory=Counter)
    llm_errors: list[str] = field(default_factory=list)
    llm_tokens: Counter[str] = field(default_factory=Counter)
    question: str | None = None

    def took(self, timings_ms: Mapping[str, float]) -> None:
        """Add milliseconds to stages."""
        for stage, spent in timings_ms.items():
            self.timings_ms[stage] = round(self.timings_ms.get(stage, 0.0) + spent, 3)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time of the block to `stage`, whether or not it succeeds."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.took({stage: (time.perf_counter() - started) * 1000})


_CURRENT: ContextVar[RequestNotes | None] = ContextVar("request_notes", default=None)


def current() -> RequestNotes:
    """The notes of the request that is being answered; of none, notes that nobody reads."""
    return _CURRENT.get() or RequestNotes()


def current_id() -> str | None:
    """The id of the request that is being answered, if one is."""
    notes = _CURRENT.get()
    return notes.request_id if notes else None


@contextmanager
def noting(notes: RequestNotes) -> Iterator[None]:
    """`notes` are the current ones within the block, and in the tasks and threads that are started there."""
    token = _CURRENT.set(notes)
    try:
        yield
    finally:
        _CURRENT.reset(token)
