"""What holds for every engine of every kind, as checks that a suite of each kind runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
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


async def cancelled(engine: Engine[Any], call: Call) -> None:
    """A cancelled call leaves nothing behind, and the next one is served."""
    running = asyncio.ensure_future(call())
    waiting = [asyncio.ensure_future(call()) for _ in range(engine.concurrency + 1)]
    await until(lambda: engine.busy)
    for one in (running, *waiting):
        one.cancel()
    ended = await asyncio.gather(running, *waiting, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in ended)
    assert not engine.busy
    await call()


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
