"""Mixed questions as their askers send them: some wait, some read slowly, some go away."""

import json
import random
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event
from urllib.parse import urlsplit

import httpx

from tests.likeness import content, difference

Request = tuple[str, str, dict[str, object]]  # kind, route, body
# What a refused client waits before it comes again; the service asks for a second.
_AGAIN_SECONDS = 0.05
_SLOW_READ = 2048  # bytes, and so many seconds until the next
_SLOW_SECONDS = 0.02


def requests(questions: Sequence[str]) -> list[Request]:
    """Each question asked in four ways."""
    found: list[Request] = []
    for question in questions:
        found.append(("search", "/v1/search", {"question": question}))
        found.append(("answer", "/v1/answer", {"question": question}))
        found.append(("stream", "/v1/answer", {"question": question, "stream": True}))
        found.append(("verify", "/v1/verify", {"claim": question}))
    return found


@dataclass
class Traffic:
    """What clients asked and heard.

    expected: what a quiet service says to each request, one for each state of the documents.
    seconds: of the requests that were answered. faults: what should not have happened, in words.
    """

    address: str
    asked: Sequence[Request]
    expected: Sequence[Sequence[object]]
    seconds: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def client(self, seed: int, stop: Event) -> None:
        """Ask one question after the other until `stop`; every eighth client reads slowly, one goes away."""
        chance = random.Random(seed)
        ask = {6: self._slowly, 7: self._leaving}.get(seed % 8, self._whole)
        with httpx.Client(base_url=self.address, trust_env=False, timeout=60) as client:
            while not stop.is_set():
                number = chance.randrange(len(self.asked))
                try:
                    ask(client, number)
                except Exception as exc:
                    self.faults.append(f"{self.asked[number]}: {exc!r}")

    def _whole(self, client: httpx.Client, number: int) -> None:
        kind, route, body = self.asked[number]
        started = time.perf_counter()
        response = client.post(route, json=body)
        if not self._counted(kind, response.status_code):
            return
        self.seconds.setdefault(kind, []).append(time.perf_counter() - started)
        heard = content(response)
        differences = [difference(heard, expected[number]) for expected in self.expected]
        if None not in differences:
            self.faults.append(f"{kind} {body}: {differences}")

    def _leaving(self, client: httpx.Client, number: int) -> None:
        _, route, body = self.asked[number]
        with client.stream("POST", route, json=body) as response:
            if self._counted("left", response.status_code):
                next(response.iter_raw(64), None)

    def _slowly(self, _: httpx.Client, number: int) -> None:
        _, route, body = self.asked[number]
        sent = json.dumps(body).encode()
        place = urlsplit(self.address)
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(60)
            connection.connect((place.hostname, place.port))
            connection.sendall(
                f"POST {route} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n".encode()
            )
            for byte in (sent[n : n + 16] for n in range(0, len(sent), 16)):
                connection.sendall(byte)
                time.sleep(_SLOW_SECONDS / 4)
            said = b""
            while part := connection.recv(_SLOW_READ):
                said += part
                time.sleep(_SLOW_SECONDS)
        self._counted("slow", int(said[9:12]))
        if not said.endswith((b"}", b"\r\n\r\n")):
            self.faults.append(f"{body}: cut short after {len(said)} bytes")

    def _counted(self, kind: str, status: int) -> bool:
        self.counts[f"{kind} {status}"] += 1
        if status == 503:
            time.sleep(_AGAIN_SECONDS)
        elif status != 200:
            self.faults.append(f"{kind}: status {status}")
        return status == 200
