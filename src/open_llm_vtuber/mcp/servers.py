"""All MCP servers of this process: each is started once, when a character first wants it."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path

from loguru import logger

from ..config import BasicMemoryAgentSettings, Limits
from .connection import Connection, Spec
from .entries import CLOCK, Entries, read_entries
from .toolbox import McpToolbox

_SETTING = "agent_settings.basic_memory_agent.mcp_enabled_servers"


class McpServers:
    """Shared by all connections and their characters; the servers end with it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._entries: Entries | None = None
        self._connections: dict[str, Connection | None] = {}
        """By name; None for one that there is not, which was reported."""
        self._reading = asyncio.Lock()
        self._lent: list[McpToolbox] = []

    async def lend(self, settings: BasicMemoryAgentSettings) -> McpToolbox | None:
        """Return the tools for one conversation; None where it has none.

        Servers that do not run yet are started, and not waited for.
        """
        if not settings.use_mcpp:
            return None
        async with self._reading:
            if self._entries is None:
                self._entries = await asyncio.to_thread(read_entries, self._folder)
                # For a second it holds the interpreter lock: better at the start than in a turn.
                await asyncio.to_thread(importlib.import_module, "mcp")
        if not settings.mcp_enabled_servers and "" not in self._connections:
            self._connections[""] = None
            logger.warning(
                "conf.yaml: use_mcpp is true, but {} lists no server; try [{}]", _SETTING, CLOCK
            )
        names = dict.fromkeys(settings.mcp_enabled_servers)
        found = [self._connection(name, self._entries) for name in names]
        toolbox = McpToolbox([one for one in found if one], self._limits)
        self._lent = [one for one in self._lent if not one.is_closed] + [toolbox]
        return toolbox

    @property
    def starting(self) -> list[str]:
        """The servers that are neither there yet nor have failed."""
        connections = list(self._connections.items())
        return [name for name, one in connections if one and not one.is_settled]

    async def settled(self) -> None:
        """Wait until every server is there or has failed to start."""
        for connection in list(self._connections.values()):
            if connection:
                await connection.settled()

    async def close(self) -> None:
        """End every server and wait for its end."""
        for toolbox in self._lent:
            toolbox.close()
        open_ = [connection.close() for connection in self._connections.values() if connection]
        await asyncio.gather(*(toolbox.closed() for toolbox in self._lent), *open_)
        self._connections.clear()

    def _connection(self, name: str, entries: Entries) -> Connection | None:
        if name not in self._connections:
            entry = entries.entries.get(name)
            if entry is None and (name != CLOCK or name in entries.problems):
                logger.warning("{} ({})", entries.problem(name), _SETTING)
                self._connections[name] = None
            else:
                spec = Spec(name, entry, self._folder)
                self._connections[name] = Connection(spec, self._limits)
        return self._connections[name]
