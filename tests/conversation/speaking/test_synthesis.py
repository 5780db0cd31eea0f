"""Speech: in order however long each sentence takes, ahead only so far, stopped without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

import numpy as np
import orjson
import pytest

from open_llm_vtuber.agent.tools import ToolStatus
from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.conversation.speaking.speech_text import Line
from open_llm_vtuber.conversation.speaking.synthesis import speak
from open_llm_vtuber.conversation.speaking.voice import Sentence, Translated, Voice
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.tts.base import AnyTTS, TTSEngine

pytestmark = pytest.mark.anyio

RATE = 1000


class SlowTTS(TTSEngine[EngineConfig]):
    """Takes as many milliseconds as the sentence says, and counts."""

    name: ClassVar[str] = "slow_tts"
    Config = EngineConfig
    concurrency = 8
    sample_rate = RATE

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.running = self.most = self.begun = 0
        self.said: list[str] = []

    async def load(self, resources: Resources) -> None:
        return

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        self.begun += 1
        self.said.append(text)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(float(text) / 1000)
            half = np.full(RATE // 2, 0.5, np.float32)
            yield half
            yield half
        finally:
            self.running -= 1


async def untranslated(text: str, *, before_s: float) -> str:
    return text


def voice(tts: AnyTTS, translated: Translated = untranslated) -> Voice:
    async def get() -> AnyTTS:
        return tts

    return Voice(get, translated, "Tester", "", timeout_s=5)


def line(milliseconds: int) -> Line:
    return Line(f"{milliseconds} ", str(milliseconds), ())


async def lines(times: list[int]) -> AsyncGenerator[Line, None]:
    for milliseconds in times:
        yield line(milliseconds)


async def perform(tts: SlowTTS, times: list[int], ahead: int = 3) -> list[Sentence]:
    found = [part async for part in speak(lines(times), voice(tts), ahead)]
    return [part for part in found if isinstance(part, Sentence)]


async def test_sentences_are_delivered_in_order_although_the_later_are_ready_first() -> None:
    times = [80, 10, 40, 1, 1, 30, 1]
    delivered = await perform(SlowTTS(), times)
    assert [int(sentence.line.speech) for sentence in delivered] == times
    assert all(sentence.seconds == 1.0 for sentence in delivered)


@pytest.mark.parametrize("ahead", [1, 2, 5])
async def test_no_more_is_synthesised_ahead_than_allowed(ahead: int) -> None:
    tts = SlowTTS()
    await perform(tts, [10] * 12, ahead)
    assert tts.most <= ahead + 2
    assert ahead == 1 or tts.most > 1


async def test_what_was_said_before_a_failure_is_delivered_and_then_it_is_raised() -> None:
    delivered: list[object] = []

    async def failing() -> AsyncGenerator[Line, None]:
        yield line(30)
        yield line(1)
        raise EngineError("The model broke off.")

    async def perform() -> None:
        async for part in speak(failing(), voice(SlowTTS()), 3):
            delivered.append(part)

    with pytest.raises(EngineError, match="broke off"):
        await perform()
    assert len(delivered) == 2


async def test_what_is_told_between_two_lines_comes_between_them() -> None:
    status = ToolStatus("1", "add", "running", "")

    async def mixed() -> AsyncGenerator[Line | ToolStatus, None]:
        yield line(20)
        yield status
        yield line(1)

    found = [part async for part in speak(mixed(), voice(SlowTTS()), 3)]
    assert [part if part is status else part.line.speech for part in found] == ["20", status, "1"]  # type: ignore[union-attr]


async def test_a_cancelled_performance_leaves_no_synthesis_and_no_thinking() -> None:
    tts = SlowTTS()
    thinking = 0
    delivered: list[object] = []
    first = asyncio.Event()

    async def think() -> AsyncGenerator[Line, None]:
        nonlocal thinking
        thinking += 1
        try:
            while True:
                yield line(20)
                await asyncio.sleep(0.001)
        finally:
            thinking -= 1

    async def perform() -> None:
        async with aclosing(speak(think(), voice(tts), 3)) as spoken:
            async for part in spoken:
                delivered.append(part)
                first.set()

    task = asyncio.create_task(perform())
    await first.wait()
    before = asyncio.all_tasks()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    count = len(delivered)
    assert (tts.running, thinking) == (0, 0)
    assert len(asyncio.all_tasks()) < len(before)
    await asyncio.sleep(0.1)
    assert len(delivered) == count


async def test_who_is_cancelled_twice_still_waits_until_all_has_ended() -> None:
    ended = asyncio.Event()

    async def think() -> AsyncGenerator[Line, None]:
        yield line(1)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            ended.set()

    async def perform() -> None:
        async with aclosing(speak(think(), voice(SlowTTS()), 3)) as spoken:
            async for _ in spoken:
                await asyncio.Event().wait()

    task = asyncio.create_task(perform())
    await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_listener_that_takes_nothing_holds_up_the_synthesis_and_not_the_thinking() -> None:
    tts, thought = SlowTTS(), asyncio.Event()

    async def think() -> AsyncGenerator[Line, None]:
        for _ in range(50):
            yield line(0)
        thought.set()

    async with aclosing(speak(think(), voice(tts), 3)) as spoken:
        await anext(spoken)
        await thought.wait()
        await asyncio.sleep(0.05)
        assert tts.begun <= 4


async def test_an_all_zero_sound_is_sent_as_a_silent_sentence() -> None:
    class Zero(SlowTTS):
        async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
            yield np.zeros(RATE, np.float32)

    (sentence,) = await perform(Zero(), [1])
    payload = orjson.loads(sentence.frame)
    assert payload["audio"] is None
    assert payload["volumes"] == []


async def test_what_is_said_is_translated_and_what_is_shown_is_not() -> None:
    async def doubled(text: str, *, before_s: float) -> str:
        return str(int(text) * 2)

    tts = SlowTTS()
    (sentence,) = [part async for part in speak(lines([3]), voice(tts, doubled), 3)]
    assert isinstance(sentence, Sentence)
    assert tts.said == ["6"]
    assert orjson.loads(sentence.frame)["display_text"]["text"] == "3 "
    assert sentence.failure is None


async def test_what_cannot_be_translated_is_said_as_it_is_and_told() -> None:
    async def failing(text: str, *, before_s: float) -> str:
        raise EngineError("The translator does not answer.")

    tts = SlowTTS()
    (sentence,) = [part async for part in speak(lines([3]), voice(tts, failing), 3)]
    assert isinstance(sentence, Sentence)
    assert tts.said == ["3"]
    assert sentence.sounds
    assert "does not answer" in str(sentence.failure)


async def test_later_sentences_are_translated_while_the_first_is_said() -> None:
    asked: list[str] = []

    async def noted(text: str, *, before_s: float) -> str:
        asked.append(text)
        return text

    async with aclosing(speak(lines([300, 2, 3]), voice(SlowTTS(), noted), 2)) as spoken:
        await anext(spoken)
        assert asked == ["300", "2", "3"]
