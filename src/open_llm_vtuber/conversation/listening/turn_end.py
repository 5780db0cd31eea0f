"""Whether the person who pauses is done, as the turn detector answers while the pause goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from loguru import logger

from ...audio import MIC_RATE, Pcm, SoundBuffer
from ...engines.base import EngineError
from ...engines.turn.base import AnyTurnDetector
from ..context import ServiceContext


class TurnEnd:
    """Belongs to one microphone and one character. Without a turn detector it is never complete."""

    def __init__(
        self,
        context: ServiceContext,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """`start` runs what is done beside the messages."""
        self._context = context
        self._start = start
        self._question: asyncio.Task[None] | None = None
        self.complete = False
        """Whether what was said before the pause is complete."""

    def ask(self, sound: SoundBuffer) -> None:
        """The person pauses at the end of `sound` (16 kHz): ask whether they are done."""
        self.withdraw()
        if detector := self._context.ready_turn_detector():
            tail = sound.slice(
                max(0, sound.samples - int(detector.window_s * MIC_RATE)), sound.samples
            )
            self._question = self._start(self._answer(detector, tail))

    def withdraw(self) -> None:
        """The pause is over, and the question with it."""
        self.complete = False
        if self._question:
            self._question.cancel()
            self._question = None

    async def _answer(self, detector: AnyTurnDetector, tail: Pcm) -> None:
        try:
            likely = await detector.in_turn(tail, timeout_s=self._context.limits.asr_timeout_s)
        except EngineError as error:
            logger.warning("the length of a pause decides alone: {}", error)
            return
        self.complete = likely >= self._context.character.turn_config.complete_at
