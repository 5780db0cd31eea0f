"""Speech probabilities in, start / pause / resume / end out. No sound, no clock, no I/O."""

from __future__ import annotations

from collections import deque
from enum import Enum

from ...engines.vad.base import Thresholds


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
    `smoothing_frames`, reach their thresholds. `start_frames` voiced frames in a row are START;
    `pause_frames` unvoiced ones in a row are PAUSE and `end_frames` are END. A single voiced frame
    in between begins the count anew, and is RESUME after a PAUSE. A pause that is `enough` before
    its time is END with its next frame.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self.reset()

    @property
    def frames_to_pause(self) -> int:
        """How many more unvoiced frames are a pause; 0 in a pause."""
        return max(self.thresholds.pause_frames - self._misses, 0)

    def reset(self) -> None:
        """Forget everything, as for a new microphone."""
        window = self.thresholds.smoothing_frames
        self._probabilities: deque[float] = deque(maxlen=window)
        self._levels: deque[float] = deque(maxlen=window)
        self._rest()

    def push(self, probability: float, level_db: float) -> Heard | None:
        """Take the next frame: its speech probability and its level in dB."""
        self._probabilities.append(probability)
        self._levels.append(level_db)
        limits = self.thresholds
        voiced = (
            sum(self._probabilities) >= limits.probability * len(self._probabilities)
            and sum(self._levels) >= limits.level_db * len(self._levels)
        )  # fmt: skip
        if not self._speaking:
            return self._listen(voiced)
        return self._follow(voiced)

    def enough(self) -> None:
        """The pause that goes on need not be longer: the person is done."""
        self._enough = self.frames_to_pause < self.thresholds.pause_frames

    def _rest(self) -> None:
        self._speaking = self._enough = False
        self._hits = self._misses = 0

    def _listen(self, voiced: bool) -> Heard | None:
        self._hits = self._hits + 1 if voiced else 0
        if self._hits < self.thresholds.start_frames:
            return None
        self._speaking, self._misses = True, 0
        return Heard.START

    def _follow(self, voiced: bool) -> Heard | None:
        limits = self.thresholds
        if voiced:
            resumed = self._misses >= limits.pause_frames
            self._misses = 0
            self._enough = False
            return Heard.RESUME if resumed else None
        self._misses += 1
        if self._enough or self._misses >= limits.end_frames:
            self._rest()
            return Heard.END
        return Heard.PAUSE if self._misses == limits.pause_frames else None
