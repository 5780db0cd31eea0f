"""What one conversation remembers: messages that only grow, until the older half goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..engines.llm.base import ChatMessage, Role, size_bytes
from ..engines.llm.dialect import GOES_ON

INTERRUPTED = "[Interrupted by user]"

BYTES_PER_TOKEN = 3
"""A cautious estimate: English has four bytes of UTF-8 a token, Chinese about three."""

PROMPT_SHARE = 0.75
"""The part of the model's context that the prompt may fill; the rest is for the answer."""

SUMMED_UP_FROM = 0.6
"""How full it is, of 1, when what is to go is summed up: well before it has to go."""
GOES = 0.5
"""The share that goes."""
SETTLES_FROM = 0.85
"""How full it is when a summary may take its place before it has to, where that is read ahead."""
SUMMARY_SHARE, MOST_SUMMARY_BYTES = 0.2, 1500
"""How much of the room for what is said a summary of what went may take, and how much at most."""
LEAST_SUMMARY_BYTES = 300
"""Where there is room for less than that, there is none."""
MOST_READ_BYTES = 48_000
"""So much is summed up at once, the newest of what goes; less where the model takes less."""


@dataclass(frozen=True)
class Part:
    """The oldest messages of a conversation, which are to go."""

    messages: tuple[ChatMessage, ...]
    before: str
    """The summary of what went before them."""
    end: int
    """How many messages of the conversation are before what stays."""
    follows: str
    """The first message that stays: the person's."""
    newest: int
    """How many stay."""
    most_bytes: int
    """How long their summary may be."""


