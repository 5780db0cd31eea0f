"""The words of an utterance from an engine that takes whole sound: segments, guesses, partials."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from loguru import logger

from ...audio import Pcm, SoundBuffer
from ...engines.asr.base import AnyASR
from ...engines.asr.segments import Cut, Segmenter, joined
from ...engines.base import EngineError
from ...engines.vad.base import FRAME
from .recognition import Recognition
from .recognizer import Recognizer


class SegmentedRecognition(Recognition):
    """Long sound is written down in segments while it is spoken.

    What is open is written down on a guess at each pause; the guess is thrown away if the person
    speaks on, and is the answer if not. Where the client wants to see what was heard so far, the
    guess is shown, and in between an engine that does that cheaply is asked for the sound since
    the last pause.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        sound: SoundBuffer,
        start_frames: int,
        guessed: Callable[[str], None],
    ) -> None:
        """`start_frames` voiced frames in a row are speech; `guessed` takes the words of a guess.

        It is told of them only while the pause goes on.
        """
        self._recognizer = recognizer
        self._guessed = guessed
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
        self._stop_asking()
        if not self._recognizer.speculates:
            return
        self._guess()
        self._recognizer.start(self._tell_guess(self._sound.samples))

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
            return
        finally:
            took_s = time.perf_counter() - started
            self._recognizer.rest(took_s)
        self._recognizer.took(len(pcm), took_s)
        if samples == self._settled_samples:
            await self._show(f"{before} {text}".strip())

    async def _tell_guess(self, samples: int) -> None:
        speculative = self._speculative
        if speculative is None:
            return
        started = time.perf_counter()
        await asyncio.wait([speculative])
        if self._finished or speculative.cancelled() or speculative.exception():
            return
        self._recognizer.took(samples, time.perf_counter() - started)
        self._settled, self._settled_samples = speculative.result(), samples
        if speculative is self._speculative:
            self._guessed(self._settled)
        if self._recognizer.wants_partials():
            await self._show(self._settled)

    async def _show(self, text: str) -> None:
        if not self._finished:
            await self._recognizer.show(text)


def _cancel(task: asyncio.Task[str]) -> None:
    if not task.cancel() and not task.cancelled():
        task.exception()  # seen: nobody waits for it
