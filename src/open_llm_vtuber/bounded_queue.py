"""A queue whose bounds are how many wait in it and how much they take; who puts in never waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Generic, Literal, TypeVar

T = TypeVar("T")


class BoundedQueue(Generic[T]):
    """First in, first out, with one consumer. Belongs to one event loop."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self._items: deque[tuple[T, int]] = deque()
        self._filled = asyncio.Event()
        self.size_bytes = 0
        """Of all that waits."""

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return (item for item, _ in self._items)

    def refuses(self, size_bytes: int) -> Literal["", "number", "size"]:
        """Return which bound one more of this size would break, "" for none.

        One that is larger than the bound may wait, if nothing else of any size does.
        """
        if len(self._items) >= self.most:
            return "number"
        too_large = self.size_bytes and self.size_bytes + size_bytes > self.most_bytes
        return "size" if too_large else ""

    def put(self, item: T, size_bytes: int) -> None:
        """Let one wait, whatever the bounds are: the caller has asked, or it is one of its own."""
        self._items.append((item, size_bytes))
        self.size_bytes += size_bytes
        self._filled.set()

    async def get(self) -> T:
        """Wait for the next one and return it."""
        while not self._items:
            self._filled.clear()
            await self._filled.wait()
        item, size_bytes = self._items.popleft()
        self.size_bytes -= size_bytes
        return item

    def clear(self) -> None:
        """Drop all that wait."""
        self._items.clear()
        self.size_bytes = 0
