"""All MCP servers of this process: each is started once, when a character first wants it."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from loguru import logger

from ..config import Limits
from ..masking import hide, secrets_of
from .connection import Connection, Spec
from .entries import CLOCK, Entries, read_entries
from .permissions import Given, Permissions
from .remembered import RememberedTools
from .toolbox import McpToolbox

_SETTING = "agent_settings.basic_memory_agent.mcp_enabled_servers"


class ToolSettings(Protocol):
    """What an agent may use."""

    @property
    def use_mcpp(self) -> bool:
        """Whether it may use any server."""

    @property
    def mcp_enabled_servers(self) -> Sequence[str]:
        """The names of those it may use."""

    @property
    def tool_permissions(self) -> Given:
        """Which of their tools it may use, and which are asked for."""


class McpServers:
    """Shared by all connections and their characters; the servers end with it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._entries: Entries | None = None
        self._connections: dict[str, Connection | str] = {}
        """By name; of one that there is not, why."""
        self._remembered = RememberedTools(folder)
        self._reading = asyncio.Lock()
        self._lent: list[McpToolbox] = []

    async def lend(self, settings: ToolSettings) -> McpToolbox | None:
        """Return the tools for one conversation; None where it has none.

        Servers that do not run yet are started, and not waited for.
        """
        if not settings.use_mcpp:
            return None
        remembered = await self.remembered()
        async with self._reading:
            if self._entries is None:
                self._entries = await asyncio.to_thread(read_entries, self._folder)
                for entry in self._entries.entries.values():
                    hide(secrets_of(entry.env))
                # For a second it holds the interpreter lock: better at the start than in a turn.
                await asyncio.to_thread(importlib.import_module, "mcp")
        if not settings.mcp_enabled_servers and "" not in self._connections:
            self._connections[""] = (
                f"conf.yaml: use_mcpp is true, but {_SETTING} lists no server; try [{CLOCK}]"
            )
            logger.warning("{}", self._connections[""])
        names = dict.fromkeys(settings.mcp_enabled_servers)
        found = [self._connection(name, self._entries) for name in names]
        toolbox = McpToolbox(
            [one for one in found if isinstance(one, Connection)],
            self._limits,
            Permissions(settings.tool_permissions, settings.mcp_enabled_servers),
            remembered,
        )
        self._lent = [one for one in self._lent if not one.is_closed] + [toolbox]
        return toolbox

    async def remembered(self) -> RememberedTools:
        """Return what was allowed for good, read from its file."""
        async with self._reading:
            if not self._remembered.is_read:
                await asyncio.to_thread(self._remembered.read)
        return self._remembered

    def problems(self, settings: ToolSettings) -> list[str]:
        """Return what is wrong with the servers that were lent for these settings, a line each.

        It is what their entries tell; whether they start is known later.
        """
        if not settings.use_mcpp or self._entries is None:
            return []
        names = settings.mcp_enabled_servers or [""]
        found = [one for name in names if isinstance(one := self._connections.get(name), str)]
        found += [line for name in names for line in self._entries.idle.get(name, ())]
        enabled = settings.mcp_enabled_servers
        return found + Permissions(settings.tool_permissions, enabled).problems()

    async def settled(self) -> None:
        """Wait until every server is there or has failed to start."""
        for connection in self._running():
            await connection.settled()

    async def findings(self) -> list[tuple[str, int, str]]:
        """Return of every server its name, how many tools it has, and why it has none."""
        await self.settled()
        return [
            (name, len(one.tools), one.failure) if isinstance(one, Connection) else (name, 0, one)
            for name, one in self._connections.items()
        ]

    async def close(self) -> None:
        """End every server and wait for its end."""
        for toolbox in self._lent:
            toolbox.close()
        open_ = [connection.close() for connection in self._running()]
        await asyncio.gather(*(toolbox.closed() for toolbox in self._lent), *open_)
        self._connections.clear()
        await self._remembered.saved()

    def _running(self) -> list[Connection]:
        return [one for one in self._connections.values() if isinstance(one, Connection)]

    def _connection(self, name: str, entries: Entries) -> Connection | str:
        if name not in self._connections:
            entry = entries.entries.get(name)
            if entry is None and (name != CLOCK or name in entries.problems):
                self._connections[name] = f"{entries.problem(name)} ({_SETTING})"
                logger.warning("{}", self._connections[name])
            else:
                spec = Spec(name, entry, self._folder)
                self._connections[name] = Connection(spec, self._limits)
        return self._connections[name]
