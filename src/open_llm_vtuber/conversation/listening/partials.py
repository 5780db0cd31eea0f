"""What was heard so far, while the person still speaks; only where it keeps nobody waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from loguru import logger

from ...audio import MIC_RATE
from ...engines.asr.base import AnyASR
from ...engines.base import EngineError
from ..extensions import Extensions
from .utterance import Utterance

Task = asyncio.Task[None]

SHORTEST_S = 1.2
"""Of sound, the 0.7 s from before the decision included: on less, models make words up."""
PAUSE_S = 0.4
"""From the end of one transcription to the next, at least."""
REST = 3.0
"""The same, as a multiple of the time the last one took: the engine is idle most of the time."""


class Partials:
    """Belongs to one connection.

    The transcription that is begun at a pause anyway is shown when it is there. In between, an
    engine that does that cheaply is asked for the sound since the last pause: when nobody else
    uses it, and only if it will be done before the next pause can be noticed, so that the
    transcription that counts never waits for this one.
    """

    def __init__(
        self, extensions: Extensions, start: Callable[[Coroutine[Any, Any, None]], Task]
    ) -> None:
        self._extensions = extensions
        self._start = start
        self._utterance: Utterance | None = None
        self._settled = ""
        """What was heard up to `_settled_samples`, at a pause."""
        self._settled_samples = 0
        self._asking: Task | None = None
        self._next_at = 0.0
        self._cost: float | None = None
        """Seconds of work for a second of sound, as the last transcription took."""

    def follow(self, utterance: Utterance | None, asr: AnyASR | None, pause_in_s: float) -> None:
        """More was heard: `utterance` is what is being said, if anything.

        `asr` is the engine if it is loaded; no pause can be noticed before `pause_in_s` seconds.
        """
        if utterance is not self._utterance:
            self._utterance = utterance
            self._settled, self._settled_samples = "", 0
            self._stop()
        if (
            utterance is None
            or asr is None
            or asr.repeat_cost is None
            or asr.busy
            or not (self._asking is None or self._asking.done())
            or time.perf_counter() < self._next_at
        ):
            return
        length_s = (utterance.samples - self._settled_samples) / MIC_RATE
        cost = asr.repeat_cost if self._cost is None else self._cost
        if length_s >= SHORTEST_S and length_s * cost <= pause_in_s:
            self._asking = self._start(self._ask(utterance, asr))

    def paused(self, utterance: Utterance) -> None:
        """A transcription was begun at a pause: show it when it is there."""
        self._stop()
        self._start(self._await_guess(utterance, utterance.samples))

    def _stop(self) -> None:
        """Nobody waits for what is being transcribed: if it has not begun yet, it never does."""
        if self._asking:
            self._asking.cancel()

    async def _ask(self, utterance: Utterance, asr: AnyASR) -> None:
        started = time.perf_counter()
        before, samples = self._settled, self._settled_samples
        try:
            pcm = utterance.since(samples)
            text = await asr.in_turn(pcm)
        except EngineError as error:
            logger.debug("no partial transcript: {}", error)
            text = ""
        finally:
            took_s = time.perf_counter() - started
            self._next_at = time.perf_counter() + max(PAUSE_S, REST * took_s)
        self._cost = took_s * MIC_RATE / len(pcm)
        if text and samples == self._settled_samples:
            await self._show(utterance, f"{before} {text}".strip())

    async def _await_guess(self, utterance: Utterance, samples: int) -> None:
        speculative = utterance.speculative
        if speculative is None:
            return
        started = time.perf_counter()
        await asyncio.wait([speculative])
        if speculative.cancelled() or speculative.exception() or utterance is not self._utterance:
            return
        self._cost = (time.perf_counter() - started) * MIC_RATE / samples
        self._settled, self._settled_samples = speculative.result(), samples
        await self._show(utterance, self._settled)

    async def _show(self, utterance: Utterance, text: str) -> None:
        if utterance is self._utterance and text:
            await self._extensions.show_partial(text)
