"""Sound as a voice makes it in, pieces of a size to be sent out; pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...audio import Pcm

LEAST_S = 0.1
"""Less than this waits for more, except at the beginning: a frame costs the same if it is short."""
MOST_S = 0.5
"""Longer pieces are cut, so that an interrupt finds something that it can take back."""


class Pieces:
    """Belongs to the sound of one line, of `rate` samples per second."""

    def __init__(self, rate: int) -> None:
        self._least = int(rate * LEAST_S)
        self._most = int(rate * MOST_S)
        self._held: list[Pcm] = []
        self._sounds = False
        """Whether anything can be heard in what came so far."""

    def add(self, pcm: Pcm) -> Iterator[Pcm]:
        """Take the next sound; yield what is to be sent now: nothing before anything sounds."""
        if not len(pcm):
            return
        self._held.append(pcm)
        if not self._sounds:
            if not pcm.any():
                return
            self._sounds = True
        elif sum(map(len, self._held)) < self._least:
            return
        whole = self.rest()
        for start in range(0, len(whole), self._most):
            piece = whole[start : start + self._most]
            if start and len(piece) < self._least:
                self._held.append(piece)
            else:
                yield piece

    def rest(self) -> Pcm:
        """Return what waits for more that does not come."""
        held, self._held = self._held, []
        return held[0] if len(held) == 1 else np.concatenate([*held, np.zeros(0, np.float32)])
