"""A real browser on the page. Where there is none its tests are skipped; in CI they fail instead."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Error, sync_playwright
from pydantic import SecretStr

from service.app import create_app
from service.cli.serve import listen
from service.live_index import LiveIndex
from service.settings import Settings
from tests.conftest import CORPUS
from tests.service.answers.scripted_llm import ScriptedLLM, running_llm

# Read now: while a test runs, no variable named NEEDLE_… is left.
REQUIRED = bool(os.environ.get("CI") or os.environ.get("NEEDLE_REQUIRE_BROWSER"))
DEBIAN = Path("/usr/bin/chromium")
OPTIONS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 740}
ADMIN_KEY = "a-key-for-writing"

QUESTION = "What did the COVER-ALL trial compare?"
UNANSWERABLE = "What is the capital of Mongolia?"
ROW = "What AUC does radiomics reach for local tumor progression of adrenal metastases?"


@pytest.fixture(scope="package")
def browser():
    """Chromium: Debian's, else Playwright's own."""
    # Only for this package: while it runs, nothing else on this thread could start an event loop.
    with sync_playwright() as playwright:
        try:
            executable = str(DEBIAN) if DEBIAN.exists() else None
            browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        except Error as exc:
            why = str(exc).strip().splitlines()[0]
            _without(f"no browser ({why}); mend: .venv/bin/playwright install chromium")
        yield browser
        browser.close()


@pytest.fixture
def context(browser):
    """A fresh profile on a wide screen, light, that may use the clipboard."""
    context = browser.new_context(
        viewport=WIDE, color_scheme="light", permissions=["clipboard-read", "clipboard-write"]
    )
    context.set_default_timeout(15_000)  # where other work keeps the processors busy
    yield context
    context.close()


@pytest.fixture
def page(context):
    """A page that fails its test if a script of it fails."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


@pytest.fixture
def visit(page, client) -> Callable[..., None]:
    """Open the page of the service over the real corpus, and wait until it knows what there is to ask."""

    def _visit(address: str = "/", base: str | None = None) -> None:
        page.goto(f"{base or client.base_url}".rstrip("/") + address)
        page.wait_for_selector("#corpus li", state="attached")

    return _visit


@pytest.fixture
def ask(page) -> Callable[[str], None]:
    """Ask and wait for the whole answer."""

    def _ask(question: str) -> None:
        before = page.locator(".turn").count()
        page.fill("#question", question)
        page.press("#question", "Enter")
        page.wait_for_selector(
            f".turn:nth-child({before + 1})[aria-busy=false] .actions button:has-text('Copy')"
        )

    return _ask


class Served:
    """A service that can be killed."""

    def __init__(self, settings: Settings, live_index: LiveIndex | None = None) -> None:
        self.corpus = settings.corpus
        app = create_app(settings, live_index)
        config = uvicorn.Config(app, log_config=None, lifespan="on", ws="none", log_level="critical")
        self.server = uvicorn.Server(config)
        self.listener = listen("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.thread.start()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        await self.server.serve(sockets=[self.listener])

    def kill(self) -> None:
        """End at once, with every connection."""

        def abort() -> None:
            for connection in list(self.server.server_state.connections):
                connection.transport.abort()

        self.server.should_exit = self.server.force_exit = True
        self.loop.call_soon_threadsafe(abort)
        self.thread.join(timeout=10)


@pytest.fixture
def serve(index_folder, encoder, monkeypatch) -> Iterator[Callable[..., Served]]:
    """Start a service of one's own over the real corpus, with these settings."""
    monkeypatch.setattr("service.live_index.load_encoder", lambda name: encoder)
    started: list[Served] = []

    def _serve(**settings: object) -> Served:
        settings = {"index": index_folder, **settings}
        started.append(Served(Settings(**settings)))
        return started[-1]

    yield _serve
    for served in started:
        if served.thread.is_alive():
            served.kill()


@pytest.fixture
def taking(serve, index_folder, tmp_path) -> Served:
    """A service that takes documents from whoever has the key, over copies of the corpus and its index."""
    corpus = shutil.copytree(CORPUS, tmp_path / "corpus")
    index = shutil.copytree(index_folder, tmp_path / "index")
    return serve(corpus=corpus, index=index, admin_key=SecretStr(ADMIN_KEY))


@pytest.fixture(scope="package")
def llm() -> Iterator[ScriptedLLM]:
    """A language model that says what a test scripts."""
    with running_llm() as fake:
        yield fake


@pytest.fixture
def composing(serve, llm) -> Served:
    """A service with that model."""
    return serve(llm_base_url=llm.base_url, llm_model="scripted", llm_timeout=10.0)


@contextmanager
def all_requests(page) -> Iterator[list[str]]:
    """Addresses of the requests that the page makes meanwhile."""
    made: list[str] = []
    page.on("request", lambda request: made.append(request.url))
    yield made


def _without(why: str) -> None:
    if REQUIRED:
        pytest.fail(f"the chat page is not tested: {why}")
    pytest.skip(why)
