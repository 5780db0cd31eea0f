"""One character in one conversation: makes the prompts, and remembers what was said and heard."""

from __future__ import annotations

from ..llm.base import AnyLLM, ChatMessage, Role
from .memory import INTERRUPTED, Memory


class Agent:
    """Belongs to one connection; its turns follow one another. The LLM is lent for each."""

    def __init__(self, system_prompt: str, max_messages: int) -> None:
        self.system = ChatMessage("system", system_prompt)
        self._memory = Memory(self.system, max_messages)
        self._interrupt_role: Role = "user"

    def ask(self, llm: AnyLLM, text: str, images: tuple[str, ...] = ()) -> list[ChatMessage]:
        """Remember what the person said and return the prompt to answer it.

        The answer is remembered by `said` or `interrupted`, as far as it was heard; the pictures
        are not remembered.
        """
        self._interrupt_role = llm.interrupt_role
        self._memory.add("user", text)
        prompt = self._memory.prompt(llm.context_tokens)
        if images:
            prompt[-1] = ChatMessage("user", prompt[-1].content, images)
        return prompt

    def said(self, answer: str) -> None:
        """Remember an answer that was given in full."""
        if answer:
            self._memory.add("assistant", answer)

    def interrupted(self, heard: str) -> None:
        """Remember of an answer only what was heard of it, and that the person broke in."""
        if heard:
            self._memory.add("assistant", heard + "...")
        self._memory.add(self._interrupt_role, INTERRUPTED)

    def forget(self) -> None:
        """Begin a new conversation."""
        self._memory.clear()
