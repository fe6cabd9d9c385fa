import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, repeat

import pytest

from eval.bench.load import load_function, load_service, request_bytes
from eval.errors import ServiceFailed


@contextmanager
def answering(*statuses):
    """A server that answers with these statuses, one after the other, then 200; gives address and bodies."""
    bodies, given = [], iter(statuses)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps connections

        def do_POST(self):
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(next(given, 200))
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address, bodies
        server.shutdown()
        thread.join()


def posted(question):
    return request_bytes("POST", "/search", json.dumps(question).encode())


def test_every_client_asks_one_question_after_the_other():
    numbers = count()
    with answering() as (address, bodies):
        loaded = load_service(address, posted, numbers, clients=3, seconds=0.1)
    assert len(loaded.latencies_ms) == len(bodies) >= 3
    assert sorted(bodies) == list(range(len(bodies)))
    assert (loaded.failures, loaded.seconds >= 0.1) == (0, True)


def test_what_is_refused_is_counted_and_not_timed():
    with answering(503, 200, 500) as (address, bodies):
        loaded = load_service(address, posted, repeat("?"), clients=1, seconds=0.1)
    assert (loaded.failures, len(loaded.latencies_ms)) == (2, len(bodies) - 2)


def test_a_service_that_is_not_there_is_an_error():
    with answering() as (address, _):
        pass
    with pytest.raises(ServiceFailed, match=rf"127\.0\.0\.1:{address[1]} broke off"):
        load_service(address, posted, repeat("?"), clients=1, seconds=0.1)


def test_a_function_is_called_from_all_threads():
    seen = set()

    def work(question):
        seen.add((threading.get_ident(), question))

    loaded = load_function(work, count(), threads=2, seconds=0.05)
    assert len({question for _, question in seen}) == len(loaded.latencies_ms)
