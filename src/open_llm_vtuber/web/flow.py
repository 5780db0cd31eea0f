"""A WebSocket protocol that knows how far a client has taken what was written, and gives up one
that takes nothing.

uvicorn writes up to 64 KiB ahead, and where it closes a connection it waits without an end for the
rest to be taken. Here nothing is written ahead, the kernel keeps little that is not sent yet, and a
client that for `send_timeout_s` takes nothing of what waits is cut off, whatever uvicorn waits for.
"""

from __future__ import annotations

import socket
from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from typing import Any, ClassVar, cast

from loguru import logger
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

FLOW = "open_llm_vtuber.flow"
"""The key of the protocol among the extensions of a connection's ASGI scope."""

UNSENT_BYTES = 64 * 2**10
"""What the kernel may hold that is not on its way yet: what is there nobody can take back."""


class FlowProtocol(WebSocketsSansIOProtocol):
    """uvicorn's sans-I/O implementation; `scope["extensions"][FLOW]` is the protocol itself."""

    send_timeout_s: ClassVar[float] = 30.0
    """How long a client may take nothing of what waits for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._left = 0
        self._watch: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Have every byte that is not taken at once count as waiting."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=0)
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

    def abort(self) -> None:
        """Cut the connection; what waits is lost."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """Something waits to be taken."""
        super().pause_writing()
        self._look_again()

    def resume_writing(self) -> None:
        """All was taken."""
        super().resume_writing()
        self._stop_watching()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is taken any more."""
        self._stop_watching()
        super().connection_lost(exc)

    def _look_again(self) -> None:
        self._left = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(self.send_timeout_s, self._look)

    def _look(self) -> None:
        if self.transport.get_write_buffer_size() < self._left:
            self._look_again()
            return
        self._watch = None
        logger.warning(
            "given up: a client took nothing for {:g} s (limits.send_timeout_s)",
            self.send_timeout_s,
        )
        self.abort()

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
