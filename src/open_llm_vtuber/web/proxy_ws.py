"""/proxy-ws: many clients share one conversation."""

from __future__ import annotations

import anyio
from fastapi import APIRouter, WebSocket
from loguru import logger
from starlette.websockets import WebSocketDisconnect

from ..conversation.outbox import ConnectionClosed, Outbox
from ..protocol.outgoing import Error
from ..proxy.room import Guest, Room
from .oversize import TOO_LARGE

router = APIRouter()

TRY_AGAIN_LATER = 1013


@router.websocket("/proxy-ws")
async def proxy_ws(socket: WebSocket) -> None:
    """Serve one of the clients until it leaves."""
    await socket.accept()
    room: Room = socket.app.state.proxy

    async def transmit(frame: str) -> None:
        try:
            await socket.send_text(frame)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise ConnectionClosed from error

    scope = anyio.CancelScope()
    guest = Guest(Outbox(transmit, room.limits, scope.cancel))
    if not room.enter(guest):
        await socket.close(TRY_AGAIN_LATER, "too many connections (limits.max_connections)")
        return
    try:
        with scope:
            while True:
                event = await socket.receive()
                if event["type"] == "websocket.disconnect":
                    break
                if TOO_LARGE in event:
                    text = "This message is over limits.max_message_bytes and was not read."
                    guest.outbox.post(Error(message=text))
                    continue
                room.receive(guest, event.get("text") or event.get("bytes") or "")
    except ConnectionClosed:
        logger.debug("/proxy-ws: the client has gone")
    finally:
        with anyio.CancelScope(shield=True):
            await room.leave(guest)
    if scope.cancelled_caught:
        with anyio.move_on_after(1):
            await socket.close(TRY_AGAIN_LATER, "too slow (limits.max_waiting_messages)")
