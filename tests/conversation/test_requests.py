"""The requests of one client: in their order, counted, and weighed in bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from open_llm_vtuber.conversation.requests import Requests
from open_llm_vtuber.conversation.turn_limits import TooManyWaitingError
from tests.support.wire import settle

pytestmark = pytest.mark.anyio


async def test_they_are_done_in_their_order_and_one_at_a_time() -> None:
    requests, gate = Requests(8, 1000, asyncio.create_task), asyncio.Event()
    done: list[str] = []

    async def slow() -> None:
        await gate.wait()
        done.append("slow")

    async def quick() -> None:
        done.append("quick")

    requests.add(slow, changes=True)
    requests.add(quick)
    await settle()
    assert done == []
    assert requests.changing
    gate.set()
    await settle()
    assert done == ["slow", "quick"]
    assert not requests.changing
    requests.add(quick)
    await settle()
    assert done == ["slow", "quick", "quick"]


async def test_they_are_counted_and_weighed_and_one_may_be_larger() -> None:
    async def work() -> None:
        return

    requests = Requests(3, 1000, asyncio.create_task)
    requests.add(work, size_bytes=5000)
    with pytest.raises(TooManyWaitingError, match="max_queued_turns_bytes"):
        requests.add(work, size_bytes=1)
    requests = Requests(3, 1000, asyncio.create_task)
    for _ in range(3):
        requests.add(work, size_bytes=300)
    with pytest.raises(TooManyWaitingError, match="max_queued_requests"):
        requests.add(work)


async def test_what_is_lasting_is_done_although_the_client_has_left() -> None:
    tasks: list[asyncio.Task[None]] = []

    def start(work: Coroutine[Any, Any, None]) -> None:
        tasks.append(asyncio.create_task(work))

    requests, done, gate = Requests(8, 1000, start), list[str](), asyncio.Event()

    async def stuck() -> None:
        await gate.wait()
        done.append("stuck")

    async def work() -> None:
        done.append("work")

    requests.add(stuck, lasting=True)
    requests.add(work)
    requests.add(work, lasting=True)
    await settle()
    tasks[0].cancel()
    await settle()
    gate.set()
    await requests.close()
    assert done == ["stuck", "work"]
