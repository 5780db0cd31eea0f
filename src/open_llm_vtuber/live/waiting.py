"""The messages of viewers that wait to be heard: few, new, and of many people; no I/O."""

from __future__ import annotations

from collections import Counter

from .source import ChatMessage

REMEMBERED = 1000
"""Authors of whom it is known when they were last heard."""


class WaitingMessages:
    """Holds at most `most`, one of each author: the newest.

    When it is full the oldest goes, of the platform of which most wait; so a busy chat does not
    drive out a quiet one. Who has been heard least lately is taken first, of the platform that has
    been heard least lately.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[tuple[str, str], ChatMessage] = {}
        """By platform and author, in the order in which they came."""
        self._heard: dict[tuple[str, str], int] = {}
        """When authors were heard, counted in messages."""
        self._heard_platforms: dict[str, int] = {}
        self._count = 0
        self.dropped = 0
        """How many nobody will hear."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: ChatMessage) -> None:
        """Let a message wait."""
        key = (message.platform, message.author)
        if self._waiting.pop(key, None):
            self.dropped += 1
        elif len(self._waiting) >= self._most:
            fullest = Counter(platform for platform, _ in self._waiting).most_common(1)[0][0]
            oldest = next(one for one in self._waiting if one[0] == fullest)
            del self._waiting[oldest]
            self.dropped += 1
        self._waiting[key] = message

    def take(self) -> ChatMessage | None:
        """Return the message that is heard next; None if none waits."""
        if not self._waiting:
            return None
        key = min(
            self._waiting,
            key=lambda one: (self._heard_platforms.get(one[0], 0), self._heard.get(one, 0)),
        )
        self._count += 1
        self._heard_platforms[key[0]] = self._count
        self._heard.pop(key, None)
        self._heard[key] = self._count
        if len(self._heard) > REMEMBERED:
            del self._heard[next(iter(self._heard))]
        return self._waiting.pop(key)
