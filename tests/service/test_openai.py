import json

import openai
import pytest
from openai import OpenAI

from service.chat_completions import as_question
from service.schemas.openai import ChatRequest
from tests.service.answers.scripted_llm import chunk, never_ends, says, sends

QUESTION = "What did the COVER-ALL trial compare?"
UNANSWERABLE = "What is the capital of Mongolia?"
TRUE = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment"
FALSE = "The COVER-ALL trial enrolled 7,431 patients with kidney tumors"
JSON = {"Content-Type": "application/json"}
TITLE = "Artificial Intelligence Advances in Interventional Oncology: Year in Review"


@pytest.fixture
def official(client):
    """OpenAI's own client, pointed at the service."""
    with OpenAI(base_url=f"{client.base_url}/v1", api_key="none", max_retries=0) as sdk:
        yield sdk


@pytest.fixture
def official_composing(composing):
    """The same with a language model behind it."""
    with OpenAI(base_url=f"{composing.base_url}/v1", api_key="none", max_retries=0) as sdk:
        yield sdk


def user(*questions):
    return [{"role": "user", "content": question} for question in questions]


def told(sdk, **options):
    """The chunks of a streamed answer, and their text."""
    options = {"model": "needle", "messages": user(QUESTION)} | options
    chunks = list(sdk.chat.completions.create(stream=True, **options))
    return chunks, "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


def test_the_models_are_the_ways_to_be_answered(official, official_composing):
    assert [model.id for model in official.models.list()] == ["needle", "needle-extractive"]
    assert "needle-llm" in [model.id for model in official_composing.models.list()]


def test_an_answer_has_markers_and_a_list_of_sources(official):
    answer = official.chat.completions.create(model="needle", messages=user(QUESTION))
    text = answer.choices[0].message.content
    said, _, sources = text.partition("\n\nSources:\n")
    assert "conventional visual assessment" in said
    assert "[1]" in said
    assert sources.startswith(f"[1] {TITLE} — Main Findings")
    assert answer.choices[0].finish_reason == "stop"


def test_an_answer_carries_its_evidence(official, client):
    answer = official.chat.completions.create(model="needle-extractive", messages=user(QUESTION))
    evidence = answer.model_extra["needle"]
    body = client.post("/v1/answer", json={"question": QUESTION, "compose": "extractive"}).json()
    assert evidence == {name: body[name] for name in evidence}
    assert evidence.keys() >= {"citations", "abstained", "mode", "fingerprint"}


def test_a_stream_tells_the_same(official):
    whole = official.chat.completions.create(model="needle", messages=user(QUESTION))
    chunks, text = told(official)
    assert text == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks[-2:]] == [None, "stop"]
    assert chunks[-1].model_extra["needle"] == whole.model_extra["needle"]
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_ends_with_done(client):
    body = {"model": "needle", "messages": user(QUESTION), "stream": True}
    response = client.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.endswith("\n\ndata: [DONE]\n\n")


def test_an_abstention_names_no_sources(official):
    answer = official.chat.completions.create(model="needle", messages=user(UNANSWERABLE))
    assert answer.model_extra["needle"]["abstained"] is True
    assert "Sources:" not in answer.choices[0].message.content
    assert told(official, messages=user(UNANSWERABLE))[1] == answer.choices[0].message.content


def test_the_conversation_is_the_history(official):
    messages = [
        {"role": "system", "content": "You are a pirate."},
        *user(QUESTION),
        {"role": "assistant", "content": "Two methods. [1]\n\nSources:\n[1] Year in Review"},
        {"role": "user", "content": [{"type": "text", "text": "Was it safe?"}]},
    ]
    answer = official.chat.completions.create(model="needle", messages=messages)
    asked = answer.model_extra["needle"]["standalone_question"]
    assert "COVER-ALL" in asked
    assert "pirate" not in asked
    assert "Year in Review" not in asked


def test_fields_that_mean_nothing_here_are_taken(official):
    answer = official.chat.completions.create(
        model="needle",
        messages=user(QUESTION),
        temperature=0.3,
        max_tokens=5,
        n=1,
        user="somebody",
        seed=7,
        response_format={"type": "text"},
        extra_body={"min_p": 0.1},
    )
    assert answer.choices[0].message.content


