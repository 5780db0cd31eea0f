"""The outbox of a WebSocket."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from ..config import Limits
from ..conversation.outbox import ClientGoneError, Outbox
from ..protocol.frames import Frame
from .flow import FLOW, FlowProtocol


class SocketWire:
    """Writes to one socket."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._flow = flow_of(socket)

    @property
    def free(self) -> bool:
        """Whether all that was written has left."""
        return self._flow.writable.is_set()

    async def drained(self) -> None:
        """Wait until what was written has left. Raises ClientGoneError."""
        if not await self._flow.drained():
            raise ClientGoneError

    async def write(self, frame: Frame) -> None:
        """Write a frame. Raises ClientGoneError."""
        try:
            if isinstance(frame, str):
                await self._socket.send_text(frame)
            else:
                await self._socket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError) as error:
            # RuntimeError is what Starlette and uvicorn raise on a socket that was closed here.
            raise ClientGoneError from error


def flow_of(socket: WebSocket) -> FlowProtocol:
    """Return what knows how far a client has taken what was written to it."""
    flow: FlowProtocol = socket.scope["extensions"][FLOW]
    return flow


def outbox_of(socket: WebSocket, limits: Limits, give_up: Callable[[], None]) -> Outbox:
    """Return what sends to `socket`; `give_up` is called when its client is too slow."""
    return Outbox(SocketWire(socket), limits, give_up)
