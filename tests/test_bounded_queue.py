"""The queue that is bounded by number and by size."""

from __future__ import annotations

import asyncio

from open_llm_vtuber.bounded_queue import BoundedQueue


async def test_what_waits_comes_out_in_its_order_and_makes_room() -> None:
    queue: BoundedQueue[str] = BoundedQueue(3, 100)
    taking = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    for item in ("one", "two", "three"):
        queue.put(item, 30)
    assert [len(queue), queue.size_bytes, list(queue)] == [3, 90, ["one", "two", "three"]]
    assert await taking == "one"
    assert [await queue.get(), await queue.get()] == ["two", "three"]
    assert [len(queue), queue.size_bytes] == [0, 0]


def test_it_says_which_bound_is_reached() -> None:
    queue: BoundedQueue[int] = BoundedQueue(2, 100)
    assert queue.refuses(1000) == ""  # one may be larger
    queue.put(1, 60)
    assert [queue.refuses(40), queue.refuses(41)] == ["", "size"]
    queue.put(2, 40)
    assert queue.refuses(0) == "number"
    queue.clear()
    assert [len(queue), queue.refuses(1000)] == [0, ""]


async def test_who_gives_up_waiting_takes_nothing_along() -> None:
    queue: BoundedQueue[int] = BoundedQueue(2, 100)
    taking = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put(1, 1)
    taking.cancel()
    await asyncio.wait([taking])
    assert await queue.get() == 1
