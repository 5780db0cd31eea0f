"""Sound made faster or slower at the same pitch, as it comes (WSOLA); pure."""

from __future__ import annotations

import numpy as np

from ..audio import Pcm

WINDOW_S = 0.04
"""How long the pieces are that are laid over each other, by half of their length..."""
SEEK_S = 0.01
"""...and how far around its place each is sought where it continues the one before it best."""


class Tempo:
    """Belongs to one sound."""

    def __init__(self, rate: int, speed: float) -> None:
        """`speed` is how much faster it is said: 2 halves its length."""
        self._speed = speed
        self._half = int(rate * WINDOW_S / 2)
        self._seek = int(rate * SEEK_S)
        fade = np.arange(self._half, dtype=np.float32) / self._half
        self._fade_in = fade
        self._fade_out: Pcm = np.float32(1) - fade
        self._heard: Pcm = np.zeros(0, np.float32)
        self._begin = 0
        """Where in the sound `_heard` begins."""
        self._next = 0.0
        """Where the next piece is taken from."""
        self._tail: Pcm | None = None
        """The second half of the last piece, as it stood in the sound."""

    def feed(self, pcm: Pcm) -> Pcm:
        """Return what is certain with some more of the sound."""
        if self._speed == 1:
            return pcm
        self._heard = np.concatenate([self._heard, pcm])
        made = []
        while (piece := self._piece()) is not None:
            made.append(piece)
        return np.concatenate([*made, np.zeros(0, np.float32)])

    def rest(self) -> Pcm:
        """Return what is left when the sound has ended."""
        if self._speed == 1 or self._tail is None:
            return self._heard
        silence = np.zeros(2 * self._half + 2 * self._seek, np.float32)
        return self.feed(silence)

    def _piece(self) -> Pcm | None:
        """Return half a window more; None as long as there is too little sound."""
        at = int(self._next) - self._begin
        if at + 2 * self._half + self._seek > len(self._heard):
            return None
        if self._tail is not None:
            at = self._best(max(at - self._seek, 0), at + self._seek, self._tail)
        piece = self._heard[at : at + 2 * self._half]
        first, tail = piece[: self._half], self._tail
        made = first if tail is None else tail * self._fade_out + first * self._fade_in
        self._tail = piece[self._half :]
        self._next += self._half * self._speed
        gone = max(int(self._next) - self._seek - self._begin, 0)
        self._heard, self._begin = self._heard[gone:], self._begin + gone
        return np.asarray(made, np.float32)

    def _best(self, low: int, high: int, tail: Pcm) -> int:
        """Return where between two places the sound is most like `tail`."""
        around = self._heard[low : high + self._half]
        likeness = np.correlate(around, tail, "valid")
        squares = np.cumsum(np.concatenate([[0.0], np.square(around)]))
        loudness = np.sqrt(squares[self._half :] - squares[: -self._half] + 1e-9)
        return low + int(np.argmax(likeness / loudness))
