"""A queue of bounded length: who comes when it is full is told when to come again."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from mcp import Client

from service import searching, verifying
from service.access.admission import Admission
from service.app import create_app
from service.errors import Overloaded
from service.live_index import LiveIndex
from service.settings import Settings

QUESTION = "What did the COVER-ALL trial compare?"


def test_slots_are_taken_and_given_back():
    admission = Admission(1)
    for _ in range(2):
        with admission.slot(), pytest.raises(Overloaded, match="1 questions"), admission.slot():
            pass


def test_an_error_gives_its_slot_back():
    admission = Admission(1)
    with pytest.raises(ValueError), admission.slot():
        raise ValueError
    with admission.slot():
        pass


class Gate:
    """Holds up searches until it is opened; `held` counts them."""

    def __init__(self):
        self.opened = threading.Event()
        self.held = threading.Semaphore(0)

    def passing(self, work):
        def wait_and_work(*args):
            self.held.release()
            assert self.opened.wait(20)
            return work(*args)

        return wait_and_work


@pytest.fixture
def gate(monkeypatch):
    gate = Gate()
    monkeypatch.setattr(searching, "search", gate.passing(searching.search))
    monkeypatch.setattr(searching, "find", gate.passing(searching.find))
    yield gate
    gate.opened.set()


@pytest.fixture
def client(running, index_folder, quick_encoder):
    """A service that takes on one question at a time."""
    live_index = LiveIndex(index_folder, "all-MiniLM-L6-v2")
    live_index.open()
    with running(create_app(Settings(index=index_folder, queue=1), live_index)) as client:
        yield client


@pytest.fixture
def full(client, gate):
    """The same service with its one question."""
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(client.post, "/v1/search", json={"question": QUESTION})
        assert gate.held.acquire(timeout=20)
        yield client
        gate.opened.set()
        assert first.result().status_code == 200


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("/v1/search", {"question": QUESTION}),
        ("/v1/answer", {"question": QUESTION}),
        ("/v1/answer", {"question": QUESTION, "stream": True}),
        ("/v1/verify", {"claim": QUESTION}),
    ],
)
def test_a_full_queue_is_told_with_the_time_to_come_again(full, route, body):
    response = full.post(route, json=body)
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "overloaded"
    assert "ask again in a second" in response.json()["detail"]


def test_chat_completions_tell_it_in_their_own_form(full):
    body = {"model": "needle", "messages": [{"role": "user", "content": QUESTION}]}
    response = full.post("/v1/chat/completions", json=body)
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["error"]["code"] == "overloaded"


@pytest.mark.parametrize("tool", ["search", "answer", "verify"])
def test_tools_tell_the_model(full, tool):
    async def call():
        async with Client(f"{full.base_url}/mcp") as sdk:
            return await sdk.call_tool(tool, {"claim" if tool == "verify" else "question": QUESTION})

    result = asyncio.run(call())
    assert result.is_error
    assert "ask again in a second" in result.content[0].text


def test_a_full_queue_keeps_no_one_from_health_and_documents(full):
    for route in ("/healthz", "/readyz", "/v1/documents", "/"):
        assert full.get(route).status_code == 200


def test_an_answered_question_makes_room(client, gate):
    gate.opened.set()
    assert client.post("/v1/search", json={"question": QUESTION}).status_code == 200
    assert client.post("/v1/search", json={"question": ""}).status_code == 422
    assert client.post("/v1/search", json={"question": QUESTION, "document_ids": ["x"]}).status_code == 404
    streamed = client.post("/v1/answer", json={"question": QUESTION, "stream": True})
    assert streamed.text.count("event: done") == 1
    assert makes_room(client)


def makes_room(client):
    """Whether a question is taken on; a stream that has ended has still to be cleared away."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if client.post("/v1/search", json={"question": QUESTION}).status_code == 200:
            return True
    return False


@pytest.mark.parametrize("stream", [False, True])
def test_a_question_whose_asker_has_gone_makes_room(client, gate, stream):
    body = {"question": QUESTION, "stream": stream}
    with (
        pytest.raises(httpx.ReadTimeout),
        client.stream("POST", "/v1/answer", json=body, timeout=0.5) as gone,
    ):
        gone.read()
    gate.opened.set()
    assert makes_room(client)


def test_verifying_is_work_for_a_slot(client, monkeypatch, gate):
    monkeypatch.setattr(verifying, "check", gate.passing(verifying.check))
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(client.post, "/v1/verify", json={"claim": "Needles are sharp."})
        assert gate.held.acquire(timeout=20)
        assert client.post("/v1/search", json={"question": QUESTION}).status_code == 503
        gate.opened.set()
        assert first.result().status_code == 200
