"""The calls of one engine, awaited or in its own threads: never more at once than it takes."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

import anyio
from loguru import logger

from .fair_queue import FairQueue
from .work_time import WorkTime

P = ParamSpec("P")
T = TypeVar("T")


class ClosedError(Exception):
    """The engine was closed before the call, or while it waited."""


class Calls:
    """Belongs to one engine, and to all views of it."""

    def __init__(self, name: str, niceness: int) -> None:
        self._name, self._niceness = name, niceness
        self._threads: ThreadPoolExecutor | None = None
        self._queue: FairQueue | None = None
        self._running = self._most = 0
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether a call is at work, or waits."""
        return self._running > 0 or (self._queue is not None and self._queue.busy)

    @property
    def waiting(self) -> int:
        """How many calls wait for a place or a thread."""
        queued = self._queue.waiting if self._queue is not None else 0
        return queued + max(self._running - self._most, 0)

    @property
    def running(self) -> int:
        """How many are at work: in a thread, or with a place."""
        placed = self._queue.taken - self._queue.waiting if self._queue is not None else 0
        return max(placed, min(self._running, self._most))

    def close(self) -> None:
        """Let nobody begin any more; calls still running end first."""
        self._closed = True
        if self._queue is not None:
            self._queue.close(ClosedError())
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def enter(self, places: int, work_s: float) -> None:
        """Take one of the engine's `places`, to be left with `leave`. Raises ClosedError."""
        if self._closed:
            raise ClosedError
        if self._queue is None:
            self._queue = FairQueue(places)
        time = WorkTime.of_this_task() if self._queue.full else None
        if time is not None:
            time.stop()
        try:
            await self._queue.enter(work_s)
        finally:
            if time is not None:
                time.go()

    def leave(self) -> None:
        """Give the place to who is next."""
        if self._queue is not None:
            self._queue.leave()

    async def run(
        self,
        threads: int,
        stop: Callable[[], None],
        function: Callable[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `function` in one of the engine's `threads`; see Engine.run. Raises ClosedError.

        When it is cancelled after it has begun, `stop` is called, and its end waited for.
        """
        if self._closed:
            raise ClosedError
        if self._threads is None:
            self._most = threads
            self._threads = ThreadPoolExecutor(
                threads, self._name, initializer=_give_way, initargs=(self._niceness,)
            )
        loop, work_time = asyncio.get_running_loop(), WorkTime.of_this_task()
        call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)

        def begun() -> T:
            if work_time is not None:
                with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                    loop.call_soon_threadsafe(work_time.go)
            return call()

        if work_time is not None:
            work_time.stop()
        started = self._threads.submit(begun)
        outcome = asyncio.wrap_future(started)
        self._running += 1
        try:
            await asyncio.wait([outcome])
        except asyncio.CancelledError:
            if not started.cancel():
                stop()
                with anyio.CancelScope(shield=True):
                    await asyncio.wait([outcome])
                if not outcome.cancelled() and (error := outcome.exception()):
                    logger.debug("{}: failed after it was cancelled: {!r}", self._name, error)
            raise
        finally:
            self._running -= 1
            if work_time is not None:
                work_time.go()
        if outcome.cancelled():  # it was waiting when the engine was closed
            raise ClosedError
        return outcome.result()


def _give_way(niceness: int) -> None:
    if niceness and sys.platform == "linux":  # elsewhere a thread has none of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
