"""Where long sound is cut: at pauses, else where it is quietest. No sound, no clock, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...audio import MIC_RATE
from ..vad.base import FRAME

PAUSE_FRAMES = 8
"""Unvoiced frames in a row that are a pause to cut at: 0.26 s, cut in their middle."""
MARGIN_FRAMES = 20
"""What is kept of the sound around speech: 0.64 s."""
QUIET_FRAMES = 5
"""Over how many frames the quietest place is sought where there is no pause: 0.16 s."""


@dataclass(frozen=True)
class Cut:
    """The first `frames` of the open frames are closed; speech is from `begin` to `end` of them."""

    frames: int
    begin: int
    end: int
    """As `begin` where nothing was said."""


class Segmenter:
    """Follows one sound, frame by frame.

    A segment is closed at the first pause in its second half, at its quietest place there when it
    is `max_s` long, and thrown away when nothing was said in its first half.
    """

    def __init__(self, max_s: float | None, start_frames: int) -> None:
        """Cut after `max_s` seconds, or never; `start_frames` voiced frames are speech."""
        self._longest = int(max_s * MIC_RATE / FRAME) if max_s else None
        self._start_frames = start_frames
        self._open([], [])

    @property
    def speaks(self) -> bool:
        """Whether something is said in what is open."""
        return self._first is not None

    @property
    def spoken(self) -> Cut:
        """Where in what is open something is said; it stays open."""
        frames = len(self._voiced)
        if self._first is None:
            return Cut(frames, 0, 0)
        begin = max(self._first - MARGIN_FRAMES, 0)
        return Cut(frames, begin, min(self._last + MARGIN_FRAMES, frames))

    def push(self, voiced: bool, level_db: float) -> Cut | None:
        """Take the next frame; return what it closes, if anything."""
        self._take(voiced, level_db)
        if self._longest is None:
            return None
        count = len(self._voiced)
        if count >= self._longest:
            return self._close(self._quietest() if self.speaks else count - MARGIN_FRAMES)
        if count >= self._longest // 2:
            if not self.speaks:
                return self._close(count - MARGIN_FRAMES)
            if self._misses >= PAUSE_FRAMES:
                return self._close(count - PAUSE_FRAMES // 2)
        return None

    def _open(self, voiced: list[bool], levels_db: list[float]) -> None:
        self._voiced: list[bool] = []
        self._levels_db: list[float] = []
        self._hits = self._misses = 0
        self._first: int | None = None
        self._last = 0
        for one, level_db in zip(voiced, levels_db, strict=True):
            self._take(one, level_db)

    def _take(self, voiced: bool, level_db: float) -> None:
        self._voiced.append(voiced)
        self._levels_db.append(level_db)
        self._hits = self._hits + 1 if voiced else 0
        self._misses = 0 if voiced else self._misses + 1
        if self._hits >= self._start_frames:
            self._last = len(self._voiced)
            if self._first is None:
                self._first = self._last - self._hits

    def _close(self, frames: int) -> Cut:
        voiced, levels_db = self._voiced, self._levels_db
        self._open(voiced[:frames], levels_db[:frames])
        cut = self.spoken
        self._open(voiced[frames:], levels_db[frames:])
        return cut

    def _quietest(self) -> int:
        """Return where in the second half it is quietest, unvoiced first, then late."""
        around = range(QUIET_FRAMES)
        places = range(len(self._voiced) - QUIET_FRAMES, len(self._voiced) // 2, -1)
        best = min(
            places,
            key=lambda place: (
                sum(self._voiced[place + one] for one in around),
                sum(self._levels_db[place + one] for one in around),
            ),
        )
        return best + QUIET_FRAMES // 2


def joined(texts: Iterable[str]) -> str:
    """Return the words of successive segments as one text; Chinese and Japanese without spaces."""
    whole = ""
    for text in filter(None, texts):
        close = not whole or (_unspaced(whole[-1]) and _unspaced(text[0]))
        whole += text if close else " " + text
    return whole


def _unspaced(letter: str) -> bool:
    """Whether it belongs to a script without spaces, or is its punctuation."""
    return "\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef"
