"""Which of the runtime's slots a conversation gets; no I/O."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..base import ChatMessage


@dataclass(eq=False)
class Slot:
    """One place in the runtime's memory, and the messages that were read into it last."""

    number: int
    messages: tuple[ChatMessage, ...] = ()
    used: int = 0
    busy: bool = False

    def shared(self, messages: Sequence[ChatMessage]) -> int:
        """Return how many messages at the beginning are the same."""
        count = 0
        for mine, theirs in zip(self.messages, messages, strict=False):
            if mine != theirs:
                break
            count += 1
        return count


class Slots:
    """Gives each conversation the slot that knows it, or the one that was idle the longest.

    The runtime, left the choice, gives a new conversation the slot of another one with the same
    character, and has to read all of the other one again at its next turn.
    """

    def __init__(self, count: int) -> None:
        self._slots = [Slot(number) for number in range(count)]
        self._clock = 0

    def take(self, messages: Sequence[ChatMessage], prefix: int) -> Slot:
        """Return a free slot, of which there must be one.

        The first `prefix` messages are what conversations have in common.
        """
        free = [slot for slot in self._slots if not slot.busy]
        slot = max(free, key=lambda slot: slot.shared(messages))
        if slot.shared(messages) <= prefix:
            slot = min(free, key=lambda slot: slot.used)
        self._clock += 1
        slot.used, slot.busy = self._clock, True
        return slot


@dataclass(eq=False)
class Prefix:
    """The beginning of conversations, such as a character's prompt."""

    messages: tuple[ChatMessage, ...] = ()
    read: bool = False
    """Whether there is nothing left to be done for it ahead."""
    state: str = ""
    """The name of the file of its state; "" where there is none."""
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def begins(self, messages: Sequence[ChatMessage]) -> bool:
        """Whether `messages` begin with these."""
        return tuple(messages[: len(self.messages)]) == self.messages
