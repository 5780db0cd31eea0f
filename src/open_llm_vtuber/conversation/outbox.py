"""What waits to be sent to one client, in order; a client that cannot keep up stops nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ..config import Limits
from ..protocol.outgoing import Outgoing


class ConnectionClosed(Exception):  # noqa: N818 - an end, not an error
    """The client has gone."""


class Outbox:
    """Belongs to one connection.

    `send` is for its own turn and waits when the client is slow. `post` is for what others say to
    it and never waits: a client that leaves too much lying, by number or by size, is given up.
    """

    def __init__(
        self,
        transmit: Callable[[str], Awaitable[None]],
        limits: Limits,
        give_up: Callable[[], None],
    ) -> None:
        self._transmit = transmit
        self._give_up = give_up
        self._frames: asyncio.Queue[str] = asyncio.Queue(limits.max_waiting_messages)
        self._max_chars = limits.max_waiting_bytes
        self._chars = 0
        self._sending = asyncio.Lock()
        self._drainer: asyncio.Task[None] | None = None
        self._closed = False

    async def send(self, message: Outgoing | str) -> None:
        """Send a message, or one that is a text frame already. Raises ConnectionClosed."""
        if self._closed:
            raise ConnectionClosed
        frame = message if isinstance(message, str) else message.frame()
        if self._drainer is None and not self._sending.locked():
            await self._hand_over(frame)
        else:
            await self._frames.put(frame)
            self._chars += len(frame)
            self._drain()

    def post(self, message: Outgoing | str) -> None:
        """Send a message after those that wait."""
        if self._closed:
            return
        frame = message if isinstance(message, str) else message.frame()
        if self._frames.full() or (self._chars and self._chars + len(frame) > self._max_chars):
            self._close()
            self._give_up()
            return
        self._frames.put_nowait(frame)
        self._chars += len(frame)
        self._drain()

    async def close(self) -> None:
        """Drop what waits."""
        self._close()
        if self._drainer:
            self._drainer.cancel()
            await asyncio.wait([self._drainer])

    def _close(self) -> None:
        self._closed = True
        while not self._frames.empty():
            self._frames.get_nowait()

    def _drain(self) -> None:
        if self._drainer is None:
            self._drainer = asyncio.create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        try:
            while not self._frames.empty():
                frame = self._frames.get_nowait()
                await self._hand_over(frame)
                self._chars -= len(frame)
        except ConnectionClosed:
            self._close()
        finally:
            self._drainer = None

    async def _hand_over(self, frame: str) -> None:
        async with self._sending:
            await self._transmit(frame)
