"""What an agent needs to know of tools; who runs them is not its affair."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ..engines.llm.base import Tool

Permission = Literal["allow", "ask", "deny"]
"""Whether a tool may be used: always, when the person agrees to the call, or never."""

Decision = Literal["once", "always", "no", "unanswered", "unasked"]
"""What became of a question: it was allowed, refused, or left; or the client has no way to ask."""


@dataclass(frozen=True)
class ToolResult:
    """What came of a call, in words for the model; for a failed one, why it failed."""

    text: str
    failed: bool = False
    browser_view: dict[str, Any] | None = None
    """Where a person can watch the browser that the tool drives."""
    images: tuple[str, ...] = ()
    """The pictures in it, as data URLs."""
    unasked: str = ""
    """Where the person would have had to be asked, and could not be: how to allow it."""


@dataclass(frozen=True)
class ToolWish:
    """What the person has to allow."""

    tool: str
    """As its server calls it."""
    server: str
    description: str
    """What the server says of it."""
    changed: bool
    """Whether it describes it otherwise than when the person last allowed it."""


@dataclass(frozen=True, eq=False)
class ToolQuestion:
    """A call waits for the person; whoever reads the answer of an agent has to settle it."""

    wish: ToolWish
    call_id: str
    """The `id` of its ToolStatus."""
    arguments: str
    """A JSON object."""
    decision: asyncio.Future[Decision]
    """Cancelled when nobody waits for it any more."""

    def settle(self, decision: Decision) -> None:
        """Let the call go on, unless that has been decided."""
        if not self.decision.done():
            self.decision.set_result(decision)


Ask = Callable[[ToolWish], Awaitable[Decision]]
"""Asks the person about one call."""


class Toolbox(Protocol):
    """The tools of one conversation."""

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        """Return the tools that can be used now, by the server that has them.

        No two have the same name.
        """

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> ToolResult:
        """Use a tool, if it may be used. A failure is a result.

        The call takes a bounded time, what `ask` takes not counted.
        """


class HeldToolbox:
    """Tools that are not used before it is certain that they are needed."""

    def __init__(self, toolbox: Toolbox, certain: asyncio.Event) -> None:
        self.servers = toolbox.servers
        self._toolbox = toolbox
        self._certain = certain

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> ToolResult:
        """Use a tool, once that is certain."""
        await self._certain.wait()
        return await self._toolbox.call(name, arguments, ask)


@dataclass(frozen=True)
class ToolPolicy:
    """The tools, and how far they are used."""

    toolbox: Toolbox
    prompt: str
    """What a model is told that knows no tools by itself."""
    max_rounds: int
    max_result_chars: int


@dataclass(frozen=True)
class ToolStatus:
    """How a call is getting on."""

    id: str
    name: str
    state: Literal["running", "completed", "error"]
    content: str
    """The arguments of a running call, the result of a completed one, the reason of an error."""
    browser_view: dict[str, Any] | None = None
