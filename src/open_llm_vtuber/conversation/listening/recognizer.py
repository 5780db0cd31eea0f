"""The ASR engine as one microphone asks it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from ...audio import MIC_RATE, Pcm
from ...engines.asr.base import AnyASR
from ..context import ServiceContext

SHORTEST_S = 1.2
"""Of sound that is shown, the 0.7 s from before the decision included: on less, models make words
up."""
PAUSE_S = 0.4
"""From the end of one partial transcription to the next, at least."""
REST = 3.0
"""The same, as a multiple of the time the last one took: the engine is idle most of the time."""


class Recognizer:
    """Belongs to one client and one character."""

    def __init__(
        self,
        context: ServiceContext,
        wants_partials: Callable[[], bool],
        show: Callable[[str], Awaitable[None]],
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """`show` shows what was heard so far; `start` runs what is done beside the messages."""
        self._context = context
        self.wants_partials = wants_partials
        self.show = show
        self.start = start
        self._next_at = 0.0
        self._cost: float | None = None
        """Seconds of work for a second of sound, as the last transcription took."""

    @property
    def max_segment_s(self) -> float | None:
        """How much sound the engine is given at once; None for any length."""
        return self._context.max_segment_s

    @property
    def speculates(self) -> bool:
        """Whether the engine may be asked for what may not be all yet."""
        asr = self._context.ready_asr()
        return asr is None or asr.speculates

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), at most `max_segment_s` long. Raises EngineError."""
        asr = await self._context.asr()
        return await asr.in_turn(pcm, timeout_s=self._context.limits.asr_timeout_s)

    @property
    def answers_early(self) -> bool:
        """Whether the engine tells words while they are said, by itself or asked, if it is free."""
        asr = self._context.ready_asr()
        if asr is None:
            return False
        return asr.streams or (asr.speculates and asr.repeat_cost is not None)

    def streaming(self) -> AnyASR | None:
        """Return the engine if it is loaded and follows the sound itself."""
        asr = self._context.ready_asr()
        return asr if asr and asr.streams else None

    async def in_time(self, asr: AnyASR, words: Awaitable[str]) -> str:
        """Return `words`, which `asr` writes down. Raises EngineError if that takes too long."""
        return await asr.in_time(words, self._context.limits.asr_timeout_s)

    def idle(self, samples: int, pause_in_s: float) -> AnyASR | None:
        """Return the engine if it may be asked for a partial transcript of so many samples now.

        That is when it is cheap to ask, when nobody else uses it, and only if it will be done
        before a pause can be noticed, in `pause_in_s`: the transcription that counts never waits
        for this one.
        """
        asr = self._context.ready_asr()
        if asr is None or asr.repeat_cost is None or asr.busy:
            return None
        if time.perf_counter() < self._next_at:
            return None
        cost = asr.repeat_cost if self._cost is None else self._cost
        length_s = samples / MIC_RATE
        return asr if length_s >= SHORTEST_S and length_s * cost <= pause_in_s else None

    def took(self, samples: int, seconds: float) -> None:
        """Note how long it took to write so many samples down."""
        self._cost = seconds * MIC_RATE / samples

    def rest(self, seconds: float) -> None:
        """Leave the engine alone for a while, after a partial transcription of so many seconds."""
        self._next_at = time.perf_counter() + max(PAUSE_S, REST * seconds)
