"""/watch-ws: looking on at the conversation of this server, for an overlay."""

from __future__ import annotations

import anyio
from fastapi import APIRouter, WebSocket

from ..conversation.outbox import Outbox
from ..protocol.frames import kind_of
from ..protocol.outgoing import HeartbeatAck
from ..server.server import Server
from .close_codes import FORBIDDEN, TRY_AGAIN_LATER
from .security import may_configure
from .socket_outbox import outbox_of

router = APIRouter()

STRANGER = "Looking on is for this computer, or for who has the access token in the address."
"""At most 123 bytes fit into the end of a connection."""


@router.websocket("/watch-ws")
async def watch_ws(socket: WebSocket) -> None:
    """Show one what goes on until it leaves."""
    server: Server = socket.app.state.server
    await socket.accept()
    if not may_configure(socket):
        await socket.close(FORBIDDEN, STRANGER)
        return
    scope = anyio.CancelScope()
    outbox: Outbox = outbox_of(socket, server.config.system_config.limits, scope.cancel)
    if not server.spectators.enter(outbox):
        await socket.close(TRY_AGAIN_LATER, "too many connections (limits.max_connections)")
        return
    try:
        with scope:
            while (event := await socket.receive())["type"] != "websocket.disconnect":
                # Who looks on has no say, but may ask whether the server is there.
                if kind_of(event.get("text") or "") == "heartbeat":
                    outbox.post(HeartbeatAck())
    finally:
        server.spectators.leave(outbox)
        with anyio.CancelScope(shield=True):
            await outbox.close()
    if scope.cancelled_caught:
        with anyio.move_on_after(1):
            await socket.close(TRY_AGAIN_LATER, "too slow (limits.max_waiting_messages)")
