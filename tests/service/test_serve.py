import json
import os
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest


@pytest.fixture
def start(request, tmp_path):
    """Start `needle serve` as a process of its own."""
    processes = []

    def _start(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        root = request.config.rootpath
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(root), "NEEDLE_CORPUS": str(root / "corpus"), **variables},
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield _start
    for process in processes:
        process.kill()
        process.communicate()


def said_until(process: subprocess.Popen[str], pattern: str) -> tuple[re.Match[str], list[str]]:
    lines: list[str] = []
    assert process.stderr
    for line in process.stderr:
        lines.append(line.rstrip())
        if match := re.search(pattern, line):
            return match, lines
    raise AssertionError("\n".join(lines))


def test_serving_without_an_index_writes_it_first_and_then_answers(start, tmp_path):
    process = start("--port", "0")
    address, lines = said_until(process, r"Needle answers at (http://127\.0\.0\.1:\d+)")
    assert any(line.startswith("no index in index yet; writing it") for line in lines)
    assert (tmp_path / "index" / "CURRENT").exists()

    with httpx.Client(base_url=address[1], trust_env=False, timeout=30) as client:
        assert client.get("/readyz").json()["documents"] == 3
        found = client.post(
            "/v1/search",
            json={"question": "What did the COVER-ALL trial compare?"},
        ).json()
        passage = found["passages"][0]
        text = client.get(f"/v1/documents/{passage['document']['id']}/text").content.decode()
        assert " ".join(text[start:end] for start, end in passage["spans"]) == passage["cited_text"]
        assert "<h1>Needle</h1>" in client.get("/").text

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    # All that is said after the address is the log: a line of JSON a request, and nothing of uvicorn's.
    entries = [json.loads(line) for line in process.stderr]
    assert [(entry["route"], entry["status"]) for entry in entries] == [
        ("/readyz", 200),
        ("/v1/search", 200),
        ("/v1/documents/{document_id}/text", 200),
        ("/", 200),
    ]


def test_a_port_in_use_is_one_line(start, index_folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--port", str(port), NEEDLE_INDEX=str(index_folder))
        _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert err == (
        f"needle: cannot listen on 127.0.0.1 port {port} (Address already in use); "
        "stop what listens there, or choose another with --port or --host\n"
    )
