"""What the tests share: the real corpus, indexed once, and the service on a real port."""

import os

# Before torch is loaded: with two threads, a busy neighbour makes each question ten times as slow.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from qdrant_client import QdrantClient

from ingest.build import build
from ingest.encoder import DEFAULT, Encoder, load_encoder
from ingest.index import Generation, open_current
from ingest.onnx_cache import exported
from ingest.qdrant_reader import QdrantGeneration, open_current_on
from ingest.qdrant_writer import publish
from ingest.reference_encoder import SentenceTransformersEncoder, load_reference
from ingest.weights import checked_sha256, model_folder
from service.app import create_app
from service.cli.serve import listen
from service.live_index import LiveIndex
from service.retrieval.retriever import Retriever
from service.settings import Settings
from tests.qdrant import empty_server

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"

Running = Callable[[FastAPI], AbstractContextManager[httpx.Client]]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch, tmp_path):
    """Neither the variables of whoever runs the tests nor an .env of the checkout."""
    for name in [name for name in os.environ if name.startswith("NEEDLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """A folder of this run, the same one in all processes that the tests are spread over."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _own_cache(shared) -> Iterator[None]:
    """Exported graphs of this run alone, in the processes that it starts as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        yield


@pytest.fixture(scope="session")
def reference() -> SentenceTransformersEncoder:
    """The embedded default model on torch, loaded once."""
    folder = model_folder(DEFAULT)
    return load_reference(DEFAULT, folder, checked_sha256(DEFAULT, folder))


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The same model as it is served: exported once, to the cache."""
    return exported(load_encoder(DEFAULT), [])


@pytest.fixture(scope="session")
def index_folder(shared, encoder) -> Path:
    """An index of the real corpus, built once; tests copy it before they change it."""
    folder = shared / "index"
    # Of several processes the first writes it, the others wait for it and find nothing left to do.
    build(CORPUS, folder, DEFAULT, lambda step, done, total: None)
    return folder


@pytest.fixture(scope="session")
def generation(index_folder) -> Generation:
    """The generation in `index_folder`."""
    return open_current(index_folder)


@pytest.fixture(scope="session")
def retriever(generation, encoder) -> Retriever:
    """Searches `generation`."""
    return Retriever(generation, encoder)


@pytest.fixture(scope="session")
def qdrant(generation) -> QdrantClient:
    """A Qdrant server that holds `generation`."""
    client = empty_server()
    publish(generation, client, lambda step, done, total: None)
    return client


@pytest.fixture(scope="session")
def qdrant_generation(qdrant) -> QdrantGeneration:
    """The generation on that server."""
    return open_current_on(qdrant)


@pytest.fixture
def quick_encoder(monkeypatch, encoder) -> None:
    """The service takes the model that is loaded already."""
    monkeypatch.setattr("service.live_index.load_encoder", lambda name: encoder)


@pytest.fixture(scope="session")
def running() -> Running:
    """Serve an application on a free port while a `with` block lasts; gives an HTTP client for it."""
    return _running


@pytest.fixture(scope="session")
def client(index_folder, encoder) -> Iterator[httpx.Client]:
    """An HTTP client of the service over the real corpus."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.live_index.load_encoder", lambda name: encoder)
        live_index = LiveIndex(index_folder, DEFAULT)
        live_index.open()
    with _running(create_app(Settings(index=index_folder), live_index)) as client:
        yield client


@contextmanager
def _running(app: FastAPI) -> Iterator[httpx.Client]:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
            yield client
        server.should_exit = True
        thread.join(timeout=30)


def pytest_terminal_summary(terminalreporter):
    """Say loudly that the page was not tested."""
    # Here and of the reports, since the process that sums up need not be the one that tested.
    skipped = [report for report in terminalreporter.getreports("skipped") if "tests/web/" in report.nodeid]
    if skipped:
        terminalreporter.write_sep("!", "THE CHAT PAGE WAS NOT TESTED", red=True, bold=True)
        for why in sorted({report.longrepr[-1] for report in skipped}):
            terminalreporter.write_line(why)
