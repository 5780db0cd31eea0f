"""A WebSocket protocol that drops a message over the limit and keeps the connection.

uvicorn closes the connection when a message is larger than `ws_max_size`. Here its bytes are
thrown away as they come in, without being kept, and the application is handed a `TooLarge` in its
place, so that it can tell the sender what was wrong and go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .flow import FlowProtocol

TOO_LARGE = "open_llm_vtuber.too_large"
"""Set in a `websocket.receive` event instead of `text` and `bytes`: the message's size so far."""


@dataclass
class FrameFilter:
    """Follows the frames of a client (RFC 6455, section 5.2) and empties those over the limit.

    `feed` takes bytes as they arrive and returns them cut at frame ends, each part with the size
    of the message if it is over the limit, else 0. It keeps at most one frame header.
    """

    limit: int
    _header: bytearray = field(default_factory=bytearray)
    _left: int = 0
    """Bytes of the current frame's payload that have not come yet."""
    _message: int = 0
    """Payload of the current message in this and earlier frames."""
    _dropping: bool = False
    _control: bool = False
    _final: bool = True

    def feed(self, data: bytes) -> list[tuple[bytes, int]]:
        """Return what is to be passed on."""
        parts: list[tuple[bytes, int]] = []
        view = memoryview(data)
        while view:
            if self._left:
                taken, view = view[: self._left], view[self._left :]
                self._left -= len(taken)
                if not self._dropping:
                    parts.append((bytes(taken), self._over()))
                continue
            need = self._missing()
            self._header += view[:need]
            view = view[need:]
            if not self._missing():
                parts.append((self._begin(), self._over()))
        return parts

    def _missing(self) -> int:
        """Return how many bytes the header at least lacks."""
        header = self._header
        if len(header) < 2:
            return 2 - len(header)
        extended = {126: 2, 127: 8}.get(header[1] & 0x7F, 0)
        return 2 + extended + (4 if header[1] & 0x80 else 0) - len(header)

    def _begin(self) -> bytes:
        """Take the complete header; return it, or that of an empty frame in its place."""
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
        self._message = size if opcode else self._message + size
        if self._message <= self.limit:
            return bytes(header)
        self._dropping = True
        return bytes([header[0], header[1] & 0x80]) + (b"\0" * 4 if header[1] & 0x80 else b"")

    def _over(self) -> int:
        return self._message if not self._control and self._message > self.limit else 0


class OversizeProtocol(FlowProtocol):
    """uvicorn's sans-I/O implementation behind a FrameFilter; `ws_max_size` is its limit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._filter = FrameFilter(self.config.ws_max_size)
        self._too_large = 0

    def data_received(self, data: bytes) -> None:
        """Pass on what the filter leaves; the handshake goes through as it is."""
        if not self.handshake_complete:
            super().data_received(data)
            return
        for part, too_large in self._filter.feed(data):
            self._too_large = too_large
            super().data_received(part)
            if self.transport.is_closing():
                return

    def send_receive_event_to_app(self) -> None:
        """Hand the application a message, or word of one that was dropped."""
        if not self._too_large:
            super().send_receive_event_to_app()
            return
        self.frames = []
        event: Any = {"type": "websocket.receive", TOO_LARGE: self._too_large}
        self.queue.put_nowait(event)
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()