def older_half(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Return the messages without their older half; not beginning with an answer to nothing."""
    kept = list(messages[(len(messages) + 1) // 2 :])
    while len(kept) > 1 and kept[0].role == "assistant":
        del kept[0]
    return kept


class Memory:
    """The messages after the system prompt and the examples that go with it.

    The prompt's beginning stays the same from turn to turn, so that a runtime need read only what
    is new. When the messages outgrow the model's context, the older half goes at once: then the
    prompt is read anew once, and not at every turn. If it was summed up before, its summary takes
    its place.
    """

    def __init__(
        self,
        system: ChatMessage,
        max_messages: int,
        examples: Sequence[ChatMessage] = (),
        note: str = "",
    ) -> None:
        """The `note` on the examples stands behind them, where the conversation begins."""
        self._first = (system, *examples)
        self._note = note
        self._max_messages = max_messages
        self._messages: list[ChatMessage] = []
        self.opening = ""
        """What the conversation begins with, before anybody said anything; it is never cut."""
        self.gone = 0
        """How many messages of the conversation went."""
        self._summary = ""
        self._ready: tuple[Part, str] | None = None
        """What is to go next, and its summary."""

    def add(self, role: Role, content: str) -> None:
        """Remember one message."""
        self._messages.append(ChatMessage(role, content))

    def clear(self) -> None:
        """Begin a new conversation."""
        self._messages.clear()
        self.opening = self._summary = ""
        self.gone, self._ready = 0, None

    def recent(self, count: int) -> list[str]:
        """Return what was said last, at most so many messages."""
        return [message.content for message in self._messages[-count:]]

    def told_before(self, words: str) -> bool:
        """Whether the person has said anything but these words so far."""
        said = {one.content for one in self._messages if one.role == "user"}
        return self.gone > 0 or not said <= {words, INTERRUPTED}

    def __len__(self) -> int:
        return len(self._messages)

    def prompt(
        self,
        context_tokens: int | None,
        max_bytes: int | None = None,
        unanswered: Sequence[str] = (),
    ) -> list[ChatMessage]:
        """Return the messages for a model with so large a context, neighbours of one role joined.

        Behind them stands what the character has said and nobody has answered. They have at most
        `max_bytes`, and the last one is always there. Many chat templates refuse two user messages
        in a row.
        """
        limit = _limit(context_tokens, max_bytes)
        if self._ready and (self._ready[0].end <= self.gone or self._too_long(limit)):
            self._settle(*self._ready)
        while self._too_long(limit):
            self._drop(len(self._messages) - len(older_half(self._messages)))
        joined = list(self._first)
        said = [ChatMessage("assistant", text) for text in unanswered]
        for message in (*self._opened(), *said):
            last = joined[-1]
            if last.role != message.role:
                joined.append(message)
            elif last is self._first[-1] and len(self._first) > 1:
                # An example stays as it is: it was read ahead.
                joined += (ChatMessage("user", GOES_ON), message)
            else:
                joined[-1] = ChatMessage(last.role, f"{last.content}\n{message.content}")
        return joined

    def going(self, context_tokens: int | None, max_bytes: int | None = None) -> Part | None:
        """Return what is to go when the prompt is full, once it is well on the way there.

        None before that, where it is summed up already, and where there is no room for a summary.
        """
        limit = _limit(context_tokens, max_bytes)
        room = self._room(limit)
        most_bytes = min(MOST_SUMMARY_BYTES, room * SUMMARY_SHARE)
        if self._ready or not self._messages or most_bytes < LEAST_SUMMARY_BYTES:
            return None
        sizes = [size_bytes([message]) for message in self._messages]
        left, count = sum(sizes), len(sizes)
        full = self._full(room)
        if full < SUMMED_UP_FROM:
            return None
        stays = min(full - GOES, GOES)
        for index, message in enumerate(self._messages):
            is_person = message.role == "user" and message.content != INTERRUPTED
            if is_person and max(left / room, (count - index) / self._max_messages) <= stays:
                read = self._newest(index, min(MOST_READ_BYTES, limit * PROMPT_SHARE))
                end, newest = self.gone + index, count - index
                text = message.content
                return Part(read, self._summary, end, text, newest, int(most_bytes))
            left -= sizes[index]
        return None

    def settle(self, context_tokens: int | None, max_bytes: int | None = None) -> bool:
        """Have a summary take its place if that has to be soon; return whether it did."""
        full = self._full(self._room(_limit(context_tokens, max_bytes)))
        if self._ready is None or full < SETTLES_FROM:
            return False
        self._settle(*self._ready)
        return True

    def summed_up(self, part: Part, summary: str) -> None:
        """Have a summary take the place of a part, when that goes."""
        self._ready = part, summary

    def go_on(self, summary: str, said: int) -> None:
        """Have a summary take the place of the first messages, of which somebody `said` so many."""
        number = 0
        while said and number < len(self._messages):
            said -= self._messages[number].content != INTERRUPTED
            number += 1
        self._drop(number)
        self._summary = summary

    def _settle(self, part: Part, summary: str) -> None:
        self._ready, self._summary = None, summary
        self._drop(part.end - self.gone)

    def _room(self, limit: float) -> float:
        """Return how many bytes are left for what is said."""
        return limit - size_bytes([*self._first, *self._texts()])

    def _full(self, room: float) -> float:
        """Return how full it is, of 1, with so many bytes for what is said."""
        said = size_bytes(self._messages) / room if room > 0 else math.inf
        return max(said, len(self._messages) / self._max_messages)

    def _drop(self, number: int) -> None:
        if number > 0:
            del self._messages[:number]
            self.gone += number

    def _newest(self, end: int, max_bytes: float) -> tuple[ChatMessage, ...]:
        """Return the last of the first `end` messages, as many as have so many bytes."""
        start, size = end, 0
        while start and (size := size + size_bytes([self._messages[start - 1]])) <= max_bytes:
            start -= 1
        return tuple(self._messages[start:end])

    def _too_long(self, max_bytes: float) -> bool:
        if len(self._messages) < 2:
            return False
        too_many = len(self._messages) > self._max_messages
        return too_many or size_bytes([*self._first, *self._opened()]) > max_bytes

    def _opened(self) -> list[ChatMessage]:
        return [*self._texts(), *self._messages]

    def _texts(self) -> list[ChatMessage]:
        # As the person's, because there are chat templates that take one system message at most.
        texts = (self._note, self.opening, self._summary)
        return [ChatMessage("user", text) for text in texts if text]


def _limit(context_tokens: int | None, max_bytes: int | None) -> float:
    """Return how many bytes the prompt for a model may have."""
    limit = math.inf if max_bytes is None else max_bytes
    if context_tokens is not None:
        limit = min(limit, context_tokens * PROMPT_SHARE * BYTES_PER_TOKEN)
    return limit