def test_a_long_conversation_is_read_as_far_as_it_can_be():
    long = [{"role": role, "content": "word " * 5000} for role in ("user", "assistant")] * 60
    request = as_question(ChatRequest(model="needle", messages=[*long, *user(QUESTION)]), None)
    assert request.question == QUESTION
    assert len(request.turns()) == 25


@pytest.mark.parametrize(
    ("fields", "error", "code", "param"),
    [
        ({"model": "gpt-5"}, openai.NotFoundError, "model_not_found", "model"),
        ({"model": "needle-llm"}, openai.NotFoundError, "model_not_found", "model"),
        ({"messages": []}, openai.UnprocessableEntityError, "invalid_request", "messages"),
        (
            {"messages": [{"role": "system", "content": "Be kind."}]},
            openai.UnprocessableEntityError,
            *("invalid_request", "messages"),
        ),
        ({"messages": user("  ")}, openai.UnprocessableEntityError, "invalid_request", "messages"),
        ({"messages": user("x" * 2001)}, openai.UnprocessableEntityError, "invalid_request", "messages"),
        ({"messages": "Hello"}, openai.UnprocessableEntityError, "invalid_request", "messages"),
    ],
)
@pytest.mark.parametrize("streaming", [True, False])
def test_errors_have_the_form_of_openai(official, fields, error, code, param, streaming):
    fields = {"model": "needle", "messages": user(QUESTION), "stream": streaming} | fields
    with pytest.raises(error) as caught:
        official.chat.completions.create(**fields)
    assert (caught.value.code, caught.value.param) == (code, param)
    assert caught.value.type == "invalid_request_error"
    assert caught.value.body["message"]


def test_a_body_that_is_not_json_is_an_error_of_the_same_form(client):
    response = client.post("/v1/chat/completions", content=b"{", headers=JSON)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_json")


def test_what_nobody_foresaw_tells_nothing_of_the_inside(client, monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("service.answers.answering.extract", fails)
    body = {"model": "needle", "messages": user(QUESTION)}
    whole = client.post("/v1/chat/completions", json=body)
    assert (whole.status_code, whole.json()["error"]["type"]) == (500, "server_error")
    stream = client.post("/v1/chat/completions", json={**body, "stream": True}).text
    assert '"code":"internal_error"' in stream
    assert stream.endswith("data: [DONE]\n\n")
    assert "inside" not in whole.text + stream


def test_an_error_in_a_stream_reaches_the_official_client(official, monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("service.answers.answering.extract", fails)
    with pytest.raises(openai.APIError, match="unexpected error"):
        told(official)


def test_only_verified_sentences_are_streamed(official_composing, fake):
    fake.will(says(f"{TRUE} [1]. {FALSE} [1]. {TRUE} once [1].", pause=0.002))
    chunks, text = told(official_composing, model="needle-llm")
    assert text.startswith(f"{TRUE}. [1] {TRUE} once. [1]\n\nSources:\n[1] {TITLE}")
    assert "7,431" not in text
    assert chunks[-1].model_extra["needle"]["mode"] == "llm"
    assert "7,431" in json.dumps(chunks[-1].model_extra["needle"]["sentences"])


def test_a_model_that_breaks_off_is_replaced_in_plain_words(official_composing, fake):
    fake.will(sends(chunk(f"{TRUE} [1]. And then"), then_cut=True))
    _, text = told(official_composing)
    assert text.startswith(f"{TRUE}. [1]\n\n(In place of the above: the language model's answer broke off")
    assert "conventional visual assessment. [1]" in text.partition(".)\n\n")[2]


def test_a_reader_who_goes_away_stops_the_upstream_call(official_composing, fake):
    fake.will(never_ends(chunk(" and"), pause=0.01))
    stream = official_composing.chat.completions.create(model="needle", messages=user(QUESTION), stream=True)
    next(iter(stream))
    assert fake.called.wait(2.0)
    stream.close()
    assert fake.gone.wait(2.0)
