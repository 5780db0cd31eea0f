"""A connection to another process over which one client is handed on."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from loguru import logger
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from ..config import Limits
from ..conversation.outbox import ClientGoneError, Wire
from ..protocol.frames import Frame
from .arrival import PATH, READY, Arrival
from .seal import SEAL, sealed

DIAL_S = 1.0
"""How long a process may take to answer; one that is dead on another computer answers nothing."""
READY_S = 10.0
"""How long it may take to open a session."""
ENDED, LOST = 1000, 4000
"""With these codes it is told that a client said goodbye, or was lost."""
MOST_READ = 2
"""Frames that are read ahead."""


class Place(Protocol):
    """Where a client is connected."""

    async def close(self, code: int, reason: str) -> None:
        """Tell the client why the connection ends."""

    def abort(self) -> None:
        """Cut the connection: a client that can comes back."""


class Link:
    """Passes the frames of one client on, both ways."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, frame: Frame) -> None:
        """Pass on what the client says. Raises ClientGoneError."""
        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise ClientGoneError from error

    async def ready(self) -> bool:
        """Wait for a session that was handed over; return whether it goes on there."""
        try:
            return await asyncio.wait_for(self._socket.recv(), READY_S) == READY
        except (ConnectionClosed, asyncio.TimeoutError):
            return False

    async def deliver(self, wire: Wire, place: Place) -> None:
        """Pass on what the client is sent until the other process ends that.

        The client is told why, or cut off where the process was lost.
        """
        try:
            while True:
                await wire.write(await self._socket.recv())
                await wire.drained()
        except ClientGoneError:
            return
        except ConnectionClosed as closed:
            if closed.rcvd:
                await place.close(closed.rcvd.code, closed.rcvd.reason)
            else:
                place.abort()

    async def close(self, *, said_goodbye: bool) -> None:
        """The client has gone."""
        await self._socket.close(ENDED if said_goodbye else LOST)


class Dialer:
    """Reaches other processes."""

    def __init__(self, secret: str, limits: Limits) -> None:
        self._secret = secret
        self._limits = limits

    async def dial(self, process: str, url: str, arrival: Arrival) -> Link | None:
        """Connect to a process and say who comes; None where it does not live."""
        address = url.rstrip("/").replace("http", "ws", 1) + PATH
        try:
            socket = await connect(
                address,
                additional_headers={SEAL: sealed(self._secret, process, time.time())},
                open_timeout=DIAL_S,
                close_timeout=DIAL_S,
                max_size=self._limits.max_waiting_bytes,
                max_queue=MOST_READ,
                compression=None,
                proxy=None,
            )
            await socket.send(arrival.model_dump_json())
        except (OSError, WebSocketException, asyncio.TimeoutError) as error:
            logger.info("another process is not reached: {}", type(error).__name__)
            return None
        return Link(socket)
