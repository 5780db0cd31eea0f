"""One microphone: sound in, utterances out, transcription begun at the first pause."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any

import numpy as np

from ...audio import MIC_RATE, Pcm, SoundBuffer, levels_db
from ...engines.asr.recognition import BATCH
from ...engines.asr.segments import Cut, Segmenter, joined
from ...engines.vad.base import FRAME, Thresholds, VADStream
from .endpointing import Endpointer, Heard

PRE_ROLL_FRAMES = 20
"""Sound kept from before the decision that somebody speaks: 0.64 s."""

Transcribe = Callable[[Pcm], Coroutine[Any, Any, str]]


class Utterance:
    """What one person said in one go, and what of it is being written down already."""

    def __init__(self, chunks: Iterable[Pcm] = (), voiced_until: float | None = None) -> None:
        self._sound = SoundBuffer(chunks)
        self.voiced_until = voiced_until
        """When the last voiced sample came in, on the clock of time.perf_counter()."""
        self.speculative: asyncio.Task[str] | None = None
        """The words of the whole, asked for at the last pause."""
        self._closed: list[asyncio.Task[str]] = []
        """The words of the segments before `closed_samples`, in order."""
        self._tasks: list[asyncio.Task[str]] = []
        self.closed_samples = 0

    @property
    def samples(self) -> int:
        """How long it is, at 16 kHz."""
        return self._sound.samples

    @property
    def size_bytes(self) -> int:
        """Return how much memory its sound takes."""
        return self.samples * 4

    def append(self, chunk: Pcm) -> None:
        """Add the next samples."""
        self._sound.append(chunk)

    def since(self, start: int) -> Pcm:
        """Return a copy of the samples from `start` on."""
        return self._sound.slice(start)

    async def rest(self) -> AsyncIterator[Pcm]:
        """Yield the samples that nobody writes down yet, a second at a time."""
        for start in range(self.closed_samples, self.samples, MIC_RATE):
            yield self._sound.slice(start, start + MIC_RATE)

    def close(self, cut: Cut, transcribe: Transcribe) -> None:
        """Have the next segment written down, once and for all."""
        begin = self.closed_samples
        self.closed_samples += cut.frames * FRAME
        if cut.begin < cut.end:
            segment = self._sound.slice(begin + cut.begin * FRAME, begin + cut.end * FRAME)
            self._closed.append(self._start(transcribe(segment)))

    def begin_speculative(self, transcribe: Transcribe, *, speaks: bool) -> None:
        """Have what is open written down as if it was complete; `speaks`: if it holds speech."""
        rest = self.since(self.closed_samples) if speaks or not self._closed else None
        self.speculative = self._start(self._whole(rest, transcribe))

    def close_speculative(self) -> None:
        """Keep what was transcribed on a guess: more follows, but an utterance had ended there."""
        if self.speculative is not None:
            self._closed, self.speculative = [self.speculative], None
            self.closed_samples = self.samples

    async def closed_words(self) -> list[str]:
        """Return the words of the closed segments. Raises EngineError."""
        return [await asyncio.shield(task) for task in list(self._closed)]

    def extend(self, later: Utterance) -> None:
        """Append what was said next; what is being written down of the two goes on."""
        before = self.samples
        self.close_speculative()
        for start in range(0, later.samples, MIC_RATE):
            self._sound.append(later._sound.slice(start, start + MIC_RATE))
        self.voiced_until = later.voiced_until
        if not before:
            self.speculative, self._closed = later.speculative, later._closed
            self._tasks, self.closed_samples = later._tasks, later.closed_samples
            return
        if self.closed_samples < before:
            later.drop()  # its words would come before those of what is open here
            return
        self._tasks += later._tasks
        self._closed += [later.speculative] if later.speculative else later._closed
        self.closed_samples += later.samples if later.speculative else later.closed_samples

    def drop_speculative(self) -> None:
        """It was not complete: stop the transcription that was begun at a pause."""
        speculative, self.speculative = self.speculative, None
        if speculative is not None:
            self._tasks = [task for task in self._tasks if task is not speculative]
            _cancel(speculative)

    def drop(self) -> None:
        """Stop all transcriptions: nobody will use them."""
        self.speculative, self._closed = None, []
        for task in self._tasks:
            _cancel(task)
        self._tasks.clear()

    def hear_anew(self) -> None:
        """Stop all transcriptions; the whole of it is still to be written down."""
        self.drop()
        self.closed_samples = 0

    def _start(self, work: Coroutine[Any, Any, str]) -> asyncio.Task[str]:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        return task

    async def _whole(self, rest: Pcm | None, transcribe: Transcribe) -> str:
        words = await self.closed_words()
        if rest is not None:
            words.append(await transcribe(rest))
        return joined(words)


def _cancel(task: asyncio.Task[str]) -> None:
    if not task.cancel() and not task.cancelled():
        task.exception()  # seen: nobody waits for it


class Listener:
    """Finds where speech begins and ends. It belongs to one connection."""

    def __init__(
        self,
        stream: VADStream,
        thresholds: Thresholds,
        transcribe: Transcribe,
        is_full: Callable[[int], bool],
        max_segment_s: float | None = None,
    ) -> None:
        """`is_full` says of a length in samples whether an utterance must end there.

        `max_segment_s` is how much of an utterance `transcribe` is given at once.
        """
        self._stream = stream
        self._endpointer = Endpointer(thresholds)
        self._transcribe = transcribe
        self._is_full = is_full
        self._rest: Pcm = np.zeros(0, np.float32)
        self._before: deque[tuple[Pcm, bool, float]] = deque(
            maxlen=PRE_ROLL_FRAMES + thresholds.start_frames
        )
        self._max_segment_s = max_segment_s
        self._segmenter = Segmenter(max_segment_s, thresholds.start_frames)
        self._utterance: Utterance | None = None

    @property
    def utterance(self) -> Utterance | None:
        """What is being said."""
        return self._utterance

    @property
    def pause_in_s(self) -> float:
        """For how long no pause in it can be noticed; 0 in a pause."""
        return self._endpointer.frames_to_pause * FRAME / MIC_RATE

    def tune(self, thresholds: Thresholds) -> None:
        """Decide by other thresholds from the next frame on; the smoothing stays as it is."""
        self._endpointer.thresholds = thresholds

    async def feed(self, pcm: Pcm) -> AsyncIterator[tuple[Heard, Utterance]]:
        """Take the next samples, of any number, and yield what they decided.

        Fewer samples than a frame wait for the next call.
        """
        for start in range(0, len(pcm), BATCH):
            sound = np.concatenate([self._rest, pcm[start : start + BATCH]])
            count = len(sound) // FRAME
            frames = sound[: count * FRAME].reshape(count, FRAME)
            self._rest = sound[count * FRAME :].copy()
            if not count:
                continue
            found = zip(frames, await self._stream.feed(frames), levels_db(frames), strict=True)
            for frame, probability, level in found:
                if decision := self._take(frame, probability, level):
                    yield decision

    def finish(self) -> Utterance | None:
        """The microphone is closed: return what was being said, if anything."""
        utterance, self._utterance = self._utterance, None
        self._reset()
        return utterance

    def close(self) -> None:
        """Stop everything."""
        if utterance := self.finish():
            utterance.drop()

    def _take(self, frame: Pcm, probability: float, level: float) -> tuple[Heard, Utterance] | None:
        heard = self._endpointer.push(probability, level)
        voiced = probability >= self._endpointer.thresholds.probability
        if self._utterance is None:
            self._before.append((frame.copy(), voiced, level))
            if heard is not Heard.START:
                return None
            self._utterance = self._begin()
        else:
            self._follow(self._utterance, frame, voiced, level)
        utterance = self._utterance
        if voiced:
            utterance.voiced_until = time.perf_counter()
        if heard is Heard.PAUSE:
            utterance.begin_speculative(self._transcribe, speaks=self._segmenter.speaks)
        elif heard is Heard.RESUME:
            utterance.drop_speculative()
        elif heard is not Heard.START and self._is_full(utterance.samples):
            heard = Heard.END
            self._endpointer.reset()
        if heard is Heard.END:
            self._utterance = None
        return (heard, utterance) if heard else None

    def _begin(self) -> Utterance:
        """Begin an utterance with what was kept from before the decision."""
        utterance = Utterance()
        start_frames = self._endpointer.thresholds.start_frames
        self._segmenter = Segmenter(self._max_segment_s, start_frames)
        for frame, voiced, level in self._before:
            self._follow(utterance, frame, voiced, level)
        self._before.clear()
        return utterance

    def _follow(self, utterance: Utterance, frame: Pcm, voiced: bool, level: float) -> None:
        utterance.append(frame)
        if cut := self._segmenter.push(voiced, level):
            utterance.close(cut, self._transcribe)

    def _reset(self) -> None:
        self._endpointer.reset()
        self._stream.reset()
        self._before.clear()
        self._rest = np.zeros(0, np.float32)
