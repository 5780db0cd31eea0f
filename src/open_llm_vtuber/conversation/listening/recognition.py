"""The words of one utterance, written down while it is being said: segments, guesses, partials."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from loguru import logger

from ...audio import MIC_RATE, Pcm, SoundBuffer
from ...engines.asr.base import AnyASR
from ...engines.asr.segments import Cut, Segmenter, joined
from ...engines.base import EngineError
from ...engines.vad.base import FRAME
from ..context import ServiceContext

SHORTEST_S = 1.2
"""Of sound that is shown, the 0.7 s from before the decision included: on less, models make words
up."""
PAUSE_S = 0.4
"""From the end of one partial transcription to the next, at least."""
REST = 3.0
"""The same, as a multiple of the time the last one took: the engine is idle most of the time."""


class Recognizer:
    """The ASR engine as one microphone asks it. Belongs to one connection and one character."""

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

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), at most `max_segment_s` long. Raises EngineError."""
        asr = await self._context.asr()
        return await asr.in_turn(pcm, timeout_s=self._context.limits.asr_timeout_s)

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


class Recognition:
    """Belongs to one utterance.

    Long sound is written down in segments while it is spoken. What is open is written down on a
    guess at each pause; the guess is thrown away if the person speaks on, and is the answer if not.
    Where the client wants to see what was heard so far, the guess is shown, and in between an
    engine that does that cheaply is asked for the sound since the last pause.
    """

    def __init__(self, recognizer: Recognizer, sound: SoundBuffer, start_frames: int) -> None:
        """So many voiced frames in a row are speech."""
        self._recognizer = recognizer
        self._sound = sound
        self._segmenter = Segmenter(recognizer.max_segment_s, start_frames)
        self._closed: list[asyncio.Task[str]] = []
        """The words of the segments before `_closed_samples`, in order."""
        self._closed_samples = 0
        self._speculative: asyncio.Task[str] | None = None
        """The words of the whole, asked for at the last pause."""
        self._settled, self._settled_samples = "", 0
        """What was heard up to there, at a pause."""
        self._asking: asyncio.Task[None] | None = None
        self._finished = False

    def feed(self, voiced: bool, level_db: float) -> None:
        """Take the next frame, which was added to the sound."""
        if cut := self._segmenter.push(voiced, level_db):
            self._close(cut)

    def pause(self) -> None:
        """The person pauses: this may be the end."""
        self._guess()
        self._stop_asking()
        if self._recognizer.wants_partials():
            self._recognizer.start(self._show_guess(self._sound.samples))

    def resume(self) -> None:
        """It was not: what was transcribed of it is thrown away."""
        speculative, self._speculative = self._speculative, None
        if speculative is not None:
            _cancel(speculative)

    def look_ahead(self, pause_in_s: float) -> None:
        """Have what was said so far shown, if that keeps nobody waiting.

        No pause can be noticed before `pause_in_s` seconds; 0 in a pause.
        """
        if not self._recognizer.wants_partials() or (self._asking and not self._asking.done()):
            return
        if asr := self._recognizer.idle(self._sound.samples - self._settled_samples, pause_in_s):
            self._asking = self._recognizer.start(self._ask(asr))

    def finish(self) -> None:
        """Nothing more is said: have the rest written down, if it is not already."""
        self._finished = True
        self._stop_asking()
        if self._speculative is None:
            self._guess()

    async def words(self) -> str:
        """Return the words of all of it, once it is finished. Raises EngineError."""
        assert self._speculative  # noqa: S101 - `finish` sees to that
        return await self._speculative

    def drop(self) -> None:
        """Stop all transcriptions: nobody will use them."""
        self._finished = True
        self._stop_asking()
        self.resume()
        for task in self._closed:
            _cancel(task)
        self._closed.clear()

    def _close(self, cut: Cut) -> None:
        """Have the next segment written down, once and for all."""
        begin = self._closed_samples
        self._closed_samples += cut.frames * FRAME
        if cut.begin < cut.end:
            segment = self._sound.slice(begin + cut.begin * FRAME, begin + cut.end * FRAME)
            self._closed.append(asyncio.create_task(self._recognizer.transcribe(segment)))

    def _guess(self) -> None:
        """Have what is open written down as if it was complete."""
        speaks = self._segmenter.speaks or not self._closed
        rest = self._sound.slice(self._closed_samples) if speaks else None
        self._speculative = asyncio.create_task(self._whole(rest))

    async def _whole(self, rest: Pcm | None) -> str:
        words = [await asyncio.shield(task) for task in list(self._closed)]
        if rest is not None:
            words.append(await self._recognizer.transcribe(rest))
        return joined(words)

    def _stop_asking(self) -> None:
        """Nobody waits for what is being transcribed: if it has not begun yet, it never does."""
        if self._asking:
            self._asking.cancel()

    async def _ask(self, asr: AnyASR) -> None:
        started = time.perf_counter()
        before, samples = self._settled, self._settled_samples
        pcm = self._sound.slice(samples)
        try:
            text = await asr.in_turn(pcm)
        except EngineError as error:
            logger.debug("no partial transcript: {}", error)
            text = ""
        finally:
            took_s = time.perf_counter() - started
            self._recognizer.rest(took_s)
        self._recognizer.took(len(pcm), took_s)
        if text and samples == self._settled_samples:
            await self._show(f"{before} {text}".strip())

    async def _show_guess(self, samples: int) -> None:
        speculative = self._speculative
        if speculative is None:
            return
        started = time.perf_counter()
        await asyncio.wait([speculative])
        if self._finished or speculative.cancelled() or speculative.exception():
            return
        self._recognizer.took(samples, time.perf_counter() - started)
        self._settled, self._settled_samples = speculative.result(), samples
        await self._show(self._settled)

    async def _show(self, text: str) -> None:
        if text and not self._finished:
            await self._recognizer.show(text)


def _cancel(task: asyncio.Task[str]) -> None:
    if not task.cancel() and not task.cancelled():
        task.exception()  # seen: nobody waits for it
