"""What a turn detector must do: the end of what was said in, how likely it is complete out."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any

import numpy as np

from ...audio import MIC_RATE, Pcm
from ..base import C, Engine
from ..trial import Stopwatch, Trial
from ..work_time import work_timeout


class TurnDetector(Engine[C]):
    """Tells at a pause whether the person is done.

    It makes the wait shorter and is never a gate: where it cannot be had, or does not answer in
    time, the length of the pause decides alone.
    """

    too_slow = (
        "Telling whether a turn is over took longer than {limit} s "
        "(system_config.limits.asr_timeout_s)."
    )
    niceness = 5
    """One question is 0.1 s of work: sound is listened to, and others are answered, meanwhile."""
    window_s: float
    """How much of the end of an utterance it looks at, in seconds."""

    @abstractmethod
    async def complete(self, pcm: Pcm) -> float:
        """Return how likely what was said is complete, from 0 to 1. Raises EngineError.

        `pcm` (float32, 16 kHz) ends with the pause and is at most `window_s` long. Call `in_turn`
        instead: this is what an engine does when it is its turn.
        """

    async def in_turn(self, pcm: Pcm, *, timeout_s: float = math.inf) -> float:
        """Return how likely the speech that ends `pcm` is complete, from 0 to 1.

        `timeout_s` counts from when it is its turn. Raises EngineError.
        """
        tail = np.nan_to_num(pcm[-int(self.window_s * MIC_RATE) :], posinf=0, neginf=0)
        try:
            async with self.place():
                with work_timeout(timeout_s):
                    return await self.complete(tail)
        except TimeoutError:
            raise self._late(timeout_s) from None

    async def trial(self, trial: Trial) -> str:
        """Ask of what the voice said."""
        took = Stopwatch()
        complete = await self.in_turn(trial.speech)
        return f"{took.ms:.0f} ms; complete at {complete:.0%}"


AnyTurnDetector = TurnDetector[Any]
