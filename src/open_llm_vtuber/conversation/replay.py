"""What one client was sent and may not have received: numbered, and kept within bounds; pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ..protocol.frames import Frame


@dataclass
class _Kept:
    frame: Frame | None
    """None once it is not to be sent again."""
    turn: str
    size_bytes: int


class Replay:
    """The frames after the last that a client says to have. The oldest make room for new ones."""

    def __init__(self, most: int, most_bytes: int, sent: int = 0) -> None:
        """`most` frames are kept, of `most_bytes` together; the last one may be larger.

        `sent` have left before, and are kept nowhere.
        """
        self._most = most
        self._most_bytes = most_bytes
        self._kept: deque[_Kept] = deque()
        self._size_bytes = 0
        self.sent = sent
        """The number of the last frame."""

    @property
    def size_bytes(self) -> int:
        """How much is kept."""
        return self._size_bytes

    def add(self, frame: Frame, turn: str = "") -> None:
        """Number a frame, which belongs to a turn perhaps, and keep it."""
        size = len(frame)
        self._kept.append(_Kept(frame, turn, size))
        self.sent += 1
        self._size_bytes += size
        while len(self._kept) > self._most or (
            self._size_bytes > self._most_bytes and len(self._kept) > 1
        ):
            self._drop_first()

    def discard(self, turn: str) -> None:
        """Send nothing of a turn again: it was stopped."""
        for kept in self._kept:
            if kept.turn == turn:
                self._size_bytes -= kept.size_bytes
                kept.frame, kept.size_bytes = None, 0

    def received(self, number: int) -> None:
        """Forget what the client has, up to this number. What it can not have says nothing."""
        if number <= self.sent:
            while self._kept and self._first <= number:
                self._drop_first()

    def since(self, number: int) -> Iterable[Frame] | None:
        """Return what follows this number, and count it anew; None if it is not all here.

        Then nothing is kept any more. Raises ValueError for a number that was not reached yet.
        """
        if number > self.sent:
            raise ValueError(f"{number} frames were not sent, {self.sent} were")
        if number < self._first - 1:
            self._kept.clear()
            self._size_bytes = 0
            return None
        self.received(number)
        self._kept = deque(kept for kept in self._kept if kept.frame is not None)
        self.sent = number + len(self._kept)
        return [kept.frame for kept in self._kept if kept.frame is not None]

    @property
    def _first(self) -> int:
        return self.sent - len(self._kept) + 1

    def _drop_first(self) -> None:
        self._size_bytes -= self._kept.popleft().size_bytes
