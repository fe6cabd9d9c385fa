import asyncio
import json
import socket
import time
from contextlib import aclosing

import pytest
from pydantic import SecretStr

from service.answers.llm import HttpLLM
from service.answers.llm_errors import (
    LLMError,
    LLMInvalidResponse,
    LLMRefused,
    LLMStreamBroken,
    LLMStreamTooLong,
    LLMTimeout,
    LLMUnreachable,
)
from service.settings import Settings
from service.telemetry.request_notes import RequestNotes, noting
from tests.service.answers.scripted_llm import (
    DONE,
    answers_as,
    chunk,
    never_ends,
    refuses,
    says,
    sends,
)

CHAT = [{"role": "user", "content": "What is TACE?"}]
TEXT = "Transarterial chemoembolization — “TACE” — is a treatment [1]."


def written(fake, **options):
    """All that the model writes, and how its last piece ended."""

    async def read() -> tuple[str, str | None]:
        url = options.pop("base_url", fake.base_url if fake else "")
        llm = HttpLLM(url, "tiny", **{"timeout": 5.0, "idle": 2.0, "waits": (0.01, 0.02)} | options)
        try:
            async with aclosing(llm.stream(CHAT)) as stream:
                pieces = [piece async for piece in stream]
        finally:
            await llm.aclose()
        return "".join(piece.text for piece in pieces), pieces[-1].ended

    return asyncio.run(read())


def test_a_good_stream_is_read_whole(fake):
    fake.will(says(TEXT))
    assert written(fake) == (TEXT, "stop")


def test_the_request_names_model_limit_and_messages(fake):
    fake.will(says(TEXT))
    written(fake, max_tokens=77, key=SecretStr("top-secret"))
    told = {"model": "tiny", "messages": CHAT, "stream": True, "temperature": 0, "max_tokens": 77}
    assert fake.calls == [told | {"stream_options": {"include_usage": True}}]
    assert fake.headers["authorization"] == "Bearer top-secret"


def test_without_a_key_none_is_sent(fake):
    fake.will(says(TEXT))
    written(fake)
    assert "authorization" not in fake.headers


def test_an_answer_cut_at_the_limit_says_so(fake):
    fake.will(says(TEXT, finish="length"))
    assert written(fake) == (TEXT, "length")


def test_a_stream_that_says_why_it_ended_needs_no_done(fake):
    fake.will(sends(chunk("Yes."), chunk("", "stop")))
    assert written(fake) == ("Yes.", "stop")


def test_a_chunk_may_come_in_parts_and_with_carriage_returns(fake):
    stream = (chunk("Größe") + DONE).replace(b"\n", b"\r\n")
    fake.will(sends(*(stream[n : n + 1] for n in range(len(stream)))))
    assert written(fake) == ("Größe", "stop")


def test_chunks_without_text_are_no_text(fake):
    thinking = b'data: {"choices": [{"delta": {"role": "assistant", "reasoning": "hm"}}]}\n\n'
    usage = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
    fake.will(
        sends(thinking, b'data: {"choices": [{"delta": {"content": null}}]}\n', chunk("Yes."), usage, DONE)
    )
    assert written(fake)[0] == "Yes."


@pytest.mark.parametrize("status", [400, 422])
def test_an_endpoint_that_cannot_count_tokens_is_asked_without_that(fake, status):
    fake.will(refuses(status), says(TEXT))
    assert written(fake)[0] == TEXT
    assert ["stream_options" in call for call in fake.calls] == [True, False]


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        (
            {"prompt_tokens": 900, "completion_tokens": 40, "total_tokens": 940},
            {"prompt": 900, "completion": 40},
        ),
        ({"prompt_tokens": 900}, {"prompt": 900}),
        ({"prompt_tokens": -1, "completion_tokens": True}, {}),
        ({"prompt_tokens": "many", "completion_tokens": 10**400}, {}),
        ("many", {}),
        (None, {}),
    ],
)
def test_tokens_are_counted_where_the_endpoint_counts_them(fake, usage, counted):
    last = f"data: {json.dumps({'choices': [], 'usage': usage})}\n\n".encode()
    fake.will(sends(chunk("Yes."), chunk("", "stop"), last, DONE))
    notes = RequestNotes()
    with noting(notes):
        assert written(fake) == ("Yes.", "stop")
    assert notes.llm_tokens == counted
    assert notes.timings_ms["compose"] > 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(fake, status):
    fake.will(refuses(status), refuses(status), says(TEXT))
    assert written(fake)[0] == TEXT
    assert len(fake.calls) == 3


def test_retry_after_is_waited_for(fake):
    fake.will(refuses(429, retry_after="1"), says(TEXT))
    started = time.monotonic()
    assert written(fake)[0] == TEXT
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("wait", ["3600", "999999999999999999999"])
def test_a_long_retry_after_is_not_waited_for(fake, wait):
    fake.will(refuses(429, retry_after=wait))
    with pytest.raises(LLMRefused, match="status 429"):
        written(fake)
    assert len(fake.calls) == 1


