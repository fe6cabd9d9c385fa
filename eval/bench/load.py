"""Load: so many clients, each asking the next question as soon as its last one is answered.

A client is a kept connection and as little else as HTTP allows, since it runs on the processors that it
measures: 0.1 ms of processor a request while the machine does nothing else, 0.3 ms while it does (measured).
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from eval.errors import ServiceFailed

# (host, port) and the bytes of a whole request that asks this question.
Address = tuple[str, int]
Request = Callable[[str], bytes]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PATIENCE = 30.0  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a spell of load showed.

    seconds: from the first request to the last answer. latencies_ms: of each good answer.
    failures: requests that got something else than 200. client_seconds: of processor, taken by this process.
    """

    seconds: float
    latencies_ms: tuple[float, ...]
    failures: int
    client_seconds: float


def load_service(
    address: Address, request: Request, questions: Iterator[str], clients: int, seconds: float
) -> Loaded:
    """Ask a service for so long. Raises ServiceFailed if it cannot be reached or breaks off."""
    try:
        return asyncio.run(_load_service(address, request, questions, clients, seconds))
    except ExceptionGroup as exc:
        first = exc.exceptions[0]
        reason = str(first) or type(first).__name__
        raise ServiceFailed(
            f"the service at {address[0]}:{address[1]} broke off ({reason}); look whether it still runs"
        ) from exc


def load_function(
    work: Callable[[str], object], questions: Iterator[str], threads: int, seconds: float
) -> Loaded:
    """Call a function for so long from as many threads."""
    taking = Lock()
    latencies: list[float] = []
    started, used = time.perf_counter(), time.process_time()

    def _keep_asking() -> None:
        while time.perf_counter() < started + seconds:
            with taking:
                question = next(questions)
            began = time.perf_counter()
            work(question)
            latencies.append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(threads) as pool:
        for waited in [pool.submit(_keep_asking) for _ in range(threads)]:
            waited.result()
    return Loaded(time.perf_counter() - started, tuple(latencies), 0, time.process_time() - used)


async def _load_service(
    address: Address, request: Request, questions: Iterator[str], clients: int, seconds: float
) -> Loaded:
    latencies: list[float] = []
    failures = 0
    started, used = time.perf_counter(), time.process_time()

    async def _client() -> None:
        nonlocal failures
        reader, writer = await asyncio.open_connection(*address)
        try:
            while (began := time.perf_counter()) < started + seconds:
                writer.write(request(next(questions)))
                async with asyncio.timeout(_PATIENCE):
                    status = await _answer(reader)
                if status == 200:
                    latencies.append((time.perf_counter() - began) * 1000)
                else:
                    failures += 1
        finally:
            writer.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(_client())
    return Loaded(time.perf_counter() - started, tuple(latencies), failures, time.process_time() - used)


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; returns its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if length is None:
        raise ConnectionError(f"an answer of unknown length: {head[:80]!r}")
    await reader.readexactly(int(length[1]))
    return int(head.split(b" ", 2)[1])


def request_bytes(method: str, target: str, body: bytes = b"") -> bytes:
    """A request to a service on this machine."""
    head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body
