"""Sentences become sound: synthesised ahead, delivered in order, stopped without a trace."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from ...agent.base import Aside
from ...closing import cancelled
from .questions import AskedAloud
from .read_ahead import ReadAhead
from .speech_text import Line
from .voice import Chunk, Sentence, Voice


@dataclass
class _Place:
    """What is said, or passed on, where it stands in the order of delivery."""

    content: Line | Aside | AskedAloud
    saying: ReadAhead[Sentence | Chunk] | None = None
    """What there is of it, where its voice does not wait: before its time, and between chunks."""


async def speak(
    lines: AsyncGenerator[Line | Aside | AskedAloud, None], voice: Voice, ahead: int
) -> AsyncGenerator[Sentence | Chunk | Aside | AskedAloud, None]:
    """Yield what `lines` yields in its order, each line with its sound, as soon as there is any.

    `lines` is read to its end however slowly this is, so that what it shares with others is held
    no longer than it needs: how much it yields in all is for itself to bound. At most `ahead` lines
    are synthesised before their time. When `lines` raises, all it yielded before goes first.
    Closing this stops the reading and every synthesis.
    """
    failure: Exception | None = None
    waiting: deque[Line | Aside | AskedAloud] = deque()
    places: asyncio.Queue[_Place | None] = asyncio.Queue()
    begun: set[asyncio.Task[Any]] = set()
    underway, all_read, idle = 0, False, True

    def begin_what_may() -> None:
        nonlocal underway, idle
        while waiting and underway <= ahead:
            underway += 1
            place = _Place(waiting.popleft())
            if isinstance(place.content, Line) and (voice.in_chunks or not idle):
                place.saying = ReadAhead(voice.say(place.content))
                begun.add(place.saying.task)
                place.saying.task.add_done_callback(begun.discard)
            # Who waits for it says it himself: to be woken when it is said would cost a turn
            # of the event loop, which is long where many speak at once.
            idle = False
            places.put_nowait(place)
        if all_read and not waiting:
            places.put_nowait(None)

    async def read() -> None:
        nonlocal failure, all_read
        try:
            async with aclosing(lines):
                async for line in lines:
                    waiting.append(line)
                    begin_what_may()
                    await _give_way()
        except Exception as error:  # noqa: BLE001 - raised when all is delivered
            failure = error
        all_read = True
        begin_what_may()

    begun.add(asyncio.create_task(read()))
    try:
        while (place := await places.get()) is not None:
            if not isinstance(place.content, Line):
                yield place.content
            elif place.saying:
                async for part in place.saying:
                    yield part
            else:
                async with aclosing(voice.say(place.content)) as said:
                    async for part in said:
                        yield part
            underway -= 1
            idle = places.empty()
            begin_what_may()
    finally:
        await cancelled(begun)
    if failure is not None:
        raise failure


async def _give_way() -> None:
    """Let the voice of what was read begin, and leave if it is instant."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
