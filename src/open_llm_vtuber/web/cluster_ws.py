"""/cluster-ws: where other processes hand a client on; nobody else comes in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import anyio
from loguru import logger
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from ..cluster.arrival import PATH, READY, Arrival
from ..cluster.seal import SEAL, is_sealed
from ..conversation.going_on import Rights
from ..conversation.outbox import ClientGoneError
from ..server.server import Server
from .client_line import ClientLine
from .clients import first_message, found, resume_of, serve_returned

if TYPE_CHECKING:
    from ..cluster.cluster import Cluster

ARRIVES_S = 5.0
"""How long a process may take to say who comes."""


class ClusterDoor:
    """ASGI middleware before all that asks for tokens: here a seal is asked for."""

    def __init__(self, app: ASGIApp, cluster: Cluster) -> None:
        self._app = app
        self._cluster = cluster

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve other processes, pass on all else."""
        if scope["type"] != "websocket" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        seal = Headers(scope=scope).get(SEAL, "")
        cluster = self._cluster
        if not is_sealed(seal, cluster.secret, cluster.process, time.time()):
            await receive()
            await PlainTextResponse("This is not for you.", 404)(scope, receive, send)
            return
        await _serve(WebSocket(scope, receive, send))


async def _serve(socket: WebSocket) -> None:
    await socket.accept()
    line = ClientLine(socket)
    try:
        event = None
        with anyio.move_on_after(ARRIVES_S):
            event = await line.receive()
        arrival = Arrival.model_validate_json((event or {}).get("text") or "")
        await _client(socket, line, arrival.rights)
    except ValidationError:
        logger.warning("another process says what this one does not know: is it another version?")
    except ClientGoneError:
        logger.debug("a client of another process went before there was a session")


async def _client(socket: WebSocket, line: ClientLine, rights: Rights) -> None:
    server: Server = socket.app.state.server
    resume = resume_of(await first_message(line, server))
    if resume and found(server, rights, resume):
        await line.write(READY)
        await serve_returned(server, line, rights, resume)
