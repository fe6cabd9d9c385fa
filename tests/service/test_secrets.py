"""Keys are in no response, no log and no output, whatever goes wrong."""

import json
import logging
import os
import subprocess
import sys

import pytest
from pydantic import SecretStr

from tests.service.answers.scripted_llm import answers_as, refuses, says, sends

READER, MODEL = "sentinel-of-a-reader-1", "sentinel-of-the-model-2"
QUESTION = {"question": "What did the COVER-ALL trial compare?"}
BEARER = {"Authorization": f"Bearer {READER}"}
CHAT = {"model": "needle", "messages": [{"role": "user", "content": "What is COVER-ALL?"}]}
REQUESTS = [
    ("GET", "/", None),
    ("GET", "/healthz", None),
    ("GET", "/readyz", None),
    ("GET", "/metrics", None),
    ("GET", "/openapi.json", None),
    ("GET", "/nowhere", None),
    ("GET", "/v1/documents", None),
    ("GET", "/v1/documents/hmp", None),
    ("GET", f"/v1/documents/{READER[:-1]}", None),
    ("GET", "/v1/models", None),
    ("POST", "/v1/search", QUESTION),
    ("POST", "/v1/search", {"question": ""}),
    ("POST", "/v1/answer", QUESTION),
    ("POST", "/v1/answer", {**QUESTION, "stream": True}),
    ("POST", "/v1/verify", {"claim": "It is safe."}),
    ("POST", "/v1/chat/completions", CHAT),
    ("POST", "/v1/chat/completions", {**CHAT, "stream": True}),
    ("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
]
MODELS = {
    "answers": says("The trial compared two methods [1]."),
    "refuses": refuses(401),
    "redirects": refuses(302, location="http://127.0.0.1:1/"),
    "quotes the key": answers_as("application/json", f'{{"error": "bad key {MODEL}"}}'.encode()),
    "sends the key": sends(f'data: {{"error": "bad key {MODEL}"}}\n\n'.encode()),
}


@pytest.fixture(scope="module")
def locked(serving, _running_llm):
    """A service with a key for reading and one for its language model."""
    settings = {"api_keys": SecretStr(READER), "llm_api_key": SecretStr(MODEL), "llm_timeout": 2.0}
    with serving(llm_base_url=_running_llm.base_url, llm_model="scripted", **settings) as client:
        yield client


@pytest.mark.parametrize("model", MODELS)
def test_no_response_and_no_line_of_the_log_holds_a_key(locked, fake, caplog, model):
    fake.will(MODELS[model])
    caplog.set_level(logging.DEBUG)
    for headers in (BEARER, {"Authorization": f"Bearer {READER}x"}, {}):
        for method, path, body in REQUESTS:
            response = locked.request(method, path, json=body, headers=headers)
            told = f"{response.headers} {response.text}"
            assert READER not in told and MODEL not in told, f"{method} {path}"
    # What this test's own client logs of its requests is not the service's.
    own = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert [r for r in own if READER in r.getMessage() or MODEL in r.getMessage()] == []
    assert all(MODEL in value or "authorization" not in name for name, value in fake.headers.items())


def test_the_key_for_the_model_goes_nowhere_else(locked, fake):
    fake.will(refuses(302, location=f"{fake.base_url}/elsewhere"))
    locked.post("/v1/answer", json=QUESTION, headers=BEARER)
    assert len(fake.calls) == 1
    assert fake.headers["authorization"] == f"Bearer {MODEL}"
    assert READER not in json.dumps(fake.calls) + str(fake.headers)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["ask", "What is AI?"],
        ["inspect", "nobody"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_no_command_prints_a_key(request, index_folder, arguments):
    root = str(request.config.rootpath)
    variables = {
        "PYTHONPATH": root,
        "NEEDLE_INDEX": str(index_folder),
        "NEEDLE_API_KEYS": READER,
        "NEEDLE_LLM_API_KEY": MODEL,
        "NEEDLE_LLM_BASE_URL": "http://127.0.0.1:1/v1",
        "NEEDLE_LOG_LEVEL": "debug",
    }
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in (0, 1, 2)
    assert done.stdout + done.stderr
    assert READER not in done.stdout + done.stderr and MODEL not in done.stdout + done.stderr
