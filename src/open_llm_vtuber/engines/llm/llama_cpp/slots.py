"""Which of the runtime's slots a conversation gets; no I/O."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from ..base import ChatMessage

GROWS_FROM = 4
"""Characters of a message that have to be the same for it to be the same one."""
CUT_FROM = 2
"""Messages in a row that tell that a conversation is the same one."""


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

    def grows_to(self, messages: Sequence[ChatMessage]) -> bool:
        """Whether its last message is the beginning of the next one: it was read while it was said.

        It may end otherwise, as words are misheard that are not complete.
        """
        count = self.shared(messages)
        if count + 1 != len(self.messages) or count >= len(messages):
            return False
        mine, theirs = self.messages[count], messages[count]
        pairs = zip(mine.content, theirs.content, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return mine.role == theirs.role and same >= max(GROWS_FROM, len(mine.content) // 2)

    def was_longer(self, messages: Sequence[ChatMessage], prefix: int) -> bool:
        """Whether it is the same conversation, from which what was said first is left out now.

        The runtime then moves what stays, instead of reading it again. The first message that stays
        may have got another beginning.
        """
        kept = tuple(messages[prefix + 1 : -1][:CUT_FROM])
        if len(kept) < CUT_FROM:
            return False
        starts = range(prefix + 1, len(self.messages) - CUT_FROM + 1)
        return any(self.messages[start : start + CUT_FROM] == kept for start in starts)


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
        slot = max(free, key=lambda slot: self._knows(slot, messages, prefix))
        _, *same = self._knows(slot, messages, prefix)
        if slot.shared(messages) <= prefix and not any(same):
            slot = min(free, key=lambda slot: slot.used)
        self._clock += 1
        slot.used, slot.busy = self._clock, True
        return slot

    @staticmethod
    def _knows(slot: Slot, messages: Sequence[ChatMessage], prefix: int) -> tuple[int, bool, bool]:
        """Return how much of a conversation a slot has, and whether it is that conversation's."""
        cut = slot.was_longer(messages, prefix)
        return slot.shared(messages), slot.grows_to(messages), cut


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
