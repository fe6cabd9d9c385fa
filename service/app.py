"""The HTTP service, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from service import mcp, problems
from service.answers.llm import HttpLLM
from service.job_worker import WorkerProcess
from service.jobs import Jobs
from service.live_index import LiveIndex
from service.middleware import BodyLimit, SecurityHeaders, UnexpectedErrors
from service.routes import answer, documents, health, openai, page, passages, search, verify, writing
from service.settings import Settings
from service.version import needle_version

# 50 turns of 12,000 characters, most of them ASCII, fit; what does not is refused.
MAX_BODY_BYTES = 1024 * 1024
# A hundred papers with figures; they go to the disk as they come.
MAX_UPLOAD_BYTES = 512 * 1024 * 1024

_DESCRIPTION = (
    "Questions about artificial intelligence in interventional oncology and radiology, answered with exact "
    "evidence: every citation is a verbatim span of a document. It informs about literature and gives no "
    "medical advice. Every error is an RFC 9457 problem document with a stable `code`."
)


def create_app(settings: Settings, live_index: LiveIndex | None = None) -> FastAPI:
    """The application; it opens the index of `settings` when it starts, unless given an open one."""
    app = _Service(
        title="Needle",
        version=needle_version(),
        description=_DESCRIPTION,
        lifespan=_lifespan,
        redirect_slashes=False,
        # Their pages load scripts from elsewhere, which neither the policy nor a machine offline allows.
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.live_index = live_index or LiveIndex(settings.index, settings.encoder)
    app.state.jobs = Jobs(app.state.live_index, WorkerProcess())
    for routes in (page, health, documents, writing, passages, search, answer, openai, verify):
        app.include_router(routes.router)
    app.mount("/static", StaticFiles(directory=page.WEB))
    app.state.mcp = mcp.mcp_server(app.state)
    app.router.routes.extend(mcp.routes(app.state.mcp, settings.host))
    problems.install(app)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES, larger={writing.UPLOADS: MAX_UPLOAD_BYTES})
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(SecurityHeaders)
    return app


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        return problems.describe(super().openapi())


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    live_index: LiveIndex = app.state.live_index
    await asyncio.to_thread(live_index.refresh)
    watching = asyncio.create_task(live_index.watch())
    jobs: Jobs = app.state.jobs
    working = asyncio.create_task(jobs.work())
    app.state.llm = llm = HttpLLM.of(app.state.settings)
    try:
        async with app.state.mcp.session_manager.run():
            yield
    finally:
        if llm:
            await llm.aclose()
        jobs.stop()
        for task in (watching, working):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
