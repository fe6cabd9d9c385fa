"""A language model that says what a test scripts, and the service that asks it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pytest
from pydantic import SecretStr

from service.app import create_app
from service.live_index import LiveIndex
from service.qdrant_place import QdrantPlace
from service.settings import Settings
from tests.service.answers.scripted_llm import ScriptedLLM, running_llm

Serving = Callable[..., AbstractContextManager[httpx.Client]]


@pytest.fixture(scope="session")
def _running_llm() -> Iterator[ScriptedLLM]:
    with running_llm() as fake:
        yield fake


@pytest.fixture
def fake(_running_llm) -> ScriptedLLM:
    """An OpenAI-compatible endpoint; without a script it cannot answer."""
    return _running_llm


@pytest.fixture(scope="session")
def serving(index_folder, encoder, running) -> Serving:
    """Serve the real corpus with these settings while a `with` block lasts."""

    def _serving(**settings: object) -> AbstractContextManager[httpx.Client]:
        live_index = LiveIndex(index_folder, "all-MiniLM-L6-v2")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("service.live_index.load_encoder", lambda name: encoder)
            live_index.open()
        return running(create_app(Settings(index=index_folder, **settings), live_index))

    return _serving


@pytest.fixture(scope="session")
def remote_client(qdrant, encoder, running) -> Iterator[httpx.Client]:
    """A client of the service over the real corpus on a Qdrant server."""
    live_index = LiveIndex(QdrantPlace(qdrant), "all-MiniLM-L6-v2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.live_index.load_encoder", lambda name: encoder)
        live_index.open()
    with running(create_app(Settings(), live_index)) as client:
        yield client


@pytest.fixture(params=["folder", "qdrant"])
def either(request, client) -> httpx.Client:
    """A client of the service over the real corpus, in a folder and on a Qdrant server in turn."""
    return client if request.param == "folder" else request.getfixturevalue("remote_client")


@pytest.fixture(scope="session")
def composing(serving, _running_llm) -> Iterator[httpx.Client]:
    """A client of the service with the scripted model, which has two seconds for an answer."""
    with serving(
        llm_base_url=_running_llm.base_url,
        llm_model="scripted",
        llm_api_key=SecretStr("top-secret"),
        llm_timeout=2.0,
        llm_max_tokens=200,
    ) as client:
        yield client
