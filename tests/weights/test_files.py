"""Blocking work leaves the event loop free, and ends when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import threading

import pytest

from open_llm_vtuber.weights.files import off_loop

pytestmark = pytest.mark.anyio


async def test_cancelled_work_has_ended_when_the_caller_goes_on() -> None:
    started, ended = threading.Event(), threading.Event()

    def work(stop: threading.Event) -> None:
        started.set()
        stop.wait()
        ended.set()

    task = asyncio.ensure_future(off_loop(work))
    await asyncio.to_thread(started.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
