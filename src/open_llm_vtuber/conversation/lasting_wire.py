"""The wire of one client over one connection after another: what waits goes on with the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..protocol.frames import Frame
from .outbox import ClientGoneError, Wire


class LastingWire:
    """While there is no connection nothing is free, and who waits for that waits for the next."""

    def __init__(
        self, wire: Wire, lost: Callable[[Wire], bool], shown: Callable[[Frame], None]
    ) -> None:
        """`lost` is told that a connection is gone, and returns whether another one may follow.

        `shown` is told what was written, once, whatever the client has of it.
        """
        self._wire: Wire | None = wire
        self._lost = lost
        self._shown = shown
        self._over = False
        self._changed = asyncio.Event()

    @property
    def free(self) -> bool:
        """Whether all that was written has left."""
        return self._wire is not None and self._wire.free

    async def drained(self) -> None:
        """Wait until what was written has left, by whatever connection. Raises ClientGoneError."""
        while True:
            wire = await self._there()
            try:
                await wire.drained()
            except ClientGoneError:
                self._lose(wire)
            else:
                if wire is self._wire:
                    return

    async def write(self, frame: Frame) -> None:
        """Write a frame, once; sending it again is up to who keeps it. Raises ClientGoneError."""
        wire = self._wire
        if wire is None and self._over:
            raise ClientGoneError
        try:
            if wire is not None:
                await wire.write(frame)
        except ClientGoneError:
            self._lose(wire)
        self._shown(frame)

    def leave(self) -> None:
        """There is no connection for now."""
        self._wire = None
        self._changed.clear()

    def enter(self, wire: Wire) -> None:
        """Go on with a connection, to which all was written that had been written before."""
        self._wire = wire
        self._changed.set()

    def end(self) -> None:
        """There will be no other connection."""
        self._over = True
        self._wire = None
        self._changed.set()

    async def _there(self) -> Wire:
        while self._wire is None:
            if self._over:
                raise ClientGoneError
            await self._changed.wait()
        return self._wire

    def _lose(self, wire: Wire | None) -> None:
        """Raises ClientGoneError where no other connection will follow."""
        if wire is not None and not self._lost(wire):
            raise ClientGoneError
