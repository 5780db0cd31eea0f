"""What is known of the pause that goes on, and how long it must be for the turn to be over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from loguru import logger

from ...audio import MIC_RATE, Pcm, SoundBuffer
from ...engines.base import EngineError
from ...engines.turn.base import AnyTurnDetector
from ...engines.vad.base import FRAME
from ..context import ServiceContext
from .pace import Pace
from .pause_length import Evidence, needed_s
from .words_cue import cue

ASKED_S = (0.19, 0.5, 1.2)
"""Lengths of a pause at which the turn detector is asked: what it makes of a silence changes as
that grows."""
SPOKEN_ON_S = 2.0
"""Who speaks again within that after their turn was taken was cut off."""
FRAME_S = FRAME / MIC_RATE


class TurnEnd:
    """Belongs to one microphone and one character. `pace` outlives it.

    Without a turn detector, words and pace decide.
    """

    def __init__(
        self,
        context: ServiceContext,
        pace: Pace,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`start` runs what is done beside the messages; `clock` tells how long an answer took."""
        self._context = context
        self._pace = pace
        self._start = start
        self._clock = clock
        self._question: asyncio.Task[None] | None = None
        self._asked = 0
        """How many of `ASKED_S` are behind, in this pause."""
        self._took_s = 0.0
        """How long the last answer took: a question that would come too late is not asked."""
        self._too_late = False
        """Whether a question was not asked for that reason, in this pause."""
        self._evidence = Evidence(pace_s=pace.long_s)

    def needed_frames(self, usual_frames: int) -> int:
        """Return how many frames the pause has to be, by what is known now.

        `usual_frames` is for a pause of which nothing is known.
        """
        neutral = self._context.character.turn_config.complete_at
        return max(1, round(needed_s(self._evidence, usual_frames * FRAME_S, neutral) / FRAME_S))

    def listen(self, sound: SoundBuffer, frames: int, usual_frames: int) -> None:
        """Ask the turn detector if it is time, in a pause of so many frames that ends `sound`."""
        pause_s, end_s = frames * FRAME_S, self.needed_frames(usual_frames) * FRAME_S
        due = sum(pause_s >= asked_s for asked_s in ASKED_S)
        if due <= self._asked or self._question is not None:
            return
        self._too_late = pause_s + self._took_s >= end_s
        if not self._too_late:
            self._asked = due
            self._ask(sound)

    def await_words(self) -> None:
        """What was said before this pause is being written down."""
        self._evidence = replace(self._evidence, awaits_words=True)

    def words(self, text: str) -> None:
        """In this pause, `text` is what was said."""
        self._evidence = replace(self._evidence, cue=cue(text), awaits_words=False)

    def resume(self, frames: float) -> None:
        """The person speaks on after a pause of so many frames, or after their turn was taken."""
        if frames * FRAME_S <= SPOKEN_ON_S:
            self._pace.spoke_on(frames * FRAME_S)
        self.withdraw()

    def withdraw(self) -> None:
        """The pause is over: what was known of it is forgotten, what was asked is withdrawn."""
        if self._question:
            self._question.cancel()
            self._question = None
        if self._too_late:  # many may have asked at once: it is not slow for ever
            self._took_s /= 2
        self._asked, self._too_late = 0, False
        self._evidence = Evidence(pace_s=self._pace.long_s)

    def _ask(self, sound: SoundBuffer) -> None:
        if detector := self._context.ready_turn_detector():
            first = max(0, sound.samples - int(detector.window_s * MIC_RATE))
            self._question = self._start(self._answer(detector, sound.slice(first)))

    async def _answer(self, detector: AnyTurnDetector, tail: Pcm) -> None:
        started = self._clock()
        try:
            likely = await detector.in_turn(tail, timeout_s=self._context.limits.asr_timeout_s)
        except EngineError as error:
            logger.warning("words and the length of a pause decide alone: {}", error)
            return
        finally:
            if self._question is asyncio.current_task():
                self._question = None
        self._took_s = self._clock() - started
        answers = (*self._evidence.detector, likely)
        self._evidence = replace(self._evidence, detector=answers)
