"""The tools of one conversation: those of the shared servers, and of its own ones."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from loguru import logger

from ..agent.tools import Ask, Decision, Permission, ToolResult, ToolWish
from ..config import Limits
from ..engines.llm.base import Tool
from .connection import Connection, UnavailableError
from .permissions import KEY, Permissions, fingerprint, is_ours
from .remembered import Pin, RememberedTools
from .results import told

if TYPE_CHECKING:
    import mcp_types

_UNFIT = re.compile(r"[^A-Za-z0-9_-]")
MAX_NAME = 64
"""What the chat completions API takes as the name of a tool."""
_REFUSED: dict[Decision, str] = {
    "no": "The person was asked, and does not want {tool} to be used. Go on without it.",
    "unanswered": "The person was asked whether {tool} may be used, and gave no answer.",
    "unasked": "Not used: {tool}. The person was not asked, because their program cannot ask. "
    "It can be allowed in conf.yaml ({key}: {{{server}: allow}}).",
}


class McpToolbox:
    """Belongs to one connection of a client; the servers in it are lent."""

    def __init__(
        self,
        shared: Sequence[Connection],
        limits: Limits,
        permissions: Permissions,
        remembered: RememberedTools,
    ) -> None:
        self._shared = shared
        self._limits = limits
        self._permissions = permissions
        self._remembered = remembered
        self._asking = asyncio.Lock()
        """Held while the person is asked: one question at a time, and the answer to one may make
        the next needless."""
        self._own: dict[str, Connection] = {}
        self._closing: asyncio.Task[None] | None = None

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        """Return the tools that can be used now, by server; of what is denied nobody is told."""
        by_server: dict[str, list[Tool]] = {}
        for name, (connection, tool) in self._tools().items():
            if self._permission(connection, tool) == "deny":
                continue
            schema = {"properties": {}, **tool.input_schema}
            offered = Tool(name, tool.description or "", orjson.dumps(schema).decode())
            by_server.setdefault(connection.spec.name, []).append(offered)
        return {server: tuple(tools) for server, tools in by_server.items()}

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> ToolResult:
        """Use a tool, if it may be used. A failure is a result; the call takes a bounded time.

        How long the person takes to answer `ask` is not counted.
        """
        found = self._tools().get(name)
        if found is None or self._permission(*found) == "deny":
            return ToolResult(f"There is no tool {name!r}.", failed=True)
        connection, tool = found
        if refusal := await self._refusal(name, connection, tool, ask):
            return refusal
        try:
            connection = await self._mine(connection)
            return told(tool, await connection.call(tool.name, arguments))
        except UnavailableError as error:
            return ToolResult(str(error), failed=True)
        except TimeoutError:
            return ToolResult(f"The tool {name!r} took too long and was stopped.", failed=True)
        except Exception as error:  # noqa: BLE001 - the call ends here; the model is told
            logger.debug("the tool {!r} of {!r}: {!r}", name, connection.spec.name, error)
            return ToolResult(_reason(error), failed=True)

    def _permission(self, connection: Connection, tool: mcp_types.Tool) -> Permission:
        spec = connection.spec
        ours = is_ours(spec.name, has_entry=spec.entry is not None)
        return self._permissions.of(spec.name, tool.name, ours=ours)

    async def _refusal(
        self, name: str, connection: Connection, tool: mcp_types.Tool, ask: Ask
    ) -> ToolResult | None:
        """Return why a tool may not be used now, asking the person where that is needed."""
        server, print_ = connection.spec.name, fingerprint(tool)
        if self._permission(connection, tool) == "allow":
            self._note_change(server, tool.name, print_)
            return None
        async with self._asking:
            if self._remembered.allows(server, tool.name, print_):
                return None
            changed = self._remembered.differs(server, tool.name, print_)
            decision = await ask(ToolWish(tool.name, server, tool.description or "", changed))
            if refused := _REFUSED.get(decision):
                text = refused.format(tool=f"the tool {name!r}", server=server, key=KEY)
                unasked = _unasked(tool.name, server) if decision == "unasked" else ""
                return ToolResult(text, failed=True, unasked=unasked)
            # Meanwhile the server may have been started again, and say something else of it.
            now = self._tools().get(name)
            if now is None or now[0] is not connection or fingerprint(now[1]) != print_:
                text = f"The tool {name!r} changed while the person was asked for it."
                return ToolResult(text, failed=True)
            pin = Pin(fingerprint=print_, always=decision == "always")
            self._remembered.note(server, tool.name, pin)
        return None

    def _note_change(self, server: str, tool: str, print_: str) -> None:
        """Of a tool that need not be asked for: tell once if it is described otherwise."""
        if self._remembered.differs(server, tool, print_):
            logger.warning(
                "The MCP server {!r} describes its tool {!r} otherwise than when it was last used. "
                "It is used all the same, as conf.yaml allows it ({}).",
                server,
                tool,
                KEY,
            )
        elif self._remembered.allows(server, tool, print_):
            return  # and the person need not be asked again where conf.yaml no longer allows it
        self._remembered.note(server, tool, Pin(fingerprint=print_))

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
            self._own[name] = Connection(shared.spec, self._limits, shared.noise)
        await self._own[name].settled()
        return self._own[name]


def _unasked(tool: str, server: str) -> str:
    """Return what the person is told of a tool that they would have had to be asked for."""
    return (
        f"The tool {tool!r} of {server!r} was not used: this program cannot ask you whether it may "
        f"be. Allow it in conf.yaml ({KEY}: {{{server}: allow}}), or talk on the page of the "
        "server, which asks."
    )


def _reason(error: BaseException) -> str:
    """Return what happened, of a group of errors the first."""
    while nested := getattr(error, "exceptions", None):
        error = nested[0]
    return f"The tool failed: {getattr(error, 'message', '') or error or type(error).__name__}"
