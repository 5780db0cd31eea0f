"""What one conversation remembers: a list of messages that only grows, until it is cut in half."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..engines.llm.base import ChatMessage, Role, size_bytes
from ..engines.llm.dialect import GOES_ON

INTERRUPTED = "[Interrupted by user]"

BYTES_PER_TOKEN = 3
"""A cautious estimate: English has four bytes of UTF-8 a token, Chinese about three."""

PROMPT_SHARE = 0.75
"""The part of the model's context that the prompt may fill; the rest is for the answer."""


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
    prompt is read anew once, and not at every turn.
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

    def add(self, role: Role, content: str) -> None:
        """Remember one message."""
        self._messages.append(ChatMessage(role, content))

    def clear(self) -> None:
        """Begin a new conversation."""
        self._messages.clear()
        self.opening = ""

    def recent(self, count: int) -> list[str]:
        """Return what was said last, at most so many messages."""
        return [message.content for message in self._messages[-count:]]

    def __len__(self) -> int:
        return len(self._messages)

    def prompt(self, context_tokens: int | None, max_bytes: int | None = None) -> list[ChatMessage]:
        """Return the messages for a model with so large a context, neighbours of one role joined.

        They have at most `max_bytes`, and the last one is always there. Many chat templates refuse
        two user messages in a row.
        """
        limit = math.inf if max_bytes is None else max_bytes
        if context_tokens is not None:
            limit = min(limit, context_tokens * PROMPT_SHARE * BYTES_PER_TOKEN)
        while self._too_long(limit):
            self._messages = older_half(self._messages)
        joined = list(self._first)
        for message in self._opened():
            last = joined[-1]
            if last.role != message.role:
                joined.append(message)
            elif last is self._first[-1] and len(self._first) > 1:
                # An example stays as it is: it was read ahead.
                joined += (ChatMessage("user", GOES_ON), message)
            else:
                joined[-1] = ChatMessage(last.role, f"{last.content}\n{message.content}")
        return joined

    def _too_long(self, max_bytes: float) -> bool:
        if len(self._messages) < 2:
            return False
        too_many = len(self._messages) > self._max_messages
        return too_many or size_bytes([*self._first, *self._opened()]) > max_bytes

    def _opened(self) -> list[ChatMessage]:
        # As the person's, because there are chat templates that take one system message at most.
        texts = [text for text in (self._note, self.opening) if text]
        return [*(ChatMessage("user", text) for text in texts), *self._messages]
