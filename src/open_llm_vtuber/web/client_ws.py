"""/client-ws: one client, by one connection or, when that is lost, by several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, WebSocket
from loguru import logger

from ..conversation.going_on import Rights
from ..conversation.outbox import ClientGoneError
from ..server.server import Server
from .client_line import ClientLine
from .clients import (
    first_message,
    refuse_to_resume,
    resume_of,
    serve_new,
    serve_returned,
)
from .device_access import device_of
from .elsewhere import serve_elsewhere
from .security import may_configure

if TYPE_CHECKING:
    from ..cluster.cluster import Cluster

router = APIRouter()


@router.websocket("/client-ws")
async def client_ws(socket: WebSocket) -> None:
    """Serve one client until it leaves, or its connection is lost."""
    device = device_of(socket.scope)
    rights = Rights(
        configures=may_configure(socket),
        origin=socket.headers.get("origin"),
        device=device.id if device else "",
    )
    await socket.accept()
    try:
        await _serve_socket(socket, rights)
    except ClientGoneError:
        logger.debug("a client went before there was a session")


async def _serve_socket(socket: WebSocket, rights: Rights) -> None:
    server: Server = socket.app.state.server
    cluster: Cluster | None = socket.app.state.cluster
    line = ClientLine(socket)
    says_hello = socket.query_params.get("hello") == "1"
    if socket.query_params.get("resume") != "1":
        await serve_new(server, cluster, line, rights, says_hello=says_hello)
        return
    event = await first_message(line, server)
    if resume := resume_of(event):
        if await serve_returned(server, line, rights, resume):
            return
        if cluster and await serve_elsewhere(server, cluster, line, rights, resume):
            return
        await refuse_to_resume(line)
        event = None
    await serve_new(server, cluster, line, rights, says_hello=True, event=event)
