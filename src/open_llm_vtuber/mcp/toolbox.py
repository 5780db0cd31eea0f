"""The tools of one conversation: those of the shared servers, and of its own ones."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from loguru import logger

from ..agent.tools import ToolResult
from ..config import Limits
from ..engines.llm.base import Tool
from .connection import Connection, UnavailableError

if TYPE_CHECKING:
    import mcp_types

_UNFIT = re.compile(r"[^A-Za-z0-9_-]")
MAX_NAME = 64
"""What the chat completions API takes as the name of a tool."""
WATCHED_TOOL = "stagehand_navigate"
"""The documented tool whose result says where its browser can be watched."""


class McpToolbox:
    """Belongs to one connection of a client; the servers in it are lent."""

    def __init__(self, shared: Sequence[Connection], limits: Limits) -> None:
        self._shared = shared
        self._limits = limits
        self._own: dict[str, Connection] = {}
        self._closing: asyncio.Task[None] | None = None

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        """Return the tools of the servers that are running now, by server."""
        by_server: dict[str, list[Tool]] = {}
        for name, (connection, tool) in self._tools().items():
            schema = {"properties": {}, **tool.input_schema}
            offered = Tool(name, tool.description or "", orjson.dumps(schema).decode())
            by_server.setdefault(connection.spec.name, []).append(offered)
        return {server: tuple(tools) for server, tools in by_server.items()}

    async def call(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Use a tool. A failure is a result; the call takes a bounded time."""
        found = self._tools().get(name)
        if found is None:
            return ToolResult(f"There is no tool {name!r}.", failed=True)
        connection, tool = found
        try:
            connection = await self._mine(connection)
            return _result(tool, await connection.call(tool.name, arguments))
        except UnavailableError as error:
            return ToolResult(str(error), failed=True)
        except TimeoutError:
            return ToolResult(f"The tool {name!r} took too long and was stopped.", failed=True)
        except Exception as error:  # noqa: BLE001 - the call ends here; the model is told
            logger.debug("the tool {!r} of {!r}: {!r}", name, connection.spec.name, error)
            return ToolResult(_reason(error), failed=True)

    def close(self) -> None:
        """End the servers that belong to this conversation alone; `closed` waits for it."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())

    @property
    def is_closed(self) -> bool:
        """Whether there is nothing left of it."""
        return self._closing is not None and self._closing.done()

    async def closed(self) -> None:
        """Wait until what `close` ends has ended."""
        if self._closing:
            await self._closing

    async def _close(self) -> None:
        await asyncio.gather(*(own.close() for own in self._own.values()))

    def _tools(self) -> dict[str, tuple[Connection, mcp_types.Tool]]:
        """Return the tools by the names under which the model knows them."""
        named: dict[str, tuple[Connection, mcp_types.Tool]] = {}
        for connection in self._shared:
            for tool in connection.tools:
                name = _UNFIT.sub("_", tool.name)[:MAX_NAME]
                if name in named:
                    name = _UNFIT.sub("_", f"{connection.spec.name}_{tool.name}")[:MAX_NAME]
                named.setdefault(name, (connection, tool))
        return named

    async def _mine(self, shared: Connection) -> Connection:
        """Return the process to use: of those that remember something, one of our own."""
        entry = shared.spec.entry
        if entry is None or not entry.per_connection:
            return shared
        if self._closing:
            raise UnavailableError("The conversation has ended.")
        name = shared.spec.name
        if name not in self._own:
            self._own[name] = Connection(shared.spec, self._limits)
        await self._own[name].settled()
        return self._own[name]


def _result(tool: mcp_types.Tool, result: mcp_types.CallToolResult) -> ToolResult:
    """Return what a call gave, pictures and sounds only counted: the API takes none from tools."""
    texts, others = [], dict[str, int]()
    for block in result.content:
        if block.type == "text":
            texts.append(block.text)
        elif block.type == "resource" and "text" in block.resource.model_fields_set:
            texts.append(str(getattr(block.resource, "text", "")))
        else:
            others[block.type] = others.get(block.type, 0) + 1
    texts += [f"[Tool returned {count} {kind}(s)]" for kind, count in others.items()]
    if not texts and result.structured_content is not None:
        texts.append(orjson.dumps(result.structured_content).decode())
    view = (result.meta or {}).get("liveViewData") if tool.name == WATCHED_TOOL else None
    watched = view if isinstance(view, dict) else None
    return ToolResult("\n".join(texts).strip(), result.is_error, watched)


def _reason(error: BaseException) -> str:
    """Return what happened, of a group of errors the first."""
    while nested := getattr(error, "exceptions", None):
        error = nested[0]
    return f"The tool failed: {getattr(error, 'message', '') or error or type(error).__name__}"
