"""An engine that follows the sound is given it as it comes, and ended when nobody listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import ClassVar

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm, SoundBuffer
from open_llm_vtuber.conversation.listening.streamed import StreamedRecognition
from open_llm_vtuber.engines.base import EngineError
from tests.support.hearing import FRAME, ClerkASR, recognizer

pytestmark = pytest.mark.anyio


class FollowingASR(ClerkASR):
    """Tells after each piece how much it was given; may be held up, or fail."""

    name: ClassVar[str] = "following_asr"
    streams = True

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False
        self.closed = 0

    async def follow(self, sound: AsyncGenerator[Pcm, None]) -> AsyncGenerator[str, None]:
        try:
            async for piece in sound:
                self.given.append(len(piece) // FRAME)
                await self.gate.wait()
                if self.fails:
                    raise EngineError("The line is dead.")
                yield f"{sum(self.given)} so far"
            yield f"{sum(self.given)} in all"
        finally:
            self.closed += 1


class Following:
    """Something that is being said to that engine."""

    def __init__(
        self,
        show: Callable[[str], Awaitable[None]] | None = None,
        asr: FollowingASR | None = None,
    ) -> None:
        self.asr = asr or FollowingASR()
        self.sound = SoundBuffer()
        self.guesses: list[str] = []
        self.recognition = StreamedRecognition(
            recognizer(self.asr, show=show), self.asr, self.sound, self.guesses.append
        )

    async def go_on(self, frames: int) -> None:
        for _ in range(frames):
            self.sound.append(np.ones(FRAME, np.float32))
            self.recognition.feed(voiced=True, level_db=60.0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_the_sound_flows_and_what_was_heard_is_shown() -> None:
    shown: list[str] = []

    async def show(text: str) -> None:
        shown.append(text)

    said = Following(show)
    await said.go_on(3)
    await said.go_on(2)
    assert said.asr.given == [3, 2]
    said.recognition.finish()
    assert await said.recognition.words() == "5 in all"
    assert shown == ["3 so far", "5 so far"]
    assert said.asr.closed == 1


async def test_nothing_is_shown_to_who_did_not_ask() -> None:
    said = Following()
    await said.go_on(1)
    said.recognition.finish()
    assert await said.recognition.words() == "1 in all"


async def test_what_is_said_while_the_engine_is_at_work_comes_in_one_piece() -> None:
    said = Following()
    said.asr.gate.clear()
    for _ in range(4):
        await said.go_on(2)
    said.recognition.finish()
    said.asr.gate.set()
    assert await said.recognition.words() == "8 in all"
    assert said.asr.given == [2, 6]


async def test_pauses_change_nothing() -> None:
    said = Following()
    await said.go_on(1)
    said.recognition.pause()
    said.recognition.look_ahead(0.0)
    said.recognition.resume()
    await said.go_on(1)
    said.recognition.finish()
    assert await said.recognition.words() == "2 in all"


async def test_who_is_not_answered_any_more_ends_it() -> None:
    said = Following()
    said.asr.gate.clear()
    await said.go_on(1)
    said.recognition.drop()
    with pytest.raises(asyncio.CancelledError):
        await said.recognition.words()
    assert said.asr.closed == 1


async def test_an_engine_that_fails_is_told_once_the_words_are_wanted() -> None:
    said = Following()
    said.asr.fails = True
    await said.go_on(1)
    assert said.asr.closed == 1
    said.recognition.finish()
    with pytest.raises(EngineError, match="line is dead"):
        await said.recognition.words()
    said.recognition.drop()


async def test_an_engine_that_does_not_end_is_given_up() -> None:
    said = Following()
    said.asr.gate.clear()
    await said.go_on(1)
    said.recognition.finish()
    with pytest.raises(EngineError, match=r"took longer than 0\.01 s"):
        await said.asr.in_time(said.recognition.words(), 0.01)
    assert said.asr.closed == 1


class ChattyASR(FollowingASR):
    """Tells of each piece a hundred times, without a pause."""

    async def follow(self, sound: AsyncGenerator[Pcm, None]) -> AsyncGenerator[str, None]:
        async for _ in sound:
            for number in range(100):
                yield f"{number}"


async def test_others_have_their_turn_while_an_engine_tells_much_at_once() -> None:
    turns, seen = 0, []

    async def show(text: str) -> None:
        seen.append(turns)

    said = Following(show, ChattyASR())
    await said.go_on(1)
    while len(seen) < 100:
        turns += 1
        await asyncio.sleep(0)
    assert seen[-1] >= 90
    said.recognition.drop()


@pytest.mark.parametrize("follows", [True, False])
async def test_an_error_that_is_not_written_for_people_is_told_in_other_words(
    follows: bool, logged: list[str]
) -> None:
    class BrokenASR(ClerkASR):
        async def transcribe(self, pcm: Pcm) -> str:
            raise ValueError("index 3 is out of bounds")

        async def follow(self, sound: AsyncGenerator[Pcm, None]) -> AsyncGenerator[str, None]:
            yield await self.transcribe(await anext(sound))

    asr, sound = BrokenASR(), SoundBuffer([np.ones(FRAME, np.float32)])
    recognition = StreamedRecognition(recognizer(asr), asr, sound, list[str]().append)
    recognition.finish()
    words = recognition.words() if follows else asr.in_turn(sound.slice(0))
    with pytest.raises(EngineError, match="the server's log says more"):
        await words
    recognition.drop()
    assert any("an ASR engine failed" in line for line in logged)
