"""What a VAD (voice activity detection) engine must do."""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

import numpy as np
from loguru import logger

from ...audio import MIC_RATE, Pcm
from ..base import C, Engine, EngineError
from ..trial import Stopwatch, Trial

FRAME = 512
"""Samples per frame at 16 kHz: 32 ms."""


@dataclass(frozen=True)
class Thresholds:
    """What counts as speech, and for how many frames before something is decided."""

    probability: float
    level_db: float
    """In dB, where 0 is the smallest 16-bit sample."""
    start_frames: int
    pause_frames: int
    end_frames: int
    smoothing_frames: int
    """Over how many frames probability and level are averaged."""
    sure_frames: int = 0
    """How many frames in a row that are surely voiced are speech at once; 0 for none."""
    adaptive: bool = False
    """Whether `end_frames` is what a pause takes of which nothing is known, and else a pause is as
    long as what was said asks for."""

    @property
    def sure_probability(self) -> float:
        """From here on a frame is surely voiced: two thirds of the way from what counts to 1."""
        return 1 - (1 - self.probability) / 3

    @property
    def held(self) -> bool:
        """Whether speech never ends by itself: a key is held."""
        return self.end_frames == sys.maxsize

    def tuned(
        self, sensitivity: float | None, pause_ms: int | None, *, held: bool = False
    ) -> Thresholds:
        """Return these as one person wants them; None leaves a thing as it is.

        At a `sensitivity` of 0.5 nothing changes; 0 takes clear, loud speech only, 1 a whisper.
        Speech ends after `pause_ms` of silence, or by itself never while a key is `held`; of
        `adaptive` thresholds that is the pause of which nothing is known.
        """
        found = self
        if sensitivity is not None:
            more = 2 * sensitivity - 1
            end = _EASIEST if more > 0 else _HARDEST
            probability = self.probability + abs(more) * (end - self.probability)
            level = self.level_db - more * _LEVEL_SPAN_DB
            found = replace(found, probability=probability, level_db=level)
        if pause_ms is not None:
            frames = max(1, round(pause_ms * MIC_RATE / 1000 / FRAME))
            pause = min(self.pause_frames, frames)
            found = replace(found, end_frames=frames, pause_frames=pause)
        if held:
            found = replace(found, end_frames=sys.maxsize)
        return found


_EASIEST, _HARDEST = 0.1, 0.9
"""The speech probabilities that the ends of the sensitivity's scale stand for."""

_LEVEL_SPAN_DB = 15.0
"""How much quieter or louder speech may be at these ends."""


class VADStream(Protocol):
    """The state of one microphone; it belongs to one connection."""

    async def feed(self, frames: Pcm) -> list[float]:
        """Return the speech probability of each frame of `frames` (float32, n x 512, 16 kHz).

        Calls on one stream must follow one another.
        """

    def reset(self) -> None:
        """Forget what was heard."""


class VADEngine(Engine[C]):
    """Tells speech from the rest, frame by frame."""

    @property
    @abstractmethod
    def thresholds(self) -> Thresholds:
        """The configured thresholds."""

    @abstractmethod
    def open_stream(self) -> VADStream:
        """Return the state for one more microphone."""

    async def trial(self, trial: Trial) -> str:
        """Follow a microphone for 3.2 s."""
        frames: Pcm = np.zeros((100, FRAME), np.float32)
        took = Stopwatch()
        await self.open_stream().feed(frames)
        return f"{took.ms / len(frames):.2f} ms for 32 ms of sound"


AnyVAD = VADEngine[Any]


async def vad_if_any(engine: Awaitable[Engine[Any]]) -> AnyVAD | None:
    """Return the engine that notices speech, or None where it cannot be had."""
    try:
        return cast("AnyVAD", await engine)
    except EngineError as error:
        logger.debug("speech is told by its loudness: {}", error)
        return None
