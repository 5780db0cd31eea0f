"""What a client asks of the database and the disk: answered one after another, beside its sound."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..bounded_queue import BoundedQueue
from .turns import TooManyWaiting


@dataclass(frozen=True)
class _Waiting:
    work: Callable[[], Awaitable[None]]
    changes: bool


class Requests:
    """Belongs to one connection."""

    def __init__(self, limit: int, limit_bytes: int) -> None:
        self._waiting: BoundedQueue[_Waiting] = BoundedQueue(limit, limit_bytes)
        self._changes = 0

    @property
    def changing(self) -> bool:
        """Whether one that is not done yet leads to another conversation or character."""
        return self._changes > 0

    def add(
        self, work: Callable[[], Awaitable[None]], *, size_bytes: int = 0, changes: bool = False
    ) -> None:
        """Have `work` done after what waits; `changes` says that it leads elsewhere.

        Raises TooManyWaiting.
        """
        bound = self._waiting.refuses(size_bytes)
        if bound == "number":
            raise TooManyWaiting(
                f"{len(self._waiting)} requests are waiting to be answered already "
                "(system_config.limits.max_queued_requests); wait for the answers."
            )
        if bound == "size":
            raise TooManyWaiting(
                f"{self._waiting.size_bytes / 2**20:.0f} MiB are waiting to be handled already "
                "(system_config.limits.max_queued_turns_bytes); wait for the answers."
            )
        self._waiting.put(_Waiting(work, changes), size_bytes)
        self._changes += changes

    async def serve(self) -> None:
        """Do what was added, in its order, for ever. What is raised by it ends this."""
        while True:
            one = await self._waiting.get()
            try:
                await one.work()
            finally:
                self._changes -= one.changes
