"""A pause ends the turn early where what was said is complete, and waits its time where not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm, SoundBuffer
from open_llm_vtuber.conversation.listening.endpointing import Heard
from open_llm_vtuber.conversation.listening.listener import Listener
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from open_llm_vtuber.engines.turn.base import AnyTurnDetector, TurnDetector
from open_llm_vtuber.engines.turn.smart_turn import SmartTurn, SmartTurnConfig
from open_llm_vtuber.engines.vad.base import FRAME
from open_llm_vtuber.engines.vad.silero_vad import SileroConfig, SileroVAD
from open_llm_vtuber.weights.store import WeightStore
from tests.support.hearing import ClerkASR, recognizer, turn_end
from tests.support.live import PROJECT
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

QUIET = np.zeros(FRAME, np.float32)


class ScriptedDetector(TurnDetector[EngineConfig]):
    """Answers what the test says, once it is let go."""

    name: ClassVar[str] = "scripted_turn"
    Config = EngineConfig
    window_s = 2.0

    def __init__(self, answer: float | None) -> None:
        super().__init__(EngineConfig())
        self.answer = answer
        self.asked: list[int] = []
        self.go = asyncio.Event()

    async def load(self, resources: Resources) -> None:
        return

    async def complete(self, pcm: Pcm) -> float:
        self.asked.append(len(pcm))
        await self.go.wait()
        if self.answer is None:
            raise EngineError("It has no idea.")
        return self.answer


@pytest.fixture(scope="module")
async def vad() -> AsyncIterator[SileroVAD]:
    engine = SileroVAD(SileroConfig())
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    yield engine
    await engine.close()


@pytest.fixture
def said(speech: Path) -> Pcm:
    pcm = soundfile.read(speech / "human_goforward.wav", dtype="float32")[0]
    ends = np.flatnonzero(np.abs(pcm) > 0.02)
    voiced: Pcm = pcm[ends[0] : ends[-1]]
    return voiced


def microphone(vad: SileroVAD, detector: AnyTurnDetector | None, *, held: bool = False) -> Listener:
    thresholds = vad.thresholds.tuned(None, None, held=held)
    asks = recognizer(ClerkASR())
    return Listener(
        vad.open_stream(), thresholds, asks, turn_end(detector), (10**9).__le__, list[str]().append
    )


async def hear(one: Listener, pcm: Pcm) -> list[Heard]:
    return [heard async for heard, _ in one.feed(pcm)]


async def until_pause(one: Listener, said: Pcm) -> None:
    await hear(one, np.zeros(MIC_RATE // 2, np.float32))
    await hear(one, said)
    while Heard.PAUSE not in await hear(one, QUIET):
        pass


async def frames_to_the_end(one: Listener) -> int:
    count = 1
    while Heard.END not in await hear(one, QUIET):
        count += 1
    return count


async def test_what_is_complete_ends_with_the_answer(vad: SileroVAD, said: Pcm) -> None:
    detector = ScriptedDetector(0.9)
    one = microphone(vad, detector)
    await until_pause(one, said)
    assert Heard.END not in await hear(one, QUIET)  # the answer is not there yet
    detector.go.set()
    await until(lambda: not detector.busy)
    assert await frames_to_the_end(one) == 1
    assert detector.asked == [2 * MIC_RATE]


@pytest.mark.parametrize("answer", [0.1, None], ids=["it goes on", "it fails"])
async def test_else_the_length_of_the_pause_decides(
    vad: SileroVAD, said: Pcm, answer: float | None
) -> None:
    alone = microphone(vad, None)
    await until_pause(alone, said)
    detector = ScriptedDetector(answer)
    detector.go.set()
    one = microphone(vad, detector)
    await until_pause(one, said)
    await until(lambda: not detector.busy)
    assert await frames_to_the_end(one) == await frames_to_the_end(alone) > 1


async def test_who_speaks_on_is_asked_about_again_at_the_next_pause(
    vad: SileroVAD, said: Pcm
) -> None:
    detector = ScriptedDetector(0.9)
    one = microphone(vad, detector)
    await until_pause(one, said)
    await until(lambda: detector.busy)
    assert Heard.END not in await hear(one, said)  # the answer that was on its way is nobody's
    await until(lambda: not detector.busy)
    detector.go.set()
    while Heard.PAUSE not in await hear(one, QUIET):
        pass
    await until(lambda: len(detector.asked) == 2 and not detector.busy)
    assert await frames_to_the_end(one) == 1


async def test_a_held_key_is_a_held_turn(vad: SileroVAD, said: Pcm) -> None:
    detector = ScriptedDetector(1.0)
    detector.go.set()
    one = microphone(vad, detector, held=True)
    await until_pause(one, said)
    assert Heard.END not in await hear(one, np.zeros(2 * MIC_RATE, np.float32))
    assert not detector.asked
    assert one.finish() is not None


async def test_nobody_is_asked_any_more_once_the_microphone_is_closed(
    vad: SileroVAD, said: Pcm
) -> None:
    detector = ScriptedDetector(0.9)
    one = microphone(vad, detector)
    await until_pause(one, said)
    await until(lambda: detector.busy)
    one.close()
    await until(lambda: not detector.busy)


async def test_a_person_is_answered_earlier_with_smart_turn(vad: SileroVAD, said: Pcm) -> None:
    alone = microphone(vad, None)
    await until_pause(alone, said)
    detector = SmartTurn(SmartTurnConfig())
    await detector.run(detector.import_packages)
    await detector.load(WeightStore(PROJECT / "models"))
    one = microphone(vad, detector)
    await until_pause(one, said)
    await until(lambda: not detector.busy)
    assert await frames_to_the_end(one) == 1 < await frames_to_the_end(alone)
    await detector.close()


async def test_of_a_sound_that_is_short_all_is_looked_at() -> None:
    detector = ScriptedDetector(0.9)
    asks = turn_end(detector)
    asks.ask(SoundBuffer([np.zeros(100, np.float32)]))
    await until(lambda: detector.asked == [100])
    asks.withdraw()
    assert not asks.complete
