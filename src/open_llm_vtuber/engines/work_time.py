"""A time-out of work: what waits for its place in an engine is not counted."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

import anyio


class WorkTime:
    """A time-out that stands still while what is inside waits for its place in an engine.

    What is inside `with` is cancelled when the time is over; `is_over` tells that afterwards.
    """

    def __init__(self, limit_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._scope = anyio.CancelScope()
        self._left_s = limit_s

    @staticmethod
    def of_this_task() -> WorkTime | None:
        """Return the innermost one that holds here; tasks begun inside have none of it."""
        time = _work_time.get()
        return time if time is not None and time._task is asyncio.current_task() else None

    @property
    def is_over(self) -> bool:
        """Whether the work was cancelled by this."""
        return self._scope.cancelled_caught

    def allow(self, limit_s: float) -> None:
        """Allow so much from now on, whatever was left."""
        self._scope.deadline = self._loop.time() + limit_s

    def stop(self) -> None:
        """Stand still."""
        if self._scope.deadline != math.inf:
            self._left_s = max(self._scope.deadline - self._loop.time(), 0)
            self._scope.deadline = math.inf

    def go(self) -> None:
        """Go on."""
        if self._scope.deadline == math.inf:
            self.allow(self._left_s)

    def __enter__(self) -> WorkTime:
        self._scope.__enter__()
        self._token = _work_time.set(self)
        self.go()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        _work_time.reset(self._token)
        return bool(self._scope.__exit__(kind, error, traceback))


_work_time: ContextVar[WorkTime | None] = ContextVar("work_time", default=None)


@contextmanager
def work_timeout(limit_s: float) -> Iterator[None]:
    """Raise TimeoutError when the work inside takes longer, the waits for a place not counted."""
    with WorkTime(limit_s) as time:
        yield
    if time.is_over:
        raise TimeoutError
