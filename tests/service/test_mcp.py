import asyncio
import logging

import httpx
import pytest
from mcp import Client
from starlette.datastructures import State

from service.mcp import mcp_server
from tests.service.answers.scripted_llm import says

QUESTION = "What did the COVER-ALL trial compare?"
TRUE = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment"
TOOLS = {"search", "fetch", "answer", "verify"}


@pytest.fixture
def call(client):
    """Call a tool with the SDK's own client over HTTP; give its result and its text."""
    return lambda tool, **arguments: called(client, tool, **arguments)


def called(client, tool, **arguments):
    async def session():
        async with Client(f"{client.base_url}/mcp") as sdk:
            return await sdk.call_tool(tool, arguments)

    result = asyncio.run(session())
    assert result.structured_content is None or not result.is_error
    return result.structured_content, " ".join(part.text for part in result.content), result.is_error


@pytest.fixture(scope="session")
def tools(client):
    """The tools by name, as a client sees them."""

    async def session():
        async with Client(f"{client.base_url}/mcp") as sdk:
            return (await sdk.list_tools()).tools

    return {tool.name: tool for tool in asyncio.run(session())}


def test_there_are_four_tools_that_only_read(tools):
    assert tools.keys() == TOOLS
    assert all(tool.annotations.read_only_hint and tool.title and tool.description for tool in tools.values())


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_argument_and_every_field_is_described(tools, name):
    tool = tools[name]
    schemas = [tool.input_schema, tool.output_schema, *tool.output_schema.get("$defs", {}).values()]
    for schema in schemas:
        for field, described in schema["properties"].items():
            assert described.get("description"), f"{name}: {schema['title']}.{field}"


def test_search_finds_what_fetch_reads(call, generation):
    found, _, _ = call("search", question=QUESTION, top_k=3, document_ids=["hmp"])
    assert len(found["passages"]) == 3
    first = found["passages"][0]
    assert "conventional visual assessment" in first["text"]
    assert any("COVER-ALL" in entry for entry in first["cites"])
    passage, _, _ = call("fetch", passage_id=first["id"])
    text = generation.documents["hmp"].text
    assert passage["cited_text"] == " ".join(text[start:end] for start, end in passage["spans"])
    assert passage["after"]["id"] != passage["id"]


def test_answer_gives_sources_and_quotes(call):
    answer, _, _ = call("answer", question=QUESTION)
    assert (answer["mode"], answer["abstained"]) == ("extractive", False)
    assert "[1]" in answer["answer"]
    assert answer["sources"][0].startswith("[1] ")
    assert answer["quotes"]["1"].startswith("The COVER-ALL trial compared")


def test_answer_understands_what_was_asked_before(call, client):
    earlier = {"history": ["Who is Balaguer-Montero?"], "compose": "extractive"}
    question = "What did he report?"
    answer, _, _ = call("answer", question=question, **earlier)
    body = client.post("/v1/answer", json={"question": question, **earlier}).json()
    assert answer["answer"] == body["answer"]
    assert "Balaguer-Montero" in body["standalone_question"]


def test_answer_says_that_the_documents_do_not(call):
    answer, _, _ = call("answer", question="What is the capital of Mongolia?")
    assert answer["abstained"]
    assert answer["reason"]


def test_answer_uses_a_language_model_that_is_set_up(composing, fake):
    fake.will(says(f"{TRUE} [1]."))
    answer, _, _ = called(composing, "answer", question=QUESTION)
    assert (answer["mode"], answer["answer"]) == ("llm", f"{TRUE}. [1]")
    assert answer["fingerprint"]["llm"] == "scripted"


def test_verify_tells_the_true_from_the_false(call):
    assert call("verify", claim=f"{TRUE}.")[0]["verdict"] == "supported"
    false, _, _ = call("verify", claim="The COVER-ALL trial enrolled 7,431 patients with kidney tumors.")
    assert false["verdict"] == "unsupported"
    assert false["reasons"]


@pytest.mark.parametrize(
    ("tool", "arguments", "line"),
    [
        ("fetch", {"passage_id": "hmp-nothing"}, "no passage has the id 'hmp-nothing'"),
        ("search", {"question": " "}, "it must have at least 1 character"),
        ("search", {"question": "Q", "top_k": 51}, "top_k is 51: it must be at most 50"),
        ("search", {"question": "Q", "document_ids": ["nobody"]}, "no document has the id 'nobody'"),
        ("answer", {"question": "Q", "compose": "llm"}, "no language model is set up"),
        ("verify", {"claim": "C", "passage_ids": ["hmp-nothing"]}, "no passage has the id"),
        ("search", {}, "question"),
    ],
)
def test_a_mistake_is_told_to_the_model(call, tool, arguments, line):
    _, text, is_error = call(tool, **arguments)
    assert is_error
    assert line in text


def test_what_nobody_foresaw_tells_nothing_of_the_inside(call, monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("service.searching.search", fails)
    _, text, is_error = call("search", question=QUESTION)
    assert (text, is_error) == ("Error executing tool search", True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "https://evil.example"}, 403), ({}, 200)],
)
def test_a_web_page_from_elsewhere_is_refused(client, headers, status):
    initialize = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    accept = {"Accept": "application/json, text/event-stream"}
    response = httpx.post(
        f"{client.base_url}/mcp", json=initialize, headers=accept | headers, trust_env=False, timeout=30
    )
    assert response.status_code == status


def test_a_server_leaves_the_logging_of_the_process_alone():
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    mcp_server(State())
    assert (root.level, list(root.handlers)) == before
