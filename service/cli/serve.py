"""`needle serve`: answer over HTTP."""

import logging
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import IndexMissing
from service.cli.console import stderr
from service.cli.ingest import build_index, complain_of
from service.errors import PortUnavailable

if TYPE_CHECKING:
    from service.live_index import LiveIndex
    from service.settings import Settings

_SHUTDOWN_SECONDS = 10  # for requests that are being answered when the service is told to stop


def command(
    host: Annotated[str | None, typer.Option(help="Address to listen on [NEEDLE_HOST].")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on [NEEDLE_PORT]; 0 for any.")
    ] = None,
) -> None:
    """Answer over HTTP; write the index first if there is none."""
    from service.settings import load_settings

    settings = load_settings()
    settings.host = host if host is not None else settings.host
    settings.port = port if port is not None else settings.port
    with listen(settings.host, settings.port) as listener:
        _log_from(settings.log_level)
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
    stderr().print(f"Needle answers at {_address(listener)} (Ctrl-C ends it)")
    config = uvicorn.Config(
        app,
        log_config=None,
        lifespan="on",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _opened(settings: "Settings") -> "LiveIndex":
    from service.live_index import LiveIndex

    live_index = LiveIndex(settings.index, settings.encoder)
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


def _log_from(level: str) -> None:
    """Log this project and each request from `level` on, everything else from warnings on."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("service", "ingest", "uvicorn.access"):
        logging.getLogger(name).setLevel(level.upper())
