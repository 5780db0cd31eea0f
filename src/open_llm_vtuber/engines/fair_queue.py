"""Who is next at an engine: short sound or text before long, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class FairQueue:
    """Hands out so many places at once.

    Who comes with a second of work goes before who came up to a second earlier with two: like
    that a short utterance waits for one segment of a long one, and a long one gets on.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()
        self._taken = 0

    @property
    def busy(self) -> bool:
        """Whether somebody has a place."""
        return self._taken > 0

    @property
    def taken(self) -> int:
        """How many have a place or wait for one."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return sum(not granted.done() for _, _, granted in self._waiting)

    @property
    def full(self) -> bool:
        """Whether who comes has to wait."""
        return not self._free

    @asynccontextmanager
    async def place(self, work_s: float) -> AsyncIterator[None]:
        """Wait for a place; `work_s` is how many seconds of sound are asked for up to the end."""
        await self.enter(work_s)
        try:
            yield
        finally:
            self.leave()

    def close(self, error: Exception) -> None:
        """Tell everybody who waits that there will be no place."""
        waiting, self._waiting = self._waiting, []
        for _, _, granted in waiting:
            if not granted.done():
                granted.set_exception(error)

    async def enter(self, work_s: float) -> None:
        """Wait for a place, to be left with `leave`; see `place`."""
        if self._free:
            self._free -= 1
            self._taken += 1
            return
        loop = asyncio.get_running_loop()
        granted: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._waiting, (loop.time() + work_s, next(self._order), granted))
        self._taken += 1
        try:
            await granted
        except BaseException:
            if granted.done() and not granted.cancelled() and granted.exception() is None:
                self.leave()  # it was given to us in the same moment
            else:
                self._taken -= 1
            raise

    def leave(self) -> None:
        """Give the place to who is next."""
        self._taken -= 1
        while self._waiting:
            granted = heapq.heappop(self._waiting)[2]
            if not granted.done():
                granted.set_result(None)
                return
        self._free += 1
