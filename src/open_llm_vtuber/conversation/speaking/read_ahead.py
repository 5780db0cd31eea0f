"""A generator is read to its end, however slowly what it yields is taken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Generic, TypeVar

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """Iterates over what `source` yields; a task of its own reads it, from now on.

    What is waiting is not bounded: how much `source` yields is for itself to bound. What it raises
    is raised after all it yielded before.
    """

    def __init__(self, source: AsyncGenerator[T, None]) -> None:
        self._source = source
        self._waiting: deque[T] = deque()
        self._ended = False
        self._news = asyncio.Event()
        self.task = asyncio.create_task(self._read())
        """What reads; cancelling it stops the source."""

    def __aiter__(self) -> ReadAhead[T]:
        return self

    async def __anext__(self) -> T:
        while not self._waiting:
            if self._ended:
                await self.task
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()

    async def _read(self) -> None:
        try:
            async with aclosing(self._source) as source:
                async for one in source:
                    self._waiting.append(one)
                    self._news.set()
        finally:
            self._ended = True
            self._news.set()
