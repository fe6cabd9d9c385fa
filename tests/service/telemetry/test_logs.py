import io
import json
import logging
import sys

import pytest
from pydantic import SecretStr

from service.settings import Settings
from service.telemetry import logs
from service.telemetry.request_notes import RequestNotes, noting

SECRET, QUESTION = "sk-sentinel-8f3a", "Does Mrs Sentinel have a lesion?"


def record(message: str, name: str = "service.somewhere", **fields: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, "/package/file.py", 7, message, (), None)
    setattr(made, logs.FIELDS, fields)
    return made


def failed(error: Exception, name: str = "service.somewhere") -> logging.LogRecord:
    made = record("unexpected error", name)
    try:
        try:
            raise KeyError(QUESTION)
        except KeyError as cause:
            raise error from cause
    except Exception:
        made.exc_info = sys.exc_info()
    return made


def as_json(made: logging.LogRecord, *, show_questions: bool = False) -> dict:
    line = logs.Lines(as_json=True, show_questions=show_questions, secrets=[SECRET]).format(made)
    assert "\n" not in line
    return json.loads(line)


def test_a_record_is_one_line_of_json():
    entry = as_json(record("two\nlines", status=200))
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "warning",
        "logger": "service.somewhere",
        "message": "two\nlines",
        "status": 200,
    }


def test_a_record_made_for_a_request_has_its_id():
    with noting(RequestNotes(request_id="abc")):
        assert as_json(record("hello"))["request_id"] == "abc"
    assert "request_id" not in as_json(record("hello"))


def test_an_exception_is_told_by_type_and_stack_but_not_by_its_words():
    told = as_json(failed(ValueError(QUESTION)))["exception"]
    assert told.count(f"ValueError: {logs.WITHHELD}") == 1
    assert told.count(f"KeyError: {logs.WITHHELD}") == 1
    assert "test_logs.py" in told
    assert "Sentinel" not in told


def test_the_exceptions_of_a_group_are_told_one_by_one():
    group = ExceptionGroup("several", [ValueError(QUESTION), TypeError(QUESTION)])
    told = as_json(failed(group))["exception"]
    assert all(f"{kind}: {logs.WITHHELD}" in told for kind in ("ExceptionGroup", "ValueError", "TypeError"))
    assert "Sentinel" not in told


def test_what_a_library_says_is_withheld_but_not_where_it_said_it():
    assert as_json(record(QUESTION, "mcp.server"))["message"] == f"{logs.WITHHELD} (file.py:7)"
    assert as_json(record("no index", "ingest.index"))["message"] == "no index"


def test_questions_are_shown_where_that_is_asked_for():
    assert as_json(record(QUESTION, "mcp.server"), show_questions=True)["message"] == QUESTION
    told = as_json(failed(ValueError(QUESTION)), show_questions=True)["exception"]
    assert told.endswith(f"ValueError: {QUESTION}")


@pytest.mark.parametrize("secret", [SECRET, 'sk-"quoted"\\'])
def test_a_secret_is_never_shown(secret):
    for as_json_lines in (True, False):
        lines = logs.Lines(as_json=as_json_lines, show_questions=True, secrets=[secret])
        line = lines.format(failed(ValueError(f"Bearer {secret}")))
        assert secret not in line
        assert json.dumps(secret)[1:-1] not in line
        assert "Bearer …" in line


def test_text_names_the_fields_that_the_message_lacks():
    made = record("GET / 200", method="GET", route="/", status=200, duration_ms=1.5)
    line = logs.Lines(as_json=False, show_questions=False).format(made)
    assert line.endswith(" WARNING service.somewhere: GET / 200 (duration_ms 1.5)")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def configured(monkeypatch):
    """Configure the log as `needle serve` does; give what is then written."""
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "service", "ingest")}
    handlers = list(root.handlers)

    def written(stream: io.StringIO, **settings: object) -> str:
        monkeypatch.setattr("sys.stderr", stream)
        logs.configure(Settings(llm_api_key=SecretStr(SECRET), **settings))
        logging.getLogger("service.somewhere").info("hello %s", SECRET)
        logging.getLogger("elsewhere").info("not of interest")
        return stream.getvalue()

    yield written
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_auto_is_json_in_a_pipe_and_text_on_a_terminal(configured):
    assert json.loads(configured(io.StringIO()))["message"] == "hello …"
    assert configured(_Terminal()).endswith(" INFO service.somewhere: hello …\n")


def test_the_form_can_be_chosen(configured):
    assert configured(io.StringIO(), log_format="text").endswith("hello …\n")
    assert json.loads(configured(_Terminal(), log_format="json"))["level"] == "info"


def test_the_level_is_the_settings(configured):
    assert configured(io.StringIO(), log_level="warning") == ""
