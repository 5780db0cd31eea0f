"""What a VAD (voice activity detection) engine must do."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

from ..audio import Pcm
from ..engine import C, Engine

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


AnyVAD = VADEngine[Any]
