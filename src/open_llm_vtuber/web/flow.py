"""A WebSocket protocol that knows how far a client has taken what was written, and gives up one
that takes nothing.

uvicorn writes up to 64 KiB ahead, and where it closes a connection it waits without an end for the
rest to be taken. Here nothing is written ahead, the kernel keeps little that is not sent yet, and a
client that for `send_timeout_s` takes nothing of what waits is cut off, whatever uvicorn waits for.
"""

from __future__ import annotations

import socket
from asyncio.transports import BaseTransport
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from .http_protocol import ServerConfig
from .stalling import HIGH_BYTES, StallWatch

FLOW = "open_llm_vtuber.flow"
"""The key of the protocol among the extensions of a connection's ASGI scope."""

GOODBYES = frozenset({1000, 1001, 1005})
"""With these codes, or with none, a client closes that wants no more (RFC 6455, 7.4.1). With any
other it has met something that it could not read, or it comes back."""

UNSENT_BYTES = 64 * 2**10
"""What the kernel may hold that is not on its way yet: what is there nobody can take back."""


class FlowProtocol(WebSocketsSansIOProtocol):
    """uvicorn's sans-I/O implementation; `scope["extensions"][FLOW]` is the protocol itself."""

    config: ServerConfig

    def connection_made(self, transport: BaseTransport) -> None:
        """Have every byte that is not taken at once count as waiting."""
        super().connection_made(transport)
        self._stall = StallWatch(self.transport, self.config.limits.send_timeout_s)
        self.transport.set_write_buffer_limits(high=HIGH_BYTES)
        connection = self.transport.get_extra_info("socket")
        if connection is not None and hasattr(socket, "TCP_NOTSENT_LOWAT"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)

    async def run_asgi(self) -> None:
        """Hand the application the flow of its connection."""
        cast("dict[str, Any]", self.scope["extensions"])[FLOW] = self
        await super().run_asgi()

    async def drained(self) -> bool:
        """Wait until all that was written has left; return whether the client is there."""
        await self.writable.wait()
        return not self.disconnected

    @property
    def said_goodbye(self) -> bool:
        """Whether the client has closed the connection because it wants no more."""
        goodbye = self.conn.close_rcvd
        return goodbye is not None and goodbye.code in GOODBYES

    def abort(self) -> None:
        """Cut the connection; what waits is lost."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """Something waits to be taken."""
        super().pause_writing()
        self._stall.start()

    def resume_writing(self) -> None:
        """All was taken."""
        super().resume_writing()
        self._stall.stop()

    def shutdown(self) -> None:
        """End with the server; uvicorn fails at a client that has just said goodbye."""
        try:
            super().shutdown()
        except InvalidState:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is taken any more."""
        self._stall.stop()
        super().connection_lost(exc)
