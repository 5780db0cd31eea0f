"""What a client asks of the database and the disk: answered one after another, beside its sound."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from .turns import TooManyWaiting


@dataclass(frozen=True)
class _Waiting:
    work: Callable[[], Awaitable[None]]
    size_bytes: int
    changes: bool


class Requests:
    """Belongs to one connection. `start` runs what answers them, while any wait."""

    def __init__(
        self,
        limit: int,
        limit_bytes: int,
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._start = start
        self._waiting: list[_Waiting] = []
        self._changes = 0
        self._serving = False

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
        if len(self._waiting) >= self._limit:
            raise TooManyWaiting(
                f"{self._limit} requests are waiting to be answered already "
                "(system_config.limits.max_queued_requests); wait for the answers."
            )
        waiting_bytes = sum(one.size_bytes for one in self._waiting)
        if self._waiting and waiting_bytes + size_bytes > self._limit_bytes:
            raise TooManyWaiting(
                f"{waiting_bytes / 2**20:.0f} MiB are waiting to be handled already "
                "(system_config.limits.max_queued_turns_bytes); wait for the answers."
            )
        self._waiting.append(_Waiting(work, size_bytes, changes))
        self._changes += changes
        if not self._serving:
            self._serving = True
            self._start(self._serve())

    async def _serve(self) -> None:
        """Do what was added, in its order. What is raised by it ends this."""
        while self._waiting:
            one = self._waiting.pop(0)
            try:
                await one.work()
            finally:
                self._changes -= one.changes
        self._serving = False
