"""Speech probabilities in, start / pause / resume / end out. No sound, no clock, no I/O."""

from __future__ import annotations

from collections import deque
from enum import Enum

from ...engines.vad.base import Thresholds

AGAIN_FRAMES = 4
"""So many voiced frames in a row, averaged over five, are speech that goes on. A breath has up to
three; the shortest words ("up", "it", "不", 107 to 137 ms by four voices) have five."""


class Heard(Enum):
    """What a frame decided."""

    START = "start"
    """Somebody speaks: stop talking."""
    PAUSE = "pause"
    """Perhaps they are done: begin transcribing on a guess."""
    RESUME = "resume"
    """They were not: throw the guess away."""
    END = "end"
    """They are done: the turn is taken."""


class Endpointer:
    """Follows one microphone.

    A frame is voiced when probability and level, both averaged over the last
    `smoothing_frames`, reach their thresholds. `start_frames` voiced frames in a row are START, and
    so are `sure_frames` that are each surely voiced, not averaged: a voice is noticed at once, a
    click is not. `pause_frames` unvoiced ones in a row are PAUSE and `end_frames` are END. A single
    voiced frame in between begins the count anew, and is RESUME after a PAUSE.

    With `adaptive` thresholds a pause is as long as its silence: frames that are unvoiced by
    themselves count before their average is, and one that is voiced by itself does not count. Nor
    does a breath begin the count anew: fewer than `AGAIN_FRAMES` voiced frames in a row hold it,
    and count as silence once they are over.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self.reset()

    @property
    def frames_to_pause(self) -> int:
        """How many more unvoiced frames are a pause; 0 in a pause."""
        return max(self.thresholds.pause_frames - self.silent_frames, 0)

    def reset(self) -> None:
        """Forget everything, as for a new microphone."""
        window = self.thresholds.smoothing_frames
        self._probabilities: deque[float] = deque(maxlen=window)
        self._levels: deque[float] = deque(maxlen=window)
        self._sure = self._unvoiced = 0
        """How many frames in a row were surely voiced, and unvoiced, by themselves."""
        self._rest()

    def push(
        self, probability: float, level_db: float, end_frames: int | None = None
    ) -> Heard | None:
        """Take the next frame: its speech probability and its level in dB.

        `end_frames` is how long a pause has to be now for END, where that is not as configured.
        """
        self._probabilities.append(probability)
        self._levels.append(level_db)
        limits = self.thresholds
        voiced = (
            sum(self._probabilities) >= limits.probability * len(self._probabilities)
            and sum(self._levels) >= limits.level_db * len(self._levels)
        )  # fmt: skip
        loud = level_db >= limits.level_db
        self._sure = self._sure + 1 if loud and probability >= limits.sure_probability else 0
        self._unvoiced = 0 if loud and probability >= limits.probability else self._unvoiced + 1
        if not self._speaking:
            return self._listen(voiced)
        return self._follow(voiced, limits.end_frames if end_frames is None else end_frames)

    def _rest(self) -> None:
        self._speaking = False
        self._hits = self.silent_frames = 0
        """Voiced frames in a row; unvoiced ones since START, the length of a pause."""

    def _listen(self, voiced: bool) -> Heard | None:
        limits = self.thresholds
        self._hits = self._hits + 1 if voiced else 0
        if self._hits < limits.start_frames and not 0 < limits.sure_frames <= self._sure:
            return None
        self._speaking, self._hits, self.silent_frames = True, 0, 0
        return Heard.START

    def _follow(self, voiced: bool, end_frames: int) -> Heard | None:
        limits = self.thresholds
        before = self.silent_frames
        if voiced:
            self._hits += 1
            if limits.adaptive and before and self._hits < AGAIN_FRAMES:
                return None  # perhaps a breath
            self.silent_frames = 0
            return Heard.RESUME if before >= limits.pause_frames else None
        if limits.adaptive and not self._unvoiced:
            return None  # perhaps they speak on: its average tells
        if limits.adaptive and before:
            self.silent_frames += self._hits
        self._hits = 0
        self.silent_frames += 1
        if limits.adaptive:
            self.silent_frames = max(self.silent_frames, self._unvoiced)
        if self.silent_frames >= end_frames:
            self._rest()
            return Heard.END
        return Heard.PAUSE if before < limits.pause_frames <= self.silent_frames else None
