"""uvicorn's HTTP protocol, with time-outs for a client and a budget for what it is read at once."""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from typing import Any, Literal

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..config import Limits
from .doorkeeper import Doorkeeper
from .stalling import HIGH_BYTES, StallWatch

STEP_BYTES = 16 * 2**10
"""What must come of a request's body within limits.body_timeout_s, and be taken of an answer within
limits.send_timeout_s, again and again."""

SLICE_BYTES = 2 * 2**10
"""What is read of a head or of a chunked body before others have their turn: a chunk costs 20 us,
however small it is. Other bodies are read as they come."""

TRANSPORT = "open_llm_vtuber.transport"
"""The key of a connection's transport in the `state` of its ASGI scopes."""

Waiting = Literal["idle", "head", "body", "rest"]
"""What the client owes: a next request, its head, its body, or the rest of what nobody wants."""


class ServerConfig(uvicorn.Config):
    """What uvicorn hands to each of its protocols, with our limits."""

    def __init__(self, app: Any, limits: Limits, **options: Any) -> None:
        super().__init__(app, http=HttpProtocol, **options)
        self.limits = limits
        self.doorkeeper = Doorkeeper(limits)


class HttpProtocol(H11Protocol):
    """One connection, until it is closed or becomes a WebSocket."""

    config: ServerConfig

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = self.config.limits
        self._door = self.config.doorkeeper
        self._arrived = bytearray()
        self._reads_on = False
        self._waiting: Waiting | None = None
        self._deadline: TimerHandle | None = None
        self._since_deadline = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, not for ever."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}
        self._stall = StallWatch(transport, self._limits.send_timeout_s, STEP_BYTES)
        transport.set_write_buffer_limits(high=HIGH_BYTES)  # TLS may have something to send by now
        self._follow()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._end()
        super().connection_lost(exc)

    def _end(self) -> None:
        self._await(None)
        self._stall.stop()
        self._arrived.clear()
        self._door.forget(self.transport)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over."""
        self._end()
        self.transport.resume_reading()
        super().handle_websocket_upgrade(event)

    # Reading

    def data_received(self, data: bytes) -> None:
        """Read what has come, a part of it if it could be long work."""
        self._arrived += data
        self._since_deadline += len(data)
        if self._reads_on:
            self.transport.pause_reading()
        else:
            self._read()

    def _read(self) -> None:
        self._reads_on = False
        size = SLICE_BYTES if self._is_intricate() else len(self._arrived)
        part = bytes(self._arrived[:size])
        del self._arrived[:size]
        super().data_received(part)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        self._follow()
        if self._arrived:
            self._reads_on = True
            self.transport.pause_reading()
            self.loop.call_soon(self._read_unless_lost)
        elif not self.flow.read_paused:
            self.transport.resume_reading()

    def _read_unless_lost(self) -> None:
        if self._arrived and not self.transport.is_closing():
            self._read()

    def _is_intricate(self) -> bool:
        """Whether the next bytes can hold many small parts."""
        if self.conn.their_state is not h11.SEND_BODY:
            return True
        return any(name == b"transfer-encoding" for name, _ in self.headers)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; where an answer has begun or was given, only close.

        A request that is being worked on ends as if its client had gone: it has been answered.
        """
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    # Waiting

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._follow()

    def _follow(self) -> None:
        """Find out what is owed now."""
        answered = self.cycle is None or self.cycle.response_complete
        if answered and self.conn.their_state is h11.IDLE:
            self._door.wait(self.transport, self.connections)
            begun = self.cycle is None or self.conn.trailing_data[0]
            self._await("head" if begun else "idle")
            return
        if answered:  # it needs nothing of us any more: it may make room as well
            self._door.wait(self.transport, self.connections)
            self._await("rest")
        else:
            self._door.forget(self.transport)
            self._await("body" if self.conn.their_state is h11.SEND_BODY else None)

    def _await(self, what: Waiting | None) -> None:
        """Let a deadline begin, or go on if it was for the same."""
        progress = what == "body" and self._since_deadline >= STEP_BYTES
        if what == self._waiting and not progress:
            return
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._waiting = what
        self._since_deadline = 0
        if what is not None:
            limits = self._limits
            delays: dict[Waiting, float] = {
                "idle": limits.idle_timeout_s,
                "head": limits.header_timeout_s,
                "body": limits.body_timeout_s,
                "rest": limits.idle_timeout_s,
            }
            self._deadline = self.loop.call_later(delays[what], self._expire)

    def _expire(self) -> None:
        waiting, self._waiting, self._deadline = self._waiting, None, None
        if waiting == "body" and (self.flow.read_paused or self._reads_on):
            self._await(waiting)  # it is we who have not read
        else:
            self.transport.close()

    # Writing

    def pause_writing(self) -> None:
        """Something waits to be taken."""
        super().pause_writing()
        self._stall.start()

    def resume_writing(self) -> None:
        """All was taken."""
        super().resume_writing()
        self._stall.stop()
