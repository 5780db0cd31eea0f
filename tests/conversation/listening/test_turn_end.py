"""A pause is short where what was said is complete, and long where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm, SoundBuffer
from open_llm_vtuber.conversation.listening.endpointing import Heard
from open_llm_vtuber.conversation.listening.listener import Listener
from open_llm_vtuber.conversation.listening.pace import Pace
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


def microphone(
    vad: SileroVAD,
    detector: AnyTurnDetector | None,
    *,
    words: str | None = None,
    pace: Pace | None = None,
    held: bool = False,
    adaptive: bool = True,
    clock: Callable[[], float] = lambda: 0.0,
) -> Listener:
    """Return a microphone; without `words` nobody writes down what is said in a pause."""
    thresholds = replace(vad.thresholds.tuned(None, None, held=held), adaptive=adaptive)
    asks = recognizer(SayingASR(words))
    known = turn_end(detector, pace, clock=clock)
    return Listener(vad.open_stream(), thresholds, asks, known, (10**9).__le__, list[str]().append)


class SayingASR(ClerkASR):
    """Hears the same, whatever is said; without `words` it is not asked in a pause."""

    name: ClassVar[str] = "saying_asr"

    def __init__(self, words: str | None) -> None:
        super().__init__()
        self._words = words

    @property
    def speculates(self) -> bool:
        return self._words is not None

    async def transcribe(self, pcm: Pcm) -> str:
        return self._words or ""


async def hear(one: Listener, pcm: Pcm) -> list[Heard]:
    found = [heard async for heard, _ in one.feed(pcm)]
    for _ in range(8):  # whoever was asked and knows answers
        await asyncio.sleep(0)
    return found


async def until_pause(one: Listener, said: Pcm) -> None:
    await hear(one, np.zeros(MIC_RATE // 2, np.float32))
    await until_pause_after(one, said)


async def until_pause_after(one: Listener, said: Pcm) -> None:
    await hear(one, said)
    while Heard.PAUSE not in await hear(one, QUIET):
        pass


async def frames_to_the_end(one: Listener) -> int:
    count = 1
    while Heard.END not in await hear(one, QUIET):
        count += 1
    return count


async def pause(one: Listener, said: Pcm) -> int:
    """Return how many frames the pause behind what was said takes from its notice to its end."""
    await until_pause(one, said)
    return await frames_to_the_end(one)


def knowing(answer: float) -> ScriptedDetector:
    """Return a detector that answers at once."""
    detector = ScriptedDetector(answer)
    detector.go.set()
    return detector


async def test_what_is_complete_ends_soon_after_the_answer(vad: SileroVAD, said: Pcm) -> None:
    usual = await pause(microphone(vad, None), said)
    detector = ScriptedDetector(0.97)
    one = microphone(vad, detector)
    await until_pause(one, said)
    assert Heard.END not in await hear(one, QUIET)  # the answer is not there yet
    detector.go.set()
    await until(lambda: not detector.busy)
    assert 1 + await frames_to_the_end(one) < usual
    assert detector.asked == [2 * MIC_RATE]


async def test_what_is_not_complete_is_waited_for_and_asked_about_again(
    vad: SileroVAD, said: Pcm
) -> None:
    usual = await pause(microphone(vad, None), said)
    detector = knowing(0.03)
    assert await pause(microphone(vad, detector), said) > usual
    assert len(detector.asked) == 3


async def test_a_detector_that_fails_changes_nothing(vad: SileroVAD, said: Pcm) -> None:
    usual = await pause(microphone(vad, None), said)
    detector = ScriptedDetector(None)
    detector.go.set()
    assert await pause(microphone(vad, detector), said) == usual
    assert len(detector.asked) == 2  # at 1.2 s it is over


async def test_one_question_at_a_time_and_none_that_comes_too_late(
    vad: SileroVAD, said: Pcm
) -> None:
    usual = await pause(microphone(vad, None), said)
    silent = ScriptedDetector(0.0)
    assert await pause(microphone(vad, silent), said) == usual
    assert len(silent.asked) == 1
    seconds = iter([0.0, 0.6, 1.0, 1.1])  # the first answer takes 0.6 s
    detector = knowing(0.5)
    one = microphone(vad, detector, clock=lambda: next(seconds))
    assert await pause(one, said) == usual
    assert len(detector.asked) == 1  # the second, at 0.5 s, would come at 1.1 s


@pytest.mark.parametrize(
    ("words", "longer"),
    [("I went to the.", True), ("I went home again.", False)],
)
async def test_words_make_the_pause_shorter_or_longer(
    vad: SileroVAD, said: Pcm, words: str, longer: bool
) -> None:
    usual = await pause(microphone(vad, None), said)
    found = await pause(microphone(vad, None, words=words), said)
    assert (found > usual) is longer
    assert found != usual


async def test_who_was_cut_off_is_waited_for_longer_from_then_on(vad: SileroVAD, said: Pcm) -> None:
    usual = await pause(microphone(vad, None), said)
    pace = Pace()
    one = microphone(vad, None, pace=pace)
    for _ in range(4):
        assert await pause(one, said) == usual or pace.long_s
        await hear(one, np.tile(QUIET, 10))  # and speaks on after 0.3 s
    assert pace.long_s is not None and pace.long_s > 0.9  # noqa: PT018 - one thing
    slower = await pause(microphone(vad, None, pace=pace), said)
    assert slower > usual


async def test_who_replies_at_once_to_an_answer_was_not_cut_off(vad: SileroVAD, said: Pcm) -> None:
    pace = Pace()
    one = microphone(vad, None, pace=pace)
    for _ in range(4):
        await pause(one, said)
        one.heard_out()
        await hear(one, np.tile(QUIET, 10))
    assert pace.long_s is None


async def test_who_speaks_on_after_short_pauses_is_answered_sooner(
    vad: SileroVAD, said: Pcm
) -> None:
    usual = await pause(microphone(vad, None), said)
    pace = Pace()
    one = microphone(vad, None, pace=pace)
    await until_pause(one, said)
    for _ in range(6):
        await until_pause_after(one, said[MIC_RATE // 2 :])  # the rest begins with a voice
    assert pace.long_s is not None and pace.long_s < 0.5  # noqa: PT018 - one thing
    assert await frames_to_the_end(one) < usual


async def test_by_the_fixed_rule_nothing_is_asked(vad: SileroVAD, said: Pcm) -> None:
    detector = knowing(0.03)
    one = microphone(vad, detector, words="I went to the.", adaptive=False)
    frames = await pause(one, said)
    assert frames == vad.thresholds.end_frames - vad.thresholds.pause_frames
    assert not detector.asked


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
    await until(lambda: len(detector.asked) >= 2 and not detector.busy)


async def test_a_held_key_is_a_held_turn(vad: SileroVAD, said: Pcm) -> None:
    detector = knowing(1.0)
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
    alone = await pause(microphone(vad, None), said)
    detector = SmartTurn(SmartTurnConfig())
    await detector.run(detector.import_packages)
    await detector.load(WeightStore(PROJECT / "models"))
    one = microphone(vad, detector)
    await until_pause(one, said)
    await until(lambda: not detector.busy)
    assert await frames_to_the_end(one) < alone
    await detector.close()


async def test_of_a_sound_that_is_short_all_is_looked_at() -> None:
    detector = ScriptedDetector(0.9)
    asks = turn_end(detector)
    asks.listen(SoundBuffer([np.zeros(100, np.float32)]), 6, 24)
    await until(lambda: detector.asked == [100])
    asks.withdraw()


async def test_what_was_answered_before_is_forgotten_with_the_pause() -> None:
    asks = turn_end(knowing(0.99))
    asks.listen(SoundBuffer([np.zeros(MIC_RATE, np.float32)]), 6, 24)
    await until(lambda: asks.needed_frames(24) < 24)
    asks.withdraw()
    assert asks.needed_frames(24) == 24


async def test_who_was_slow_once_is_asked_again() -> None:
    """The first answer takes 4 s; it is not waited for in the next pauses, but not for ever."""
    seconds = iter([0.0, 4.0, *[10.0] * 100])
    detector = knowing(0.5)
    asks = turn_end(detector, clock=lambda: next(seconds))
    sound = SoundBuffer([np.zeros(MIC_RATE, np.float32)])
    asked_in = []
    for _ in range(8):
        before = len(detector.asked)
        asks.listen(sound, 6, 24)
        for _ in range(8):
            await asyncio.sleep(0)
        asked_in.append(len(detector.asked) - before)
        asks.withdraw()
    assert asked_in == [1, 0, 0, 0, 1, 1, 1, 1]


async def test_how_sure_the_detector_must_be_is_configured() -> None:
    strict = turn_end(knowing(0.9), complete_at=0.95)
    strict.listen(SoundBuffer([np.zeros(MIC_RATE, np.float32)]), 6, 24)
    await until(lambda: strict.needed_frames(24) != 24)
    assert strict.needed_frames(24) > 24
