"""What every voice gets from its base: its turn, its time, and its sound in chunks or whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.tts.base import TTSEngine

pytestmark = pytest.mark.anyio


class SlowTTS(TTSEngine[EngineConfig]):
    """Yields a chunk for each word, each when it is let."""

    name: ClassVar[str] = "slow_tts"
    Config = EngineConfig
    streams = True
    sample_rate = 16_000

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.allowed = asyncio.Semaphore(0)
        self.begun: list[str] = []
        self.ended: list[str] = []

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        self.begun.append(text)
        try:
            for word in text.split():
                await self.allowed.acquire()
                if word == "CRASH":
                    raise RuntimeError("a library's own words")
                yield np.full(2, np.nan if word == "NAN" else len(word), np.float32)
        finally:
            self.ended.append(text)


async def test_chunks_come_before_the_whole_is_made() -> None:
    tts = SlowTTS()
    async with aclosing(tts.stream_in_turn("one three five")) as chunks:
        tts.allowed.release()
        assert (await anext(chunks)).pcm.tolist() == [3, 3]
        assert tts.ended == []
        tts.allowed.release()
        assert (await anext(chunks)).pcm.tolist() == [5, 5]
        assert tts.busy
    assert tts.ended == ["one three five"]
    assert not tts.busy


async def test_a_sentence_is_its_chunks() -> None:
    tts = SlowTTS()
    for _ in range(3):
        tts.allowed.release()
    assert (await tts.in_turn("one NAN three")).tolist() == [3, 3, 0, 0, 5, 5]
    assert (await tts.in_turn("")).tolist() == []


async def test_who_streams_keeps_the_place_until_the_end() -> None:
    tts = SlowTTS()
    async with aclosing(tts.stream_in_turn("one two")) as chunks:
        tts.allowed.release()
        await anext(chunks)
        waiting = asyncio.create_task(tts.in_turn("next"))
        await asyncio.sleep(0.01)
        assert tts.begun == ["one two"]
    tts.allowed.release()
    assert len(await waiting) == 2
    assert tts.begun == ["one two", "next"]


async def test_the_time_of_whoever_takes_the_chunks_does_not_count() -> None:
    tts = SlowTTS()
    for _ in range(3):
        tts.allowed.release()
    async with aclosing(tts.stream_in_turn("one two three", timeout_s=0.2)) as chunks:
        await anext(chunks)
        await asyncio.sleep(0.3)
        await anext(chunks)
        await anext(chunks)
    with pytest.raises(EngineError, match=r"longer than 0.05 s .*tts_timeout_s"):
        await tts.in_turn("never", timeout_s=0.05)
    assert tts.ended[-1] == "never"
    assert not tts.busy


async def test_what_a_library_says_is_not_told_to_a_person() -> None:
    tts = SlowTTS()
    tts.allowed.release()
    with pytest.raises(EngineError, match="failed at a sentence"):
        await tts.in_turn("CRASH")
    assert not tts.busy
