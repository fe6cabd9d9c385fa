"""How the log is written: a line of JSON a record, or plain text on a terminal.

A question may tell of a patient, so no line repeats one unless the settings say so. Hence the message of an
exception is withheld (its type and stack are not), and so are the lines of libraries, which may quote what
they were given.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from service.settings import Settings
from service.telemetry import request_notes

# `logger.info(..., extra={FIELDS: {...}})` adds fields to the line.
FIELDS = "fields"
WITHHELD = "withheld, since it may repeat a question; NEEDLE_LOG_QUESTIONS=true shows it"
# What these say is known to repeat nothing that a client sent.
_VETTED = ("service", "ingest", "uvicorn")
_OWN = ("service", "ingest")
# A shorter one would be found in words that have nothing to do with it.
_SHORTEST_SECRET = 6


def configure(settings: Settings) -> None:
    """Log this project from the settings' level on, everything else from warnings on, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        Lines(
            as_json=_as_json(settings),
            show_questions=settings.log_questions,
            secrets=_secrets(settings),
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    for name in _OWN:
        logging.getLogger(name).setLevel(settings.log_level.upper())


class Lines(logging.Formatter):
    """Makes a line of each record; a line of text may go on with a traceback.

    secrets: never written, wherever they come from.
    """

    def __init__(self, *, as_json: bool, show_questions: bool, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._as_json = as_json
        self._show_questions = show_questions
        escaped = [json.dumps(secret)[1:-1] for secret in secrets]
        self._secrets = {s for s in (*secrets, *escaped) if len(s) >= _SHORTEST_SECRET}

    def format(self, record: logging.LogRecord) -> str:
        entry = self._entry(record)
        line = json.dumps(entry, ensure_ascii=False, default=str) if self._as_json else _as_text(entry)
        for secret in self._secrets:
            line = line.replace(secret, "…")
        return line

    def _entry(self, record: logging.LogRecord) -> dict[str, Any]:
        shown = self._show_questions or record.name.partition(".")[0] in _VETTED
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if shown else f"{WITHHELD} ({record.filename}:{record.lineno})",
        }
        if (request_id := request_notes.current_id()) is not None:
            entry["request_id"] = request_id
        entry.update(getattr(record, FIELDS, {}))
        if record.exc_info and record.exc_info[1]:
            entry["exception"] = self._traceback(record.exc_info[1])
        return entry

    def _traceback(self, exc: BaseException) -> str:
        if self._show_questions:
            return "".join(traceback.format_exception(exc)).rstrip()
        return "\n".join(_without_messages(exc))


def _as_json(settings: Settings) -> bool:
    if settings.log_format == "auto":
        return not sys.stderr.isatty()
    return settings.log_format == "json"


def _as_text(entry: dict[str, Any]) -> str:
    """ "2026-11-21T08:04:33.120+00:00 INFO service.telemetry.request_log: GET / 200 (duration_ms 1.2)"."""
    entry = dict(entry)
    head = f"{entry.pop('time')} {entry.pop('level').upper()} {entry.pop('logger')}: {entry.pop('message')}"
    exception = entry.pop("exception", None)
    # The message of a request's line has these already.
    rest = ", ".join(f"{key} {entry[key]}" for key in entry if key not in ("method", "route", "status"))
    return "\n".join(filter(None, (f"{head} ({rest})" if rest else head, exception)))


def _without_messages(exc: BaseException) -> Iterator[str]:
    """The traceback, cause first, with the types of the exceptions but not what they say."""
    before = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    if before is not None:
        yield from _without_messages(before)
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(exc.__traceback__)).rstrip()
    yield f"{type(exc).__qualname__}: {WITHHELD}"
    if isinstance(exc, BaseExceptionGroup):
        for each in exc.exceptions:
            yield from _without_messages(each)


def _secrets(settings: Settings) -> list[str]:
    values = [getattr(settings, name) for name in type(settings).model_fields]
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
