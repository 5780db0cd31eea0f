"""One connection of a client to /client-ws."""

from __future__ import annotations

import anyio
from fastapi import WebSocket
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from .peers import neighbourhood, peer_of
from .socket_outbox import SocketWire, flow_of

CLOSE_S = 1.0
"""How long a client that is given up may take to be told."""


class ClientLine(SocketWire):
    """Reads one message after another until the client goes, or another connection takes over."""

    def __init__(self, socket: WebSocket) -> None:
        super().__init__(socket)
        self._socket = socket
        self._receiving: anyio.CancelScope | None = None
        self.is_cut = False
        """Whether nothing more is read from it."""

    @property
    def address(self) -> str:
        """Whence it came, as far as addresses of one neighbourhood are told apart."""
        return neighbourhood(peer_of(self._socket.scope))

    @property
    def said_goodbye(self) -> bool:
        """Whether the client has left, rather than been lost."""
        return flow_of(self._socket).said_goodbye

    async def receive(self) -> Message | None:
        """Return the next message; None when the client has gone, or nothing more is read."""
        if self.is_cut:
            return None
        event: Message | None = None
        with anyio.CancelScope() as self._receiving:
            event = await self._socket.receive()
        self._receiving = None
        if event and event["type"] == "websocket.disconnect":
            self.is_cut = True
        return None if self.is_cut else event

    def abort(self) -> None:
        """Cut the connection itself: what waits is lost."""
        self.is_cut = True
        flow_of(self._socket).abort()

    def cut(self) -> None:
        """Read nothing more. A client that takes nothing either is let go of at once."""
        self.is_cut = True
        if self._receiving:
            self._receiving.cancel()
        if not self.free:
            flow_of(self._socket).abort()

    async def close(self, code: int, reason: str) -> None:
        """Tell the client why the connection ends, if it takes that in time."""
        with anyio.move_on_after(CLOSE_S) as closing:
            try:
                await self._socket.close(code, reason)
            except (RuntimeError, WebSocketDisconnect):
                return  # it has gone already
        if closing.cancelled_caught:
            flow_of(self._socket).abort()
