"""What passes from one engine to the next while `--check` tries them, and how time is told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from ..audio import MIC_RATE, Pcm

SENTENCE = "Hello there, this is a test of the voice."


@dataclass
class Trial:
    """One round of trials."""

    speech: Pcm = field(default_factory=lambda: np.zeros(MIC_RATE, np.float32))
    """SENTENCE at 16 kHz, float32, as the voice said it; silence as long as none has."""


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    @property
    def ms(self) -> float:
        """Milliseconds so far."""
        return (time.perf_counter() - self._started) * 1000
