"""The HTTP service, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from service import problems
from service.access import api_keys
from service.access.admission import Admission
from service.access.api_keys import ApiKeys
from service.access.host_names import HostNames
from service.answers.llm import HttpLLM
from service.index_places import place_of
from service.jobs.queue import Jobs
from service.jobs.worker import WorkerProcess
from service.live_index import LiveIndex
from service.mcp_endpoint import McpEndpoint
from service.middleware import BodyLimit, BodyTime, SecurityHeaders, UnexpectedErrors
from service.routes import (
    answer,
    documents,
    health,
    metrics,
    openai,
    page,
    passages,
    search,
    verify,
    writing,
)
from service.settings import Settings
from service.telemetry.metrics import Metrics
from service.telemetry.request_log import RequestLog
from service.version import needle_version

# 50 turns of 12,000 characters, most of them ASCII, fit; what does not is refused.
MAX_BODY_BYTES = 1024 * 1024
# So much within this time is 35 kB a second.
MAX_BODY_SECONDS = 30.0
# A hundred papers with figures; they go to the disk as they come.
MAX_UPLOAD_BYTES = 512 * 1024 * 1024
MAX_UPLOAD_SECONDS = 600.0

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
    app.state.admission = Admission(settings.queue)
    app.state.live_index = live_index or LiveIndex(place_of(settings), settings.encoder)
    app.state.metrics = Metrics(app.state.live_index, app.state.admission)
    app.state.jobs = Jobs(app.state.live_index, WorkerProcess())
    for routes in (page, health, metrics, documents, writing, passages, search, answer, openai, verify):
        app.include_router(routes.router)
    app.state.mcp = McpEndpoint(app.state, settings.host_names(), settings.listed("cors_origins"))
    app.router.routes.append(app.state.mcp.route())
    problems.install(app)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES, larger={writing.UPLOADS: MAX_UPLOAD_BYTES})
    app.add_middleware(BodyTime, seconds=MAX_BODY_SECONDS, longer={writing.UPLOADS: MAX_UPLOAD_SECONDS})
    app.add_middleware(ApiKeys, keys=settings.reading_keys(), rate_limit=settings.rate_limit)
    # Outside of the keys: a browser asks whether it may ask before it shows one.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.listed("cors_origins"),
        allow_methods=["*"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["ETag", "Retry-After"],
    )
    app.add_middleware(HostNames, names=settings.host_names())
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog, metrics=app.state.metrics, log_questions=settings.log_questions)
    return app


class _Service(FastAPI):
    def openapi(self) -> dict[str, Any]:
        return api_keys.describe(problems.describe(super().openapi()))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    live_index: LiveIndex = app.state.live_index
    await asyncio.to_thread(live_index.refresh)
    watching = asyncio.create_task(live_index.watch())
    serving_mcp = asyncio.create_task(app.state.mcp.serve())
    jobs: Jobs = app.state.jobs
    working = asyncio.create_task(jobs.work())
    app.state.llm = llm = HttpLLM.of(app.state.settings)
    try:
        yield
    finally:
        if llm:
            await llm.aclose()
        jobs.stop()
        for task in (watching, working, serving_mcp):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
