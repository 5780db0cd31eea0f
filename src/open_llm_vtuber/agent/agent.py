"""One character in one conversation: makes the prompts, and remembers what was said and heard."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from ..engines.llm.base import AnyLLM, ChatMessage, Role
from .memory import INTERRUPTED, Memory
from .reply import Notice, Piece
from .tool_loop import ToolPolicy, answer, opening, room_taken, tools_bytes


class Agent:
    """Belongs to one connection; its turns follow one another. The LLM is lent for each."""

    def __init__(
        self, system_prompt: str, max_messages: int, helped: ToolPolicy | None = None
    ) -> None:
        self.system = ChatMessage("system", system_prompt)
        self._helped = helped
        self._memory = Memory(self.system, max_messages)
        self._interrupt_role: Role = "user"
        self._told = set[Notice]()

    def ask(self, llm: AnyLLM, text: str, images: tuple[str, ...] = ()) -> list[ChatMessage]:
        """Remember what the person said and return the prompt to answer it.

        The answer is remembered by `said` or `interrupted`, as far as it was heard; the pictures
        are not remembered.
        """
        self._interrupt_role = llm.interrupt_role
        self._memory.add("user", text)
        return _showing(self._prompt(llm), images)

    def propose(
        self, llm: AnyLLM, instruction: str, images: tuple[str, ...] = ()
    ) -> list[ChatMessage]:
        """Return the prompt to speak unasked, as `instruction` says; nothing is remembered."""
        self._interrupt_role = llm.interrupt_role
        prompt = self._prompt(llm)
        if prompt[-1].role == "user":
            instruction = f"{prompt.pop().content}\n{instruction}"
        return _showing([*prompt, ChatMessage("user", instruction)], images)

    def opening(self, llm: AnyLLM) -> list[ChatMessage]:
        """Return what every prompt begins with: the persona, with the tools there are now."""
        return opening(llm, self.system, self._helped)

    async def answer(
        self, llm: AnyLLM, prompt: Sequence[ChatMessage]
    ) -> AsyncGenerator[Piece, None]:
        """Yield the answer in pieces, and how its tools get on. Raises EngineError.

        Calls and results are not remembered: what was said of them is.
        """
        async with aclosing(answer(llm, prompt, self._helped)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Notice):
                    if piece in self._told:
                        continue
                    self._told.add(piece)
                yield piece

    def _prompt(self, llm: AnyLLM) -> list[ChatMessage]:
        """Return what is remembered, as far as the model can take it beside the tools."""
        context, most = llm.context_tokens, llm.prompt_bytes
        if context is not None:
            context -= room_taken(llm, self._helped)
        if most is not None:
            most -= tools_bytes(self._helped)
        return self._memory.prompt(context, most)

    def said(self, answer: str) -> None:
        """Remember an answer that was given in full."""
        if answer:
            self._memory.add("assistant", answer)

    def interrupted(self, heard: str) -> None:
        """Remember of an answer only what was heard of it, and that the person broke in."""
        if heard:
            self._memory.add("assistant", heard + "...")
        self._memory.add(self._interrupt_role, INTERRUPTED)

    def recall(self, messages: Sequence[tuple[str, str]]) -> None:
        """Take up a stored conversation: what a `human`, an `ai` or the `system` said."""
        self._memory.clear()
        roles: dict[str, Role] = {"human": "user", "ai": "assistant"}
        for role, content in messages:
            self._memory.add(roles.get(role, self._interrupt_role), content)

    def forget(self) -> None:
        """Begin a new conversation."""
        self._memory.clear()


def _showing(prompt: list[ChatMessage], images: tuple[str, ...]) -> list[ChatMessage]:
    """Return the prompt with pictures at its last message."""
    if images:
        prompt[-1] = ChatMessage("user", prompt[-1].content, images)
    return prompt
