"""What a microphone needs to have its sound written down, without a server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import numpy as np

from open_llm_vtuber.audio import MIC_RATE, Pcm, SoundBuffer
from open_llm_vtuber.config import Limits
from open_llm_vtuber.config.models import TurnConfig
from open_llm_vtuber.conversation.context import ServiceContext
from open_llm_vtuber.conversation.listening.pace import Pace
from open_llm_vtuber.conversation.listening.recognizer import Recognizer
from open_llm_vtuber.conversation.listening.segmented import SegmentedRecognition
from open_llm_vtuber.conversation.listening.turn_end import TurnEnd
from open_llm_vtuber.conversation.listening.utterance import Utterance
from open_llm_vtuber.engines.asr.base import AnyASR, ASREngine
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.turn.base import AnyTurnDetector

FRAME = 512


class ClerkASR(ASREngine[EngineConfig]):
    """Counts the samples of what it is given, and writes that down."""

    name: ClassVar[str] = "clerk_asr"
    Config = EngineConfig

    def __init__(self) -> None:
        super().__init__(EngineConfig())
        self.given: list[int] = []

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        self.given.append(len(pcm))
        return f"{len(pcm)} samples"


class AskingASR(ClerkASR):
    """Has the words from a function of the test."""

    name: ClassVar[str] = "asking_asr"

    def __init__(self, write_down: Callable[[Pcm], Awaitable[str]]) -> None:
        super().__init__()
        self._write_down = write_down

    async def transcribe(self, pcm: Pcm) -> str:
        return await self._write_down(pcm)


class Ears:
    """A character that hears with `asr`, so much at once."""

    def __init__(self, asr: AnyASR, max_segment_s: float | None) -> None:
        self._asr = asr
        self.max_segment_s = max_segment_s
        self.limits = Limits()

    async def asr(self) -> AnyASR:
        return self._asr

    def ready_asr(self) -> AnyASR:
        return self._asr


async def _show_nobody(text: str) -> None:
    return


class Sense:
    """A character with a turn detector, or none."""

    def __init__(self, detector: AnyTurnDetector | None, complete_at: float) -> None:
        self._detector = detector
        self.limits = Limits()
        self.character = SimpleNamespace(turn_config=TurnConfig(complete_at=complete_at))

    def ready_turn_detector(self) -> AnyTurnDetector | None:
        return self._detector


def turn_end(
    detector: AnyTurnDetector | None,
    pace: Pace | None = None,
    *,
    complete_at: float = 0.5,
    clock: Callable[[], float] = time.perf_counter,
) -> TurnEnd:
    """Return what one microphone knows of a pause; without a `pace`, of somebody new."""
    context = cast("ServiceContext", Sense(detector, complete_at))
    return TurnEnd(context, pace or Pace(), asyncio.create_task, clock)


def recognizer(
    asr: AnyASR,
    max_segment_s: float | None = None,
    *,
    show: Callable[[str], Awaitable[None]] | None = None,
    start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]] = asyncio.create_task,
) -> Recognizer:
    """Return the engine as one microphone asks it; with `show` the client wants partials."""
    context = cast("ServiceContext", Ears(asr, max_segment_s))
    return Recognizer(context, lambda: show is not None, show or _show_nobody, start)


class Speech:
    """Something that is being said, loud, and its recognition."""

    def __init__(self, by: Recognizer, seconds: float = 0.0) -> None:
        self.sound = SoundBuffer()
        self.guesses: list[str] = []
        self.recognition = SegmentedRecognition(by, self.sound, 1, self.guesses.append)
        self.go_on(round(seconds * MIC_RATE) // FRAME)

    def go_on(self, frames: int, levels_db: Iterable[float] = ()) -> None:
        """Say so many frames more; a level of 0 is silence."""
        for level in [*levels_db] or [60.0] * frames:
            self.sound.append(np.full(FRAME, 0.1 if level else 0.0, np.float32))
            self.recognition.feed(level > 0, level)


def spoken(asr: AnyASR, seconds: float = 1.0, max_segment_s: float | None = None) -> Utterance:
    """Return an utterance that is complete, and is being written down by `asr`."""
    speech = Speech(recognizer(asr, max_segment_s), seconds)
    utterance = Utterance([speech.sound.slice(0)])
    speech.recognition.finish()
    utterance.recognized_by(speech.recognition)
    return utterance