@pytest.mark.parametrize(("status", "calls"), [(429, 3), (500, 3), (400, 2), (401, 1), (404, 1), (307, 1)])
def test_a_lasting_failure_is_refused_after_bounded_attempts(fake, status, calls):
    fake.will(refuses(status, location="http://127.0.0.1:1/elsewhere"))
    with pytest.raises(LLMRefused, match=f"status {status}") as caught:
        written(fake, key=SecretStr("top-secret"))
    assert len(fake.calls) == calls
    assert "top-secret" not in str(caught.value)


def test_nobody_listening_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(LLMUnreachable, match="no connection"):
        written(None, base_url=f"http://127.0.0.1:{port}/v1")


def test_a_host_that_does_not_exist_is_unreachable():
    with pytest.raises(LLMUnreachable) as caught:
        written(None, base_url="http://needle.invalid/v1")
    assert "needle.invalid" not in str(caught.value)


def test_a_connection_cut_before_the_first_byte_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        async def cut() -> None:
            server = await asyncio.start_server(lambda reader, writer: writer.close(), sock=listener.dup())
            llm = HttpLLM(f"http://127.0.0.1:{port}/v1", "tiny", waits=(0.01,))
            try:
                async with aclosing(llm.stream(CHAT)) as stream:
                    await anext(stream)
            finally:
                await llm.aclose()
                server.close()

        with pytest.raises(LLMUnreachable, match="lost"):
            asyncio.run(cut())


@pytest.mark.parametrize(
    "behaviour",
    [
        sends(chunk("Half of "), then_cut=True),
        sends(chunk("Half of ")),
        sends(chunk("Half of "), b'data: {"error": {"message": "out of memory"}}\n\n'),
        sends(b": nothing\n\n"),
    ],
    ids=["cut", "without done", "an error in the stream", "empty"],
)
def test_a_stream_that_dies_half_way_is_broken(fake, behaviour):
    fake.will(behaviour)
    with pytest.raises(LLMStreamBroken):
        written(fake)


@pytest.mark.parametrize(
    "line",
    [b"data: {not json\n\n", b"data: [1, 2]\n\n", b"data: \xff\xfe\n\n", b'data: {"choices": "none"}\n\n'],
)
def test_a_line_that_is_no_chunk_is_invalid(fake, line):
    fake.will(sends(chunk("Half of "), line))
    with pytest.raises(LLMInvalidResponse, match="a line that is not a chunk"):
        written(fake)


@pytest.mark.parametrize("content_type", ["text/html", "application/json", "text/event-streams"])
def test_another_content_type_is_invalid(fake, content_type):
    fake.will(answers_as(content_type, b"<h1>It works!</h1>"))
    with pytest.raises(LLMInvalidResponse, match=content_type):
        written(fake)


def test_a_stream_without_end_is_given_up(fake):
    fake.will(never_ends(chunk("and on ")))
    with pytest.raises(LLMStreamTooLong, match="characters"):
        written(fake, max_tokens=100)


def test_a_line_without_end_is_given_up(fake, monkeypatch):
    monkeypatch.setattr("service.answers.llm_stream.MAX_BYTES", 1_000_000)
    fake.will(never_ends(b"x" * 65536))
    with pytest.raises(LLMStreamTooLong, match="bytes"):
        written(fake)


def test_silence_is_a_timeout(fake):
    fake.will(sends(chunk("Half of "), then_wait=60))
    with pytest.raises(LLMTimeout, match=r"was silent for 0\.2 seconds"):
        written(fake, idle=0.2)


def test_heartbeats_without_an_answer_are_a_timeout(fake):
    fake.will(never_ends(b": still loading\n\n", pause=0.05))
    with pytest.raises(LLMTimeout, match=r"did not finish within 0\.5 seconds"):
        written(fake, timeout=0.5)


def test_closing_the_stream_ends_the_call(fake):
    fake.will(never_ends(chunk("and on "), pause=0.02))

    async def leave() -> None:
        llm = HttpLLM(fake.base_url, "tiny")
        async with aclosing(llm.stream(CHAT)) as stream:
            await anext(stream)
        assert await asyncio.to_thread(fake.gone.wait, 5)
        await llm.aclose()

    asyncio.run(leave())


def test_no_line_of_an_error_names_the_address():
    errors = [LLMUnreachable("no connection"), LLMTimeout(3, silent=True), LLMRefused(500)]
    errors += [LLMInvalidResponse("HTML"), LLMStreamBroken(), LLMStreamTooLong(3, "bytes")]
    assert all(isinstance(error, LLMError) and "://" not in str(error) for error in errors)
    assert all("\n" not in str(error) and str(error).startswith(error.what) for error in errors)


def test_settings_without_an_address_name_no_model():
    assert HttpLLM.of(Settings()) is None


def test_the_key_is_in_no_representation_of_the_settings():
    settings = Settings(llm_base_url="http://127.0.0.1:1/v1", llm_api_key=SecretStr("top-secret"))
    assert "top-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"
