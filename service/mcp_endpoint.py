"""The MCP server's place in the service. It is made when it is first asked for: it takes half a second."""

import asyncio
from collections.abc import Sequence

from starlette.datastructures import State
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"


class McpEndpoint:
    """An ASGI application that waits for the first request, and hands all of them to the MCP server."""

    def __init__(self, state: State, hosts: Sequence[str], origins: Sequence[str]) -> None:
        """state, hosts, origins: as `service.mcp` takes them."""
        self._state = state
        self._hosts = hosts
        self._origins = origins
        self._wanted = asyncio.Event()
        self._made: asyncio.Future[ASGIApp]

    def route(self) -> Route:
        """The endpoint at its path."""
        return Route(PATH, self)

    async def serve(self) -> None:
        """Make the server once it is wanted, and run it until cancelled."""
        self._made = asyncio.get_running_loop().create_future()
        await self._wanted.wait()
        try:
            from service import mcp

            server = mcp.mcp_server(self._state)
            router = Router(mcp.routes(server, PATH, self._hosts, self._origins))
            async with server.session_manager.run():
                self._made.set_result(router)
                await asyncio.Event().wait()
        except Exception as exc:
            if self._made.done():
                raise
            self._made.set_exception(exc)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._wanted.set()
        # Whoever goes meanwhile must not cancel it for the others.
        app = await asyncio.shield(self._made)
        await app(scope, receive, send)
