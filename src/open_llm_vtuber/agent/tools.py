"""What an agent needs to know of tools; who runs them is not its affair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ..engines.llm.base import Tool


@dataclass(frozen=True)
class ToolResult:
    """What came of a call, in words for the model; for a failed one, why it failed."""

    text: str
    failed: bool = False
    browser_view: dict[str, Any] | None = None
    """Where a person can watch the browser that the tool drives."""


class Toolbox(Protocol):
    """The tools of one conversation."""

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        """Return the tools that can be used now, by the server that has them.

        No two have the same name.
        """

    async def call(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Use a tool. A failure is a result; the call takes a bounded time."""


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
