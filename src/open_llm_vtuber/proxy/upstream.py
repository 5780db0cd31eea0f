"""The one connection to the server that all clients of the proxy share; it comes back by itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from loguru import logger
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

FIRST_RETRY_S = 0.25
LAST_RETRY_S = 15.0
HEARTBEAT_S = 30.0
HEARTBEAT = '{"type":"heartbeat"}'


class Upstream:
    """Lives from `run` being started until it is cancelled, through any number of disconnects."""

    def __init__(
        self,
        url: str,
        max_waiting: int,
        received: Callable[[str], None],
        changed: Callable[[bool], None],
    ) -> None:
        self._url = url
        self._received = received
        self._changed = changed
        self._outgoing: asyncio.Queue[str | bytes] = asyncio.Queue(max_waiting)

    def send(self, frame: str | bytes) -> bool:
        """Send a frame in its order; False if too many wait already."""
        try:
            self._outgoing.put_nowait(frame)
        except asyncio.QueueFull:
            return False
        return True

    async def run(self) -> None:
        """Stay connected."""
        retry_s = FIRST_RETRY_S
        while True:
            try:
                # Messages of any size: a long sentence of sound is megabytes.
                async with connect(
                    self._url, max_size=None, compression=None, proxy=None
                ) as socket:
                    retry_s = FIRST_RETRY_S
                    await self._serve(socket)
            except InvalidStatus as error:
                logger.error("/proxy-ws: {} answered {}", self._named(), error.response.status_code)
            except (OSError, WebSocketException) as error:
                logger.warning("/proxy-ws: {}: {}", self._named(), type(error).__name__)
            # Spread out, so that a restarted server is not asked by everybody at once.
            await asyncio.sleep(retry_s * (0.75 + random.random() / 2))  # noqa: S311 - no secret
            retry_s = min(retry_s * 2, LAST_RETRY_S)

    async def _serve(self, socket: ClientConnection) -> None:
        """Pass frames both ways until the connection is lost."""
        while not self._outgoing.empty():  # meant for a conversation that is gone
            self._outgoing.get_nowait()
        self._changed(True)
        tasks = [
            asyncio.create_task(self._send_all(socket)),
            asyncio.create_task(self._beat(socket)),
        ]
        try:
            async for frame in socket:
                if isinstance(frame, str):
                    self._received(frame)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._changed(False)

    async def _send_all(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(await self._outgoing.get())

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            await socket.send(HEARTBEAT)

    def _named(self) -> str:
        return self._url.partition("?")[0]  # without the token
