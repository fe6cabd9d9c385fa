"""Clients that neither finish their headers nor take their answer, of uvicorn as `needle serve` has it."""

import socket
import threading
import time

import pytest
import uvicorn

from service.cli.serve import configured, listen
from service.settings import Settings

LARGE = 64 * 1024 * 1024


async def application(scope, receive, send):
    """Answers /large with more than the system's buffers hold."""
    if scope["type"] == "lifespan":
        while (message := await receive())["type"]:
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    body = bytes(LARGE) if scope["path"] == "/large" else b"whole"
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def connect(monkeypatch):
    """Opens connections to a service that looks at them every 0.3 seconds."""
    monkeypatch.setattr("service.connections.LOOK_SECONDS", 0.3)
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(configured(application, Settings()))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        address = listener.getsockname()
        opened: list[socket.socket] = []

        def connect(first: bytes) -> socket.socket:
            opened.append(connection := socket.create_connection(address, timeout=20))
            connection.sendall(first)
            return connection

        yield connect
        for connection in opened:
            connection.close()
        server.should_exit = True
        thread.join(timeout=20)


def closed(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    said = b""
    try:
        while received := connection.recv(1 << 20):
            said += received
    except ConnectionResetError:
        pass
    return said


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nHost: local"])
def test_headers_that_never_end_are_not_waited_for(connect, first):
    assert closed(connect(first)) == b""


def test_headers_that_trickle_in_are_not_waited_for_either(connect):
    connection = connect(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    with pytest.raises(OSError):
        for number in range(200):
            connection.sendall(f"X-{number}: 1\r\n".encode())
            time.sleep(0.05)


def test_a_second_request_is_timed_like_the_first(connect):
    connection = connect(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    said = b""
    while not said.endswith(b"0\r\n\r\n"):
        said += connection.recv(4096)
    connection.sendall(b"GET / HTTP")
    assert (said.count(b"whole"), closed(connection)) == (1, b"")


def test_an_answer_that_nobody_takes_is_dropped(connect):
    connection = connect(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(1.5)
    assert len(closed(connection)) < LARGE


def test_an_answer_that_is_taken_slowly_is_sent_to_its_end(connect):
    connection = connect(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    received = 0
    for _ in range(8):  # a look comes every third time
        received += len(connection.recv(1 << 20))
        time.sleep(0.1)
    assert received + len(closed(connection)) > LARGE
