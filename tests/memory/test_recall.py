"""What is being read of a memory is read to its end, whoever waits for it."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import anyio
import pytest

from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.memory.recall import Recall
from open_llm_vtuber.memory.records import Owner

pytestmark = pytest.mark.anyio


class SlowHistory:
    """Answers a query when it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.asked, self.answered = asyncio.Event(), asyncio.Event()

    async def read(self, work: Any) -> tuple[None, int, list[Any]]:
        self.asked.set()
        await self.may_answer.wait()
        self.answered.set()
        return None, 0, []


async def test_reading_goes_on_when_nobody_waits_any_more() -> None:
    history = SlowHistory()
    recall = Recall(cast("HistoryStore", history))
    with anyio.CancelScope() as waiting:
        async with anyio.create_task_group() as group:
            group.start_soon(recall.warm, Owner("someone"))
            await history.asked.wait()
            waiting.cancel()
    assert waiting.cancelled_caught
    assert not history.answered.is_set()
    history.may_answer.set()
    with anyio.fail_after(5):
        await history.answered.wait()
