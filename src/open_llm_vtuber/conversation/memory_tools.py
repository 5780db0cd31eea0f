"""The tools `remember` and `recall`, beside those of the MCP servers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..agent.conversation_memory import ConversationMemory
from ..agent.tools import Ask, Toolbox, ToolResult
from ..engines.llm.base import Tool
from ..history.errors import HistoryError
from ..memory.statements import sentences
from ..memory.terms import terms

SERVER = "memory"
MAX_CHARS = 500
"""Of what is to be remembered, of what is looked for, and of a sentence that is kept."""
BACKED = 0.5
"""So much of what is to be remembered a sentence of the person's has to have. That is kept, not
what the model made of it: what a tool, a web page or a viewer says is nothing of theirs."""
WHO = 'In this, "I" is the person and "you" are you:'
REMEMBER = Tool(
    "remember",
    "Keep something that the person just told you about themselves, or asked you to remember, for "
    "later conversations. Use their words.",
    '{"type":"object","properties":{"text":{"type":"string","description":"One sentence"}},'
    '"required":["text"]}',
)
RECALL = Tool(
    "recall",
    "Look up what the person or you said in earlier conversations.",
    '{"type":"object","properties":{"about":{"type":"string","description":"What to look for"}},'
    '"required":["about"]}',
)

Remember = Callable[[str], Awaitable[None]]
"""Keeps a sentence. Raises HistoryError."""
Recall = Callable[[str], Awaitable[str]]
"""Returns what is found, "" for nothing."""


class MemoryTools:
    """A Toolbox: these two, and all of another one. They ask for no permission: they stay here."""

    def __init__(
        self, others: Toolbox, remember: Remember, recall: Recall, heard: ConversationMemory
    ) -> None:
        """`heard` knows what the person said last."""
        self._others = others
        self._remember = remember
        self._recall = recall
        self._heard = heard

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        """Return all tools by server; where a server has one of these names, it has it."""
        others, own = self._others.servers(), self._own()
        return {**others, SERVER: (*others.get(SERVER, ()), *own)} if own else others

    def _own(self) -> tuple[Tool, ...]:
        """Return those of the two whose names are free."""
        taken = {tool.name for tools in self._others.servers().values() for tool in tools}
        return tuple(tool for tool in (REMEMBER, RECALL) if tool.name not in taken)

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> ToolResult:
        """Use a tool. A failure is a result."""
        if name not in {tool.name for tool in self._own()}:
            return await self._others.call(name, arguments, ask)
        wanted = arguments.get("text" if name == REMEMBER.name else "about")
        if not isinstance(wanted, str) or not wanted.strip():
            return ToolResult(f"The tool {name!r} needs a text.", failed=True)
        wanted = wanted.strip()[:MAX_CHARS]
        try:
            if name == REMEMBER.name:
                return await self._keep(wanted)
            found = await self._recall(wanted)
            return ToolResult(f"{WHO}\n{found}" if found else "Nothing of that was said before.")
        except HistoryError as error:
            return ToolResult(str(error), failed=True)

    async def _keep(self, text: str) -> ToolResult:
        if (said := _own_words(text, self._heard.last_heard)) is None:
            return ToolResult("Not kept: the person did not say that themselves.", failed=True)
        await self._remember(said)
        return ToolResult("Kept.")


def _own_words(text: str, heard: str) -> str | None:
    """Return the sentence in which the person said `text`; None where no sentence backs it."""
    meant = set(terms(text))
    said = [heard[start:end][:MAX_CHARS].strip() for start, end in sentences(heard)]
    shared = {one: len(meant & set(terms(one))) for one in reversed(said)}
    best = max(shared, key=lambda one: shared[one], default="")
    return best if best and shared[best] >= max(1, BACKED * len(meant)) else None
