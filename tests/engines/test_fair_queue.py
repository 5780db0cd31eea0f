"""Who is next at an engine."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.engines.fair_queue import FairQueue

pytestmark = pytest.mark.anyio


class Desk:
    """One engine that works when it is told to."""

    def __init__(self, places: int = 1) -> None:
        self.queue = FairQueue(places)
        self.begun: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    def come(self, name: str, work_s: float) -> asyncio.Task[None]:
        self.gates[name] = asyncio.Event()
        return asyncio.create_task(self._work(name, work_s))

    async def _work(self, name: str, work_s: float) -> None:
        async with self.queue.place(work_s):
            self.begun.append(name)
            await self.gates[name].wait()

    async def done(self, name: str) -> None:
        self.gates[name].set()
        await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_short_utterance_waits_for_one_segment_of_a_long_one() -> None:
    desk = Desk()
    for number in range(8):  # eight recordings, each at its third segment
        desk.come(f"long{number}", 45.0)
    await settle()
    desk.come("short", 1.0)
    await settle()
    assert desk.begun == ["long0"]
    await desk.done("long0")
    assert desk.begun == ["long0", "short"]


async def test_a_long_recording_is_not_put_off_for_ever() -> None:
    desk = Desk()
    desk.come("first", 1.0)
    await settle()
    desk.come("long", 0.05)
    await asyncio.sleep(0.06)
    desk.come("short", 0.01)
    await desk.done("first")
    assert desk.begun == ["first", "long"]


async def test_equals_go_in_the_order_in_which_they_came() -> None:
    desk = Desk(places=2)
    for name in "abcde":
        desk.come(name, 1.0)
    await settle()
    assert desk.begun == ["a", "b"]
    await desk.done("b")
    await desk.done("a")
    assert desk.begun == ["a", "b", "c", "d"]


async def test_who_leaves_the_queue_keeps_nobody_waiting() -> None:
    desk = Desk()
    desk.come("first", 1.0)
    gone, last = desk.come("gone", 0.5), desk.come("last", 3.0)
    await settle()
    gone.cancel()
    await desk.done("first")
    assert desk.begun == ["first", "last"]
    await desk.done("last")
    await last
    assert not desk.queue.busy


async def test_a_place_that_came_too_late_is_passed_on() -> None:
    desk = Desk()
    desk.come("first", 1.0)
    gone = desk.come("gone", 1.0)
    desk.come("last", 2.0)
    await settle()
    desk.gates["first"].set()
    await asyncio.sleep(0)  # "first" leaves and gives its place to "gone", which has not run yet
    gone.cancel()
    await settle()
    assert desk.begun == ["first", "last"]
