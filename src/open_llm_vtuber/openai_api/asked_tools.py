"""Tools that are somebody else's: what the model asks for is told, and nothing is called here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from ..agent.tools import Ask, ToolResult
from ..engines.llm.base import Tool

OWNER = "client"
"""What a model that takes no tools is told they belong to."""


class AskedTools:
    """A toolbox whose calls come to nothing: who reads the answer ends it there."""

    def __init__(self, tools: tuple[Tool, ...]) -> None:
        self._tools = tools

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        """Return them."""
        return {OWNER: self._tools} if self._tools else {}

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> ToolResult:
        """Tell that all calls of this answer have been read."""
        await asyncio.sleep(0)
        return ToolResult("")
