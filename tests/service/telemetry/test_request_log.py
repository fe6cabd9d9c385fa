import asyncio
import json
import logging
import re
import time

import httpx
import pytest
from mcp import Client
from pydantic import SecretStr

from service.retrieval import retriever
from service.telemetry import logs
from tests.service.answers.scripted_llm import chunk, says, sends

QUESTION = "What did the COVER-ALL trial compare?"
TRUE = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment"
SENTINEL = "Mrs Sentinel Zebulon"
SECRET = "sk-sentinel-zebulon"


class Log(logging.Handler):
    """What stands in the log, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logs.Lines(as_json=True, show_questions=False))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def requests(self) -> list[dict]:
        entries = [json.loads(line) for line in self.lines]
        return [entry for entry in entries if "route" in entry]

    def last(self, route: str) -> dict:
        """The line of the last request to this route; it is written just after the response is read."""
        deadline = time.monotonic() + 5
        while True:
            found = [entry for entry in self.requests() if entry["route"] == route]
            if found:
                return found[-1]
            assert time.monotonic() < deadline, f"no line of {route} in {self.lines}"
            time.sleep(0.01)


@pytest.fixture
def log(caplog):
    """All that is logged, from debug on, in the form that it has in a pipe."""
    handler = Log()
    with caplog.at_level(logging.DEBUG):
        for name in ("httpx", "httpcore", "asyncio"):  # the client's own
            caplog.set_level(logging.WARNING, name)
        logging.getLogger().addHandler(handler)
        yield handler
        logging.getLogger().removeHandler(handler)


def test_a_search_is_logged_with_its_stages(client, log, generation):
    response = client.post("/v1/search", json={"question": QUESTION})
    entry = log.last("/v1/search")
    assert (entry["method"], entry["status"]) == ("POST", 200)
    assert entry["generation"] == generation.name
    assert entry["timings_ms"] == response.json()["timings_ms"]
    assert entry["timings_ms"].keys() == {"read", "encode", "rank"}
    assert entry["duration_ms"] >= sum(entry["timings_ms"].values())
    assert (entry["complete"], entry["client_gone"]) == (True, False)
    assert entry["request_id"] == response.headers["x-request-id"]
    assert "question" not in entry


def test_an_extractive_answer_adds_the_choice(client, log):
    client.post("/v1/answer", json={"question": QUESTION, "compose": "extractive"})
    assert log.last("/v1/answer")["timings_ms"].keys() == {"read", "encode", "rank", "choose"}


def test_a_composed_answer_adds_model_and_verifier(composing, fake, log):
    usage = b'data: {"choices": [], "usage": {"prompt_tokens": 900, "completion_tokens": 40}}\n\n'
    fake.will(sends(chunk(f"{TRUE} [1]. "), chunk("It enrolled 7,431 dogs [1]."), chunk("", "stop"), usage))
    body = composing.post("/v1/answer", json={"question": QUESTION}).json()
    assert body["mode"] == "llm"
    entry = log.last("/v1/answer")
    assert entry["timings_ms"].keys() == {"read", "encode", "rank", "compose", "verify"}
    assert entry["verdicts"] == {"supported": 1, "unsupported": 1}
    assert entry["llm_tokens"] == {"prompt": 900, "completion": 40}


def test_a_model_that_fails_is_named_by_kind(composing, fake, log):
    fake.will(says("CANNOT_ANSWER"))
    composing.post("/v1/chat/completions", json=chat(QUESTION))
    assert log.last("/v1/chat/completions")["llm_errors"] == ["too_little_supported"]


def test_a_verification_is_logged_with_its_verdict(client, log):
    client.post("/v1/verify", json={"claim": TRUE})
    entry = log.last("/v1/verify")
    assert entry["timings_ms"].keys() == {"read", "encode", "rank", "verify"}
    assert entry["verdicts"] == {"supported": 1}


@pytest.mark.parametrize("route", ["/v1/search", "/v1/answer"])
def test_a_refusal_is_logged_with_its_reason(client, log, route):
    client.post(route, json={"question": "What is the capital of Mongolia?"})
    assert log.last(route)["refusal"] == "low_confidence"


def test_a_tool_of_mcp_notes_what_a_route_does(client, log, generation):
    async def called() -> None:
        async with Client(f"{client.base_url}/mcp") as sdk:
            await sdk.call_tool("answer", {"question": QUESTION})

    asyncio.run(called())
    entry = next(entry for entry in log.requests() if "timings_ms" in entry)
    assert entry["route"] == "/mcp"
    assert entry["generation"] == generation.name
    assert entry["timings_ms"].keys() == {"read", "encode", "rank", "choose"}


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/v1/documents/hmp", "/v1/documents/{document_id}", 200),
        ("GET", f"/v1/passages/{SENTINEL}", "/v1/passages/{passage_id}", 404),
        ("GET", f"/static/{SENTINEL}/page.js", "/static/{version}/{name}", 404),
        ("GET", f"/nowhere/{SENTINEL}", "unmatched", 404),
        ("DELETE", "/v1/search", "/v1/search", 405),
    ],
)
def test_a_request_is_named_by_template_and_never_by_path(client, log, method, path, route, status):
    client.request(method, path)
    assert log.last(route)["status"] == status
    assert "Sentinel" not in "".join(log.lines)


def test_a_method_that_nobody_knows_is_other(client, log):
    client.request("PROPFIND", "/healthz")
    assert log.last("/healthz")["method"] == "other"


def test_an_id_is_taken_over_and_given_back(client, log):
    response = client.get("/v1/passages/none", headers={"X-Request-ID": "ward-7.0042"})
    assert response.headers["x-request-id"] == response.json()["request_id"] == "ward-7.0042"
    assert log.last("/v1/passages/{passage_id}")["request_id"] == "ward-7.0042"


@pytest.mark.parametrize("given", ["", SENTINEL, "a" * 65, "ü", '"}{'])
def test_an_id_that_could_hold_anything_is_replaced(client, given):
    response = client.get("/healthz", headers={"X-Request-ID": given.encode()})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["x-request-id"])


def test_a_client_that_leaves_is_noted(composing, fake, log):
    fake.will(sends(chunk("The trial "), then_wait=60))
    body = {"question": QUESTION, "stream": True}
    with composing.stream("POST", "/v1/answer", json=body) as response:
        lines = response.iter_lines()
        assert next(lines) == "event: passages"
        assert fake.called.wait(timeout=10)
    assert fake.gone.wait(timeout=10)
    entry = log.last("/v1/answer")
    assert (entry["status"], entry["client_gone"], entry["complete"]) == (200, True, False)


def test_a_question_is_logged_only_where_the_settings_say_so(serving, log):
    with serving(log_questions=True) as client:
        client.post("/v1/search", json={"question": QUESTION})
        assert log.last("/v1/search")["question"] == QUESTION


def chat(question: str, **fields: object) -> dict:
    return {"model": "needle", "messages": [{"role": "user", "content": question}], **fields}


def asked_everywhere(client: httpx.Client) -> None:
    """The sentinel in every place where a client can put it."""
    headers = {"X-Request-ID": SENTINEL, "User-Agent": SENTINEL, "Authorization": f"Bearer {SECRET}"}
    client.headers.update(headers)
    for question in (f"{QUESTION} {SENTINEL}", SENTINEL):
        client.post("/v1/search", json={"question": question, "history": [SENTINEL]})
        client.post("/v1/verify", json={"claim": question, "passage": SENTINEL})
        for stream in (False, True):
            client.post("/v1/answer", json={"question": question, "stream": stream})
            client.post("/v1/chat/completions", json=chat(question, stream=stream))
    for route in ("/v1/search", "/v1/answer", "/v1/verify", "/v1/chat/completions"):
        client.post(route, json={"question": SENTINEL, "top_k": SENTINEL, SENTINEL: 1})
        client.post(route, json={"question": SENTINEL, "document_ids": [SENTINEL]})
        client.post(route, content=f'{{"question": "{SENTINEL}')
    client.post("/v1/chat/completions", json=chat("Q") | {"model": SENTINEL})
    for path in ("/", "/v1/documents/", "/v1/passages/", "/static/", "/nowhere/"):
        client.get(f"{path}{SENTINEL}", params={"question": SENTINEL})
    for tool, argument in (
        ("search", "question"),
        ("answer", "question"),
        ("verify", "claim"),
        (SENTINEL, "x"),
    ):
        call = {"name": tool, "arguments": {argument: SENTINEL, "top_k": SENTINEL}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        client.post("/mcp", json=message, headers={"Accept": "application/json, text/event-stream"})
        client.post("/mcp", content=SENTINEL, headers={"Accept": "application/json, text/event-stream"})


def test_neither_questions_nor_secrets_are_in_log_or_metrics(serving, fake, log, monkeypatch):
    fake.will(says(f"{SENTINEL} [1]."))
    options = {"llm_base_url": fake.base_url, "llm_api_key": SecretStr(SECRET), "llm_timeout": 5.0}
    with serving(**options) as client:
        asked_everywhere(client)
        monkeypatch.setattr(retriever.Retriever, "search", _fails)  # what nobody foresaw
        asked_everywhere(client)
        told = client.get("/metrics").text
    statuses = {entry["status"] for entry in log.requests()}
    assert statuses >= {200, 400, 404, 422, 500}
    assert any("RuntimeError" in line for line in log.lines)
    for line in (*log.lines, told):
        assert not re.search("Sentinel|Zebulon|zebulon", line), line


def _fails(*args: object, **kwargs: object) -> None:
    raise RuntimeError(f"{SENTINEL} {SECRET} {args} {kwargs}")
