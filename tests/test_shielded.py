"""Work that goes on to its end when whoever waits for it is cancelled."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.shielded import ShieldedTasks


def never(error: BaseException) -> None:
    raise AssertionError("nothing fails here") from error


async def test_what_it_returns_is_returned() -> None:
    async def work() -> int:
        return 5

    assert await ShieldedTasks(never).run(work()) == 5


async def test_it_goes_on_without_whoever_waited() -> None:
    tasks, go_on, done = ShieldedTasks(never), asyncio.Event(), list[str]()

    async def work() -> None:
        await go_on.wait()
        done.append("work")

    waiting = asyncio.create_task(tasks.run(work()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await tasks.finished()
    assert done == ["work"]


async def test_what_fails_is_raised_and_noted() -> None:
    noted = list[str]()
    tasks = ShieldedTasks(lambda error: noted.append(str(error)))

    async def work() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        await tasks.run(work())
    await tasks.finished()
    assert noted == ["the disk is full"]


async def test_what_is_begun_meanwhile_is_waited_for_as_well() -> None:
    tasks, done = ShieldedTasks(never), list[str]()

    async def second() -> None:
        await asyncio.sleep(0)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        tasks.start(second())

    tasks.start(first())
    await tasks.finished()
    assert done == ["second"]
