"""One microphone: sound in, utterances out, each recognized while it is being said."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable

import numpy as np

from ...audio import MIC_RATE, Pcm, levels_db
from ...engines.asr.recognition import BATCH
from ...engines.vad.base import FRAME, Thresholds, VADStream
from .endpointing import Endpointer, Heard
from .recognition import Recognition
from .recognizer import Recognizer
from .segmented import SegmentedRecognition
from .streamed import StreamedRecognition
from .turn_end import TurnEnd
from .utterance import Utterance

PRE_ROLL_FRAMES = 20
"""Sound kept from before the decision that somebody speaks: 0.64 s."""


class Listener:
    """Finds where speech begins and ends. It belongs to one client."""

    def __init__(
        self,
        stream: VADStream,
        thresholds: Thresholds,
        recognizer: Recognizer,
        turn_end: TurnEnd,
        is_full: Callable[[int], bool],
        guessed: Callable[[str], None],
    ) -> None:
        """`is_full` says of a length in samples whether an utterance must end there.

        `guessed` is told, while a pause goes on, what was said if that is all.
        """
        self._stream = stream
        self._endpointer = Endpointer(thresholds)
        self._recognizer = recognizer
        self._turn_end = turn_end
        self._is_full = is_full
        self._guessed = guessed
        self._rest: Pcm = np.zeros(0, np.float32)
        self._before: deque[tuple[Pcm, bool, float]] = deque(
            maxlen=PRE_ROLL_FRAMES + thresholds.start_frames
        )
        self._utterance: Utterance | None = None
        self._recognition: Recognition | None = None
        self._silent_frames: float = math.inf
        """How long it is since the turn was taken: who speaks again at once was cut off."""

    @property
    def utterance(self) -> Utterance | None:
        """What is being said."""
        return self._utterance

    def tune(self, thresholds: Thresholds) -> None:
        """Decide by other thresholds from the next frame on; the smoothing stays as it is."""
        self._endpointer.thresholds = thresholds

    async def feed(self, pcm: Pcm) -> AsyncIterator[tuple[Heard, Utterance]]:
        """Take the next samples, of any number, and yield what they decided.

        Fewer samples than a frame wait for the next call.
        """
        for start in range(0, len(pcm), BATCH):
            sound = pcm[start : start + BATCH]
            if len(self._rest):
                sound = np.concatenate([self._rest, sound])
            count = len(sound) // FRAME
            frames = sound[: count * FRAME].reshape(count, FRAME)
            self._rest = sound[count * FRAME :].copy()
            if not count:
                continue
            found = zip(frames, await self._stream.feed(frames), levels_db(frames), strict=True)
            for frame, probability, level in found:
                if decision := self._take(frame, probability, level):
                    yield decision
            if self._recognition:
                pause_in_s = self._endpointer.frames_to_pause * FRAME / MIC_RATE
                self._recognition.look_ahead(pause_in_s)

    def finish(self) -> Utterance | None:
        """The microphone is closed: return what was being said, if anything."""
        utterance = self._end()
        self._endpointer.reset()
        self._stream.reset()
        self._before.clear()
        self._rest = np.zeros(0, np.float32)
        self._silent_frames = math.inf
        return utterance

    def heard_out(self) -> None:
        """The person has heard the answer to its end: what they say next is no rest of a turn."""
        self._silent_frames = math.inf

    def forget(self) -> None:
        """What was said up to now is not wanted; the utterance begins here."""
        if self._recognition:
            self._recognition.drop()
            self._begin()

    def close(self) -> None:
        """Stop everything."""
        if utterance := self.finish():
            utterance.drop()

    def _take(self, frame: Pcm, probability: float, level: float) -> tuple[Heard, Utterance] | None:
        limits, paused = self._endpointer.thresholds, self._endpointer.silent_frames
        heard = self._endpointer.push(probability, level, self._end_frames())
        voiced = probability >= limits.probability
        if self._utterance is None or self._recognition is None:
            self._before.append((frame.copy(), voiced, level))
            self._silent_frames += 1
            if heard is not Heard.START:
                return None
            self._turn_end.resume(self._silent_frames)
            self._begin()
        else:
            self._utterance.append(frame)
            self._utterance.voiced_samples += FRAME * voiced
            self._recognition.feed(voiced, level)
        utterance, recognition = self._utterance, self._recognition
        assert utterance is not None and recognition is not None  # noqa: S101, PT018 - begun
        if voiced:
            utterance.voiced_until = time.perf_counter()
        if heard is Heard.PAUSE:
            if self._recognizer.speculates:
                self._turn_end.await_words()
            recognition.pause()
        elif heard is Heard.RESUME:
            recognition.resume()
            self._turn_end.resume(paused)
        elif heard is not Heard.START and self._is_full(utterance.samples):
            heard = Heard.END
            self._endpointer.reset()
        if heard is Heard.END:
            self._end()
            self._silent_frames = paused or math.inf
        elif self._adapts and not self._endpointer.frames_to_pause:
            silent = self._endpointer.silent_frames
            self._turn_end.listen(utterance.sound, silent, limits.end_frames)
        return (heard, utterance) if heard else None

    @property
    def _adapts(self) -> bool:
        limits = self._endpointer.thresholds
        return limits.adaptive and not limits.held

    def _end_frames(self) -> int:
        """Return how long the pause that goes on has to be, in frames."""
        usual = self._endpointer.thresholds.end_frames
        if not self._adapts or self._endpointer.frames_to_pause:
            return usual
        return self._turn_end.needed_frames(usual)

    def _perhaps_said(self, words: str) -> None:
        self._turn_end.words(words)
        self._guessed(words)

    def _begin(self) -> None:
        """Begin an utterance with what was kept from before the decision."""
        self._utterance = Utterance()
        sound, start_frames = self._utterance.sound, self._endpointer.thresholds.start_frames
        if asr := self._recognizer.streaming():
            self._recognition = StreamedRecognition(
                self._recognizer, asr, sound, self._perhaps_said
            )
        else:
            self._recognition = SegmentedRecognition(
                self._recognizer, sound, start_frames, self._perhaps_said
            )
        for frame, voiced, level in self._before:
            self._utterance.append(frame)
            self._utterance.voiced_samples += FRAME * voiced
            self._recognition.feed(voiced, level)
        self._before.clear()

    def _end(self) -> Utterance | None:
        """Return what was being said, if anything: it is complete."""
        utterance, recognition = self._utterance, self._recognition
        self._utterance = self._recognition = None
        self._turn_end.withdraw()
        if utterance and recognition:
            recognition.finish()
            utterance.recognized_by(recognition)
        return utterance
