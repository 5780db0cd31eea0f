"""A WebSocket protocol that drops a message over the limits and keeps the connection.

uvicorn closes the connection when a message is larger than `ws_max_size`. Here its bytes are
thrown away as they come in, without being kept, and the application is handed a `TooLarge` in its
place, so that it can tell the sender what was wrong and go on.

What came in one read is not worked off at once either: after a few frames, and after each message,
others have their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..faults import FaultError, fault, over
from .flow import FlowProtocol

TOO_LARGE = "open_llm_vtuber.too_large"
"""Set in a `websocket.receive` event instead of `text` and `bytes`: what was wrong and why."""

STEPS_A_TURN = 64
"""Heads and contents of frames read before others have their turn; each costs 10 to 20 us, and
what the application does with a message as much again for each of its BYTES_A_STEP."""
BYTES_A_STEP = 4096
MOST_REST_S = 0.05
"""For so long at most a client is not read that has used up its turn, beside others."""
SMALL_BYTES = 2**18
"""A message up to this size may always come in."""

_NO_HANDSHAKE = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 46\r\nconnection: close\r\n\r\nThis is not the request of a WebSocket client."
)

Step = tuple[bytes, int]
"""What is to be passed on, and the size of its message if that is over a limit, else 0."""


@dataclass
class FrameFilter:
    """Follows the frames of a client (RFC 6455, section 5.2) and empties those over the limit.

    `feed` takes bytes as they arrive and yields them cut at frame ends, each part with the size of
    the message if it is over a limit, else 0. It keeps at most one frame header.
    """

    limit: int
    """Of a message, in bytes."""
    most_frames: int = 2**31
    """Into which a message may be cut."""
    has_room: Callable[[], bool] = lambda: True
    """Whether what is coming in over all connections is within its limit; asked when a message is
    larger than SMALL_BYTES, which is counted already."""
    _header: bytearray = field(default_factory=bytearray)
    _left: int = 0
    """Bytes of the current frame's payload that have not come yet."""
    _message: int = 0
    """Payload of the current message in this and earlier frames."""
    _frames: int = 0
    """Of the current message, up to this one."""
    _dropping: bool = False
    _control: bool = False
    _final: bool = True
    _crowded: bool = False

    @property
    def coming_bytes(self) -> int:
        """How large the message is that is coming in, as far as is known; 0 for a small one."""
        complete = self._final and not self._left
        kept = not (complete or self.over())
        return self._message if kept and self._message > SMALL_BYTES else 0

    def feed(self, data: bytes) -> Iterator[Step]:
        """Yield what is to be passed on, b"" for what is not."""
        view = memoryview(data)
        while view:
            if self._left:
                taken, view = view[: self._left], view[self._left :]
                self._left -= len(taken)
                yield (b"", 0) if self._dropping else (bytes(taken), self.over())
                continue
            need = self._missing()
            self._header += view[:need]
            view = view[need:]
            if not self._missing():
                header = self._begin()
                yield header, self.over() if header else 0

    def _missing(self) -> int:
        """Return how many bytes the header at least lacks."""
        header = self._header
        if len(header) < 2:
            return 2 - len(header)
        extended = {126: 2, 127: 8}.get(header[1] & 0x7F, 0)
        return 2 + extended + (4 if header[1] & 0x80 else 0) - len(header)

    def _begin(self) -> bytes:
        """Take the complete header; return it, or that of an empty frame in its place.

        Of a message that is dropped only the first and the last frame are needed.
        """
        header, self._header = self._header, bytearray()
        size = header[1] & 0x7F
        if size == 126:
            size = int.from_bytes(header[2:4], "big")
        elif size == 127:
            size = int.from_bytes(header[2:10], "big")
        opcode = header[0] & 0x0F
        self._left = size
        self._control = opcode >= 8
        self._dropping = False
        if self._control:
            return bytes(header)
        self._final = bool(header[0] & 0x80)
        if opcode:
            self._message = self._frames = 0
            self._crowded = False
        self._message += size
        self._frames += 1
        if self.coming_bytes and not self.has_room():
            self._crowded = True
        if not self.over():
            return bytes(header)
        self._dropping = True
        if not opcode and not header[0] & 0x80:
            return b""
        return bytes([header[0], header[1] & 0x80]) + (b"\0" * 4 if header[1] & 0x80 else b"")

    def over(self) -> int:
        """Return the size of the message, at least 1, if it is over a limit, else 0."""
        if self._control:
            return 0
        fits = self._message <= self.limit and self._frames <= self.most_frames
        if fits and not self._crowded:
            return 0
        return max(self._message, 1)

    def refusal(self) -> FaultError:
        """Return what is wrong with the message that is over a limit."""
        if self._message > self.limit:
            return FaultError(
                f"The message of {self._message / 2**20:.0f} MiB is over the limit of "
                f"{self.limit / 2**20:.0f} MiB (system_config.limits.max_message_bytes) and was "
                "not read.",
                over("max_message_bytes", self.limit, "message-too-large"),
            )
        if self._crowded:
            return FaultError(
                "So much is coming in to this server that there was no room for this message "
                "(system_config.limits.max_incoming_bytes); send it again in a moment.",
                fault("limit-reached", "system_config.limits.max_incoming_bytes"),
            )
        return FaultError(
            f"The message came in more than {self.most_frames} frames "
            "(system_config.limits.max_message_frames) and was not read.",
            over("max_message_frames", self.most_frames, "message-too-large"),
        )


