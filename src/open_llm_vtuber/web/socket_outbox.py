"""The outbox of a WebSocket."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from ..config import Limits
from ..conversation.outbox import ConnectionClosed, Outbox


def outbox_of(socket: WebSocket, limits: Limits, give_up: Callable[[], None]) -> Outbox:
    """Return what sends to `socket`; `give_up` is called when its client is too slow."""

    async def transmit(frame: str) -> None:
        try:
            await socket.send_text(frame)
        except (WebSocketDisconnect, RuntimeError) as error:
            # RuntimeError is what Starlette and uvicorn raise on a socket that was closed here.
            raise ConnectionClosed from error

    return Outbox(transmit, limits, give_up)
