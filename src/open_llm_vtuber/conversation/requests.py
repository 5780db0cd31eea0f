"""What a client asks of the database and the disk: answered one after another, beside its sound."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..bounded_queue import BoundedQueue
from ..faults import over
from .outbox import ClientGoneError
from .turn_limits import TooManyWaitingError


@dataclass(frozen=True)
class _Waiting:
    work: Callable[[], Awaitable[object]]
    changes: bool
    lasting: bool


class Requests:
    """Belongs to one client. `start` runs the task that answers them, while any wait."""

    def __init__(
        self,
        limit: int,
        limit_bytes: int,
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._waiting: BoundedQueue[_Waiting] = BoundedQueue(limit, limit_bytes)
        self._start = start
        self._serving = False
        self._changes = 0
        self._answering: _Waiting | None = None

    @property
    def changing(self) -> bool:
        """Whether one that is not done yet leads to another conversation or character."""
        return self._changes > 0

    def add(
        self,
        work: Callable[[], Awaitable[object]],
        *,
        size_bytes: int = 0,
        changes: bool = False,
        lasting: bool = False,
        ours: bool = False,
    ) -> None:
        """Have `work` done after what waits; `changes` says that it leads elsewhere.

        What is `ours` no client has asked for: it waits whatever the bounds are. Raises
        TooManyWaitingError.
        """
        bound = "" if ours else self._waiting.refuses(size_bytes)
        if bound == "number":
            raise TooManyWaitingError(
                f"{len(self._waiting)} requests are waiting to be answered already "
                "(system_config.limits.max_queued_requests); wait for the answers.",
                over("max_queued_requests", self._waiting.most),
            )
        if bound == "size":
            raise TooManyWaitingError(
                f"{self._waiting.size_bytes / 2**20:.0f} MiB are waiting to be handled already "
                "(system_config.limits.max_queued_turns_bytes); wait for the answers.",
                over("max_queued_turns_bytes", self._waiting.most_bytes),
            )
        self._waiting.put(_Waiting(work, changes, lasting), size_bytes)
        self._changes += changes
        if not self._serving:
            self._serving = True
            self._start(self._serve())

    async def _serve(self) -> None:
        """Do what was added, in its order. What is raised by it ends this."""
        while self._waiting:
            self._answering = one = await self._waiting.get()
            try:
                await one.work()
            finally:
                self._changes -= one.changes
            self._answering = None
        self._serving = False

    async def close(self) -> None:
        """Do what is lasting; the task that answers has been stopped."""
        left = [self._answering] if self._answering else []
        while self._waiting:
            left.append(await self._waiting.get())
        for one in left:
            if one.lasting:
                with suppress(ClientGoneError):  # nobody is there to be answered
                    await one.work()