class OversizeProtocol(FlowProtocol):
    """uvicorn's sans-I/O implementation behind a FrameFilter.

    The next message is read when the application has taken the one before, so at most one waits.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = self.config.limits
        self._filter = FrameFilter(
            limits.max_message_bytes, limits.max_message_frames, self._has_room
        )
        self._arrived: list[bytes] = []
        self._steps: Iterator[Step] = iter(())
        self._step: Step | None = None
        """The next one of what has arrived, once somebody has looked."""
        self.read_paused = True  # as far as uvicorn knows: here it is paused only for what waits
        self._too_large = 0
        self._reads_on = False
        """Whether what has arrived is being worked off, now or at the next turn of the loop."""
        self._begun_at = 0.0
        self._budget = STEPS_A_TURN
        """What may still be worked off in this turn of the loop."""
        self._heard_at = 0.0
        self._pong = b""

    def data_received(self, data: bytes) -> None:
        """Take the request of the handshake, or what is read after it."""
        if not self.handshake_initiated:
            super().data_received(data)
            if not self.handshake_initiated:
                self._refuse_handshake()
            return
        self._heard_at = self.loop.time()
        self._arrived.append(data)
        if not self._reads_on:
            self._begin_turn()
        if self._reads_on or not self._may_read():
            self.transport.pause_reading()
        else:
            self._read()

    def _refuse_handshake(self) -> None:
        """Answer a request that is HTTP but no handshake, as one with a body.

        The whole of its head is here; the library waits for the client to end the connection.
        """
        self.handshake_complete = self.close_sent = True
        self.transport.write(_NO_HANDSHAKE)
        self.transport.close()

    def _has_room(self) -> bool:
        """Whether what is coming in over all connections is within its limit."""
        others = (one for one in self.connections if isinstance(one, OversizeProtocol))
        coming = sum(one._filter.coming_bytes for one in others)
        return coming <= self.config.limits.max_incoming_bytes

    def _may_read(self) -> bool:
        """Whether the application has accepted the socket, and taken the message before."""
        return self.handshake_complete and (self.close_sent or self.queue.empty())

    def _read(self) -> None:
        """Work off a part of what has arrived, within what is left for this turn of the loop."""
        while self._budget > 0:
            if self.transport.is_closing():
                self._arrived.clear()
                return
            step = self._next_step()
            if step is None:
                self.transport.resume_reading()
                return
            if not self._may_read():
                break  # until the application asks for more
            self._step = None
            part, self._too_large = step
            self._budget -= 1 + len(part) // BYTES_A_STEP
            if part:
                super().data_received(part)
        else:
            self._read_on()
        self.transport.pause_reading()

    def _next_step(self) -> Step | None:
        """Return the next step of what has arrived; it stays the next one until it is taken."""
        while self._step is None:
            self._step = next(self._steps, None)
            if self._step is None:
                if not self._arrived:
                    break
                self._steps = self._filter.feed(self._arrived.pop(0))
        return self._step

    def _read_on(self) -> None:
        if not self._reads_on:
            self._reads_on = True
            if len(self.connections) > 1:  # others get as much of the loop
                rest_s = min(self.loop.time() - self._begun_at, MOST_REST_S)
                self.loop.call_later(rest_s, self._read_anew)
            else:
                self.loop.call_soon(self._read_anew)

    def _read_anew(self) -> None:
        self._reads_on = False
        self._begin_turn()
        self._read()

    def _begin_turn(self) -> None:
        self._budget, self._begun_at = STEPS_A_TURN, self.loop.time()

    async def receive(self) -> Any:
        """Return what came; the next message is read, at once while there is time in this turn."""
        message = await self.queue.get()
        if (self._step or self._arrived) and not self._reads_on:
            self._read()
        return message

    async def send(self, message: Any) -> None:
        """Send what the application says; go on reading after an answer to the handshake."""
        await super().send(message)
        if message["type"] in ("websocket.accept", "websocket.close"):
            self._read_on()
        elif message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True  # refused; uvicorn would log that it was not completed

    def send_receive_event_to_app(self) -> None:
        """Hand the application a message, or word of one that was dropped."""
        if not self._too_large:
            super().send_receive_event_to_app()
            return
        self.frames = []
        if not self.close_sent:
            event: Any = {"type": "websocket.receive", TOO_LARGE: self._filter.refusal()}
            self.queue.put_nowait(event)

    def handle_ping(self) -> None:
        """Answer a ping; while the client takes nothing, only the newest (RFC 6455, 5.5.3)."""
        pong = b"".join(self.conn.data_to_send())
        if self.writable.is_set():
            self.transport.write(pong)
        else:
            self._pong = pong

    def resume_writing(self) -> None:
        """Go on writing, first with the pong that waits."""
        super().resume_writing()
        pong, self._pong = self._pong, b""
        if pong and not self.transport.is_closing():
            self.transport.write(pong)

    def keepalive_timeout(self) -> None:
        """Close the connection of a client that is not heard any more; one that is just waits."""
        unread = self._step or self._arrived or not self._may_read()
        if (unread or self._heard_at > self.ping_sent_at) and self.ping_timeout is not None:
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)
        else:
            super().keepalive_timeout()
