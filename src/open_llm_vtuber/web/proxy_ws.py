"""/proxy-ws: many clients share one conversation."""

from __future__ import annotations

import anyio
from fastapi import APIRouter, WebSocket
from loguru import logger

from ..conversation.outbox import ClientGoneError
from ..protocol.outgoing import Error
from ..proxy.room import Guest, ProxyHub
from .close_codes import TRY_AGAIN_LATER
from .oversize import TOO_LARGE
from .socket_outbox import outbox_of

router = APIRouter()


@router.websocket("/proxy-ws")
async def proxy_ws(socket: WebSocket) -> None:
    """Serve one of the clients until it leaves."""
    await socket.accept()
    room: ProxyHub = socket.app.state.proxy
    scope = anyio.CancelScope()
    guest = Guest(outbox_of(socket, room.limits, scope.cancel))
    if not room.enter(guest):
        await socket.close(TRY_AGAIN_LATER, "too many connections (limits.max_connections)")
        return
    try:
        with scope:
            while True:
                event = await socket.receive()
                if event["type"] == "websocket.disconnect":
                    break
                if (refusal := event.get(TOO_LARGE)) is not None:
                    guest.outbox.post(Error.of(refusal))
                    continue
                room.receive(guest, event.get("text") or event.get("bytes") or "")
    except ClientGoneError:
        logger.debug("/proxy-ws: the client has gone")
    finally:
        with anyio.CancelScope(shield=True):
            await room.leave(guest)
    if scope.cancelled_caught:
        with anyio.move_on_after(1):
            await socket.close(TRY_AGAIN_LATER, "too slow (limits.max_waiting_messages)")
