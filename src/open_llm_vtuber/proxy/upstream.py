"""The one connection to the server that all clients of the proxy share; it comes back by itself."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable

from loguru import logger
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from ..bounded_queue import BoundedQueue
from ..config import Limits
from ..masking import without_credentials
from ..protocol.frames import kind_of

FIRST_RETRY_S = 0.25
LAST_RETRY_S = 15.0
HEARTBEAT_S = 30.0
HEARTBEAT = '{"type":"heartbeat"}'
Reached = Callable[[], None]
"""Is called when the server has come to a place in what was sent."""


class Upstream:
    """Lives from `run` being started until it is cancelled, through any number of disconnects."""

    def __init__(
        self,
        url: str,
        limits: Limits,
        received: Callable[[str], None],
        changed: Callable[[bool], None],
    ) -> None:
        self._url = url
        self._limits = limits
        self._received = received
        self._changed = changed
        self._is_up: bool | None = None
        self._outgoing: BoundedQueue[str | bytes] = BoundedQueue(
            limits.max_waiting_messages, limits.max_waiting_bytes
        )
        self._marks: deque[Reached | None] = deque()
        """What is done when the next heartbeats are acknowledged, in their order."""

    def send(
        self,
        frame: str | bytes,
        *,
        before: Reached | None = None,
        after: Reached | None = None,
    ) -> bool:
        """Send a frame in its order; False if too many or too much wait already.

        `before` is called when the server has answered everything that was sent before, `after`
        when it has answered this frame too, as far as it does so at once.
        """
        size = len(frame.encode() if isinstance(frame, str) else frame)
        if self._outgoing.refuses(size):
            return False
        if before:
            self._mark(before)
        self._outgoing.put(frame, size)
        if after:
            self._mark(after)
        return True

    def _mark(self, reached: Reached | None) -> None:
        """Send a heartbeat: its acknowledgement tells how far the server is."""
        self._outgoing.put(HEARTBEAT, 0)
        self._marks.append(reached)

    async def run(self) -> None:
        """Stay connected."""
        retry_s = FIRST_RETRY_S
        while True:
            try:
                # A long sentence of sound is megabytes.
                async with connect(
                    self._url,
                    max_size=self._limits.max_waiting_bytes,
                    compression=None,
                    proxy=None,
                ) as socket:
                    retry_s = FIRST_RETRY_S
                    await self._serve(socket)
            except InvalidStatus as error:
                logger.error("/proxy-ws: {} answered {}", self._named(), error.response.status_code)
            except (OSError, WebSocketException) as error:
                logger.warning("/proxy-ws: {}: {}", self._named(), type(error).__name__)
            self._set_up(False)
            # Spread out, so that a restarted server is not asked by everybody at once.
            await asyncio.sleep(retry_s * (0.75 + random.random() / 2))  # noqa: S311 - no secret
            retry_s = min(retry_s * 2, LAST_RETRY_S)

    async def _serve(self, socket: ClientConnection) -> None:
        """Pass frames both ways until the connection is lost."""
        self._outgoing.clear()  # meant for a conversation that is gone
        self._marks.clear()
        self._set_up(True)
        tasks = [
            asyncio.create_task(self._send_all(socket)),
            asyncio.create_task(self._beat()),
        ]
        try:
            async for frame in socket:
                if isinstance(frame, str):
                    self._hear(frame)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._set_up(False)

    def _set_up(self, up: bool) -> None:
        """Tell, if that is news, whether the server is there."""
        if up != self._is_up:
            self._is_up = up
            self._changed(up)

    def _hear(self, frame: str) -> None:
        if kind_of(frame) == "heartbeat-ack" and self._marks:
            reached = self._marks.popleft()
            if reached is not None:
                reached()
                return
        self._received(frame)

    async def _send_all(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(await self._outgoing.get())

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            self._mark(None)

    def _named(self) -> str:
        return without_credentials(self._url)[0].partition("?")[0]  # the token goes too
