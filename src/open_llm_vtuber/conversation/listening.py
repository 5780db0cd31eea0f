"""One microphone: sound in, utterances out, transcription begun at the first pause."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..audio import MIC_RATE, Pcm
from ..vad.base import FRAME, Thresholds, VADStream
from .endpointing import Endpointer, Heard

PRE_ROLL_FRAMES = 20
"""Sound kept from before the decision that somebody speaks: 0.64 s."""

Transcribe = Callable[[Pcm], Coroutine[Any, Any, str]]


@dataclass
class Utterance:
    """What one person said in one go."""

    chunks: list[Pcm] = field(default_factory=list)
    """16 kHz, in order; joined by `pcm`. Only `append` and `extend` change it."""
    voiced_until: float | None = None
    """When the last voiced sample came in, on the clock of time.perf_counter()."""
    guess: asyncio.Task[str] | None = None
    """A transcription begun at the last pause. Who takes the utterance awaits or cancels it."""

    def __post_init__(self) -> None:
        self.samples = sum(len(chunk) for chunk in self.chunks)

    def append(self, chunk: Pcm) -> None:
        """Add the next samples."""
        self.chunks.append(chunk)
        self.samples += len(chunk)

    def pcm(self) -> Pcm:
        """Return the whole of it; copies it, so not on the event loop when it is long."""
        return np.concatenate(self.chunks) if self.chunks else np.zeros(0, np.float32)

    def since(self, start: int) -> Pcm:
        """Return the samples from `start` on; what comes before them is not touched."""
        begins, tail = self.samples, deque[Pcm]()
        for chunk in reversed(self.chunks):
            if begins <= start:
                break
            tail.appendleft(chunk)
            begins -= len(chunk)
        return np.concatenate(tail)[start - begins :] if tail else np.zeros(0, np.float32)

    def extend(self, later: Utterance) -> None:
        """Append what was said next. A guess at one half is none at the whole."""
        whole = not self.chunks
        self.drop_guess()
        self.chunks += later.chunks
        self.samples += later.samples
        self.voiced_until = later.voiced_until
        if whole:
            self.guess = later.guess
        else:
            later.drop_guess()

    def drop_guess(self) -> None:
        """Stop a transcription that nobody will use."""
        guess, self.guess = self.guess, None
        if guess is not None and not guess.cancel() and not guess.cancelled():
            guess.exception()  # seen; the transcription of the whole will fail or not by itself


class Listener:
    """Finds where speech begins and ends. It belongs to one connection."""

    def __init__(
        self, stream: VADStream, thresholds: Thresholds, transcribe: Transcribe, max_samples: int
    ) -> None:
        self._stream = stream
        self._endpointer = Endpointer(thresholds)
        self._transcribe = transcribe
        self._max_samples = max_samples
        self._rest: Pcm = np.zeros(0, np.float32)
        self._before: deque[Pcm] = deque(maxlen=PRE_ROLL_FRAMES + thresholds.start_frames)
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
        sound = np.concatenate([self._rest, pcm])
        count = len(sound) // FRAME
        frames = sound[: count * FRAME].reshape(count, FRAME)
        self._rest = sound[count * FRAME :]
        if not count:
            return
        probabilities = await self._stream.feed(frames)
        for frame, probability, level in zip(frames, probabilities, levels_db(frames), strict=True):
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
            utterance.drop_guess()

    def _take(self, frame: Pcm, probability: float, level: float) -> tuple[Heard, Utterance] | None:
        heard = self._endpointer.push(probability, level)
        if self._utterance is None:
            self._before.append(frame)
            if heard is not Heard.START:
                return None
            self._utterance = Utterance(chunks=list(self._before))
            self._before.clear()
        else:
            self._utterance.append(frame)
        utterance = self._utterance
        if probability >= self._endpointer.thresholds.probability:
            utterance.voiced_until = time.perf_counter()
        if heard is Heard.PAUSE:
            utterance.guess = asyncio.create_task(self._transcribe(utterance.pcm()))
        elif heard is Heard.RESUME:
            utterance.drop_guess()
        elif heard is not Heard.START and utterance.samples >= self._max_samples:
            heard = Heard.END
            self._endpointer.reset()
        if heard is Heard.END:
            self._utterance = None
        return (heard, utterance) if heard else None

    def _reset(self) -> None:
        self._endpointer.reset()
        self._stream.reset()
        self._before.clear()
        self._rest = np.zeros(0, np.float32)


def levels_db(frames: Pcm) -> npt.NDArray[np.float64]:
    """Return the level of each frame (n x 512) in dB, where 1 is the smallest 16-bit sample."""
    power = np.square(frames, dtype=np.float64).mean(axis=1) * 32768.0**2
    decibels: npt.NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1.0))
    return decibels
