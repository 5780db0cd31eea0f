"""What holds for every engine of every kind, as checks that a suite of each kind runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from threading import Lock
from typing import Any

import pytest

from open_llm_vtuber.engines.base import Engine, EngineError
from open_llm_vtuber.engines.registry import engines
from tests.support.waiting import until

Call = Callable[[], Awaitable[object]]
"""One call of an engine as a turn makes it."""


def covers(kind: str, names: set[str]) -> None:
    """Hold that a suite runs over every engine of ours there is."""
    assert set(engines(kind)) == names, f"an engine of the kind {kind} has no contract to keep"


async def cancelled(
    engine: Engine[Any],
    method: str,
    call: Call,
    patch: pytest.MonkeyPatch,
    answering: Callable[[], int] | None = None,
) -> None:
    """A cancelled call has given back all it had before the next one begins, which is served.

    That is its place, the thread that a function of it ran in, and its connection to a service;
    `answering` is how many requests that one is at work on. `method` is what is at work, a
    generator or a coroutine.
    """
    work = _Work(engine, method, patch)
    running = asyncio.ensure_future(call())
    waiting = [asyncio.ensure_future(call()) for _ in range(engine.concurrency + 1)]
    await (work.begun.wait() if answering is None else until(answering))
    for one in (running, *waiting):
        one.cancel()
    ended = await asyncio.gather(running, *waiting, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in ended)
    assert work.inside == 0
    assert not engine.busy
    if answering is not None:
        await until(lambda: answering() == 0)
    before = work.calls
    await call()
    assert work.calls == before + 1
    assert work.inside == 0


class _Work:
    """Counts who is inside of a method, or of a function that it has run in a thread."""

    def __init__(self, engine: Engine[Any], method: str, patch: pytest.MonkeyPatch) -> None:
        self.inside = self.calls = 0
        self.begun = asyncio.Event()
        self._lock = Lock()
        work, run = getattr(engine, method), engine.run

        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            with self._call():
                return await work(*args, **kwargs)

        async def generator(*args: Any, **kwargs: Any) -> Any:
            with self._call():
                async with aclosing(work(*args, **kwargs)) as pieces:
                    async for one in pieces:
                        yield one

        async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            def counted() -> Any:
                with self._one():
                    return function(*args, **kwargs)

            return await run(counted)

        awaited = asyncio.iscoroutinefunction(work)
        patch.setattr(engine, method, coroutine if awaited else generator)
        patch.setattr(engine, "run", in_thread)

    @contextmanager
    def _call(self) -> Iterator[None]:
        self.calls += 1
        self.begun.set()
        with self._one():
            yield

    @contextmanager
    def _one(self) -> Iterator[None]:
        with self._lock:
            self.inside += 1
        try:
            yield
        finally:
            with self._lock:
                self.inside -= 1


async def closed_while_busy(engine: Engine[Any], call: Call) -> None:
    """Whoever is served or waits when it is closed has a result or is told; later ones are told."""
    calls = [asyncio.ensure_future(call()) for _ in range(engine.concurrency + 3)]
    await until(lambda: engine.busy)
    await engine.close()
    ended = await asyncio.gather(*calls, return_exceptions=True)
    told = [one for one in ended if isinstance(one, BaseException)]
    assert all(isinstance(one, EngineError) for one in told), told
    assert len(told) >= 3  # at least those who had no place yet
    assert not engine.busy
    with pytest.raises(EngineError):
        await call()
    await engine.close()  # once more does no harm


async def counted(engine: Engine[Any], method: str, call: Call, patch: pytest.MonkeyPatch) -> None:
    """No more calls are at work in `method`, a generator or a coroutine, than it takes at once."""
    inside, most = 0, 0
    work = getattr(engine, method)

    async def coroutine(*args: Any, **kwargs: Any) -> Any:
        nonlocal inside, most
        inside, most = inside + 1, max(most, inside + 1)
        try:
            return await work(*args, **kwargs)
        finally:
            inside -= 1

    async def generator(*args: Any, **kwargs: Any) -> Any:
        nonlocal inside, most
        inside, most = inside + 1, max(most, inside + 1)
        try:
            async for one in work(*args, **kwargs):
                yield one
        finally:
            inside -= 1

    awaited = asyncio.iscoroutinefunction(work)
    patch.setattr(engine, method, coroutine if awaited else generator)
    await asyncio.gather(*(call() for _ in range(engine.concurrency + 3)))
    assert most == engine.concurrency
    assert not engine.busy
