"""`needle serve`: answer over HTTP."""

import socket
from math import ceil
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import IndexMissing
from service.cli.console import complain, stderr
from service.cli.ingest import build_index, complain_of
from service.errors import PortUnavailable

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from service.live_index import LiveIndex
    from service.settings import Settings

_MAX_HEADER_BYTES = 32 * 1024  # of one request's line and headers together
_IDLE_SECONDS = 15  # between two requests on a connection
_MAX_CONNECTIONS = 500  # any more are answered 503; 1,024 files may usually be open
_SHUTDOWN_SECONDS = 30  # for requests that are being answered when told to stop, beside the model's time


def command(
    host: Annotated[str | None, typer.Option(help="Address to listen on [NEEDLE_HOST].")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on [NEEDLE_PORT]; 0 for any.")
    ] = None,
) -> None:
    """Answer over HTTP; write the index first if there is none."""
    from service.settings import load_settings
    from service.telemetry import logs

    settings = load_settings()
    settings.host = host if host is not None else settings.host
    settings.port = port if port is not None else settings.port
    with listen(settings.host, settings.port) as listener:
        logs.configure(settings)
        _serve(settings, listener)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`. Raises PortUnavailable."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as exc:
        reason = (exc.strerror or str(exc)).partition(" (")[0]
        raise PortUnavailable(
            f"cannot listen on {host} port {port} ({reason}); "
            "stop what listens there, or choose another with --port or --host"
        ) from exc


def _serve(settings: "Settings", listener: socket.socket) -> None:
    import uvicorn

    from service.app import create_app

    app = create_app(settings, _opened(settings))
    warn_if_exposed(settings)
    stderr().print(f"Needle answers at {_address(listener)} (Ctrl-C ends it)")
    uvicorn.Server(configured(app, settings)).run(sockets=[listener])


def configured(app: "FastAPI", settings: "Settings") -> "uvicorn.Config":
    """How uvicorn serves the application."""
    import uvicorn

    from service.connections import TimedConnection

    composing = ceil(settings.llm_timeout) if settings.llm_base_url else 0
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # `service.telemetry.request_log` has a line for each request
        lifespan="on",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS + composing,
        # On h11: the other parser that uvicorn knows reads headers of any length.
        http=TimedConnection,
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
        timeout_keep_alive=_IDLE_SECONDS,
        limit_concurrency=_MAX_CONNECTIONS,
    )


def warn_if_exposed(settings: "Settings") -> None:
    """Say so on standard error if other machines may ask without a key."""
    from service.access.loopback import is_loopback

    if not is_loopback(settings.host) and not settings.reading_keys():
        complain(
            f"warning: other machines reach {settings.host}, and whoever does may ask; "
            "set NEEDLE_API_KEYS, or listen on 127.0.0.1"
        )


def _opened(settings: "Settings") -> "LiveIndex":
    from service.index_places import place_of
    from service.live_index import LiveIndex

    live_index = LiveIndex(place_of(settings), settings.encoder)
    try:
        live_index.open()
    except IndexMissing:
        stderr().print(f"no index in {settings.index} yet; writing it from {settings.corpus}")
        complain_of(build_index(settings).failed)
        live_index.open()
    return live_index


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
