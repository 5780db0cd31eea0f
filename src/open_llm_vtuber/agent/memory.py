"""What one conversation remembers: a list of messages that only grows, until it is cut in half."""

from __future__ import annotations

from ..llm.base import ChatMessage, Role

INTERRUPTED = "[Interrupted by user]"

BYTES_PER_TOKEN = 3
"""A cautious estimate: English has four bytes of UTF-8 a token, Chinese about three."""

PROMPT_SHARE = 0.75
"""The part of the model's context that the prompt may fill; the rest is for the answer."""


class Memory:
    """The messages after the system prompt.

    The prompt's beginning stays the same from turn to turn, so that a runtime need read only what
    is new. When the messages outgrow the model's context, the older half goes at once: then the
    prompt is read anew once, and not at every turn.
    """

    def __init__(self, system: ChatMessage, max_messages: int) -> None:
        self._system = system
        self._max_messages = max_messages
        self._messages: list[ChatMessage] = []

    def add(self, role: Role, content: str) -> None:
        """Remember one message."""
        self._messages.append(ChatMessage(role, content))

    def clear(self) -> None:
        """Begin a new conversation."""
        self._messages.clear()

    def prompt(self, context_tokens: int | None) -> list[ChatMessage]:
        """Return the messages for a model with so large a context, neighbours of one role joined.

        Many chat templates refuse two user messages in a row.
        """
        while self._too_long(context_tokens):
            del self._messages[: (len(self._messages) + 1) // 2]
        joined = [self._system]
        for message in self._messages:
            last = joined[-1]
            if last.role == message.role:
                joined[-1] = ChatMessage(last.role, f"{last.content}\n{message.content}")
            else:
                joined.append(message)
        return joined

    def _too_long(self, context_tokens: int | None) -> bool:
        if len(self._messages) < 2:
            return False
        if len(self._messages) > self._max_messages:
            return True
        if context_tokens is None:
            return False
        messages = [self._system, *self._messages]
        size = sum(len(message.content.encode()) for message in messages)
        return size / BYTES_PER_TOKEN > context_tokens * PROMPT_SHARE
