"""One MCP server: started, asked for its tools, used, started again when it dies, stopped."""

from __future__ import annotations

import asyncio
import math
import os
import re
import shutil
import time
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from loguru import logger

from ..config import Limits
from .clock import clock_server
from .entries import FILE, SECTION, Entry
from .noise import Flood, Noise
from .server_log import ServerLog

if TYPE_CHECKING:
    import mcp_types
    from mcp import Client
    from mcp.client import Transport
    from mcp.client._transport import TransportStreams

RESTARTS, RESTART_WINDOW_S = 3, 60.0
"""How often a server that died is started again, at most."""
_INHERITED = re.compile(
    "(https?|all|no)_proxy|ssl_cert_(file|dir)|requests_ca_bundle|node_extra_ca_certs|"
    "uv_.*|npm_config_.*|xdg_.*|lang|lc_.*|tz|tmpdir",
    re.IGNORECASE,
)
MAX_PAGES = 100
"""How many pages its list of tools may have."""


class UnavailableError(Exception):
    """The server cannot be used; the text says why and how to mend it."""


@dataclass(frozen=True)
class Spec:
    """Which server it is."""

    name: str
    entry: Entry | None
    """None for the clock, which is no process."""
    folder: Path
    """That of conf.yaml, from where the command is started."""


class Connection:
    """Belongs to one event loop. One task of its own holds the server."""

    def __init__(self, spec: Spec, limits: Limits, noise: Noise | None = None) -> None:
        """`noise` is that of another process of the same server."""
        self.spec = spec
        self.noise = noise or Noise(spec.name)
        self.tools: tuple[mcp_types.Tool, ...] = ()
        """What it offers; empty while it is not there."""
        self.failure = ""
        """Why it cannot be started, if so."""
        self._limits = limits
        self._client: Client | None = None
        self._settled = asyncio.Event()
        self._scope = anyio.CancelScope()
        self._task = asyncio.create_task(self._hold())

    async def settled(self) -> None:
        """Wait until it is there or has failed to start."""
        await self._settled.wait()

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> mcp_types.CallToolResult:
        """Use a tool. Raises UnavailableError, TimeoutError, and what the SDK raises.

        Cancelling it tells the server to stop.
        """
        client = self._client
        if client is None:
            raise UnavailableError(f"The MCP server {self.spec.name!r} is not running.")
        import mcp_types
        from mcp import MCPError

        entry = self.spec.entry
        limit_s = (entry.timeout if entry else None) or self._limits.tool_timeout_s
        with anyio.fail_after(limit_s):
            try:
                return await client.call_tool(tool, dict(arguments))
            except MCPError as error:
                if error.code != mcp_types.CONNECTION_CLOSED:
                    raise
                if self._client is client:
                    self._forget()
                raise UnavailableError(
                    f"The MCP server {self.spec.name!r} ended in the middle of it and is being "
                    "started again."
                ) from error

    async def close(self) -> None:
        """End the server, by force if it does not end by itself, and wait for its end."""
        self._scope.cancel()
        await asyncio.wait([self._task])

    async def _hold(self) -> None:
        """Keep the server running until `close`."""
        starts: deque[float] = deque(maxlen=RESTARTS)
        name = self.spec.name
        with self._scope:
            while True:
                starts.append(time.monotonic())
                try:
                    await self._serve()
                except UnavailableError as error:
                    self.failure = str(error)
                    logger.warning("{}; the tools of {!r} are missing", error, name)
                    break
                except Exception as error:  # noqa: BLE001 - one life of the server ends here
                    logger.opt(exception=error).debug("the MCP server {!r} broke off", name)
                logger.error("The MCP server {!r} ended unexpectedly; starting it again.", name)
                if len(starts) == RESTARTS:
                    pause_s = starts[0] + RESTART_WINDOW_S - time.monotonic()
                    await anyio.sleep(max(0.0, pause_s))
        self._settled.set()

    async def _serve(self) -> None:
        """Run one life of the server; return when it has died.

        Raises UnavailableError if it cannot be started.
        """
        from mcp import Client

        entry = self.spec.entry
        with ServerLog(entry.env.values() if entry else ()) as log:
            ended, ready = anyio.Event(), False
            limit_s = self._limits.tool_start_timeout_s
            with anyio.CancelScope(deadline=anyio.current_time() + limit_s) as starting:
                flood = Flood(self.noise, starting.cancel)
                server = (
                    clock_server() if entry is None else self._transport(entry, log, flood, ended)
                )
                try:
                    async with Client(server) as client:
                        self.tools = await self._listed(client)
                        self._client, ready = client, True
                        flood.ready()
                        starting.deadline = math.inf
                        self._settled.set()
                        names = ", ".join(tool.name for tool in self.tools)
                        logger.info("the MCP server {!r} is ready: {}", self.spec.name, names)
                        await ended.wait()
                        self._forget()
                except Exception as error:
                    if not ready:
                        raise UnavailableError(await self._excuse(entry, error, log)) from error
                    raise
                finally:
                    self._forget()
            if starting.cancelled_caught and flood.is_too_much:
                raise UnavailableError(
                    f"{FILE}: {SECTION}.{self.spec.name}: it writes text to its standard output, "
                    "which is for messages alone; have it write to its standard error output"
                )
            if starting.cancelled_caught:
                raise UnavailableError(
                    f"{FILE}: {SECTION}.{self.spec.name}: it did not answer within {limit_s:g} s "
                    "(system_config.limits.tool_start_timeout_s)"
                )

    def _forget(self) -> None:
        self.tools, self._client = (), None

    @staticmethod
    async def _listed(client: Client) -> tuple[mcp_types.Tool, ...]:
        tools: list[mcp_types.Tool] = []
        cursor = None
        for _ in range(MAX_PAGES):
            page = await client.list_tools(cursor=cursor)
            if cursor is not None and page.next_cursor == cursor:
                break  # it knows no pages: this is the first again
            tools += page.tools
            cursor = page.next_cursor
            if cursor is None:
                break
        return tuple(tools)

    def _transport(
        self, entry: Entry, log: ServerLog, flood: Flood, ended: anyio.Event
    ) -> Transport:
        from mcp.client.stdio import StdioServerParameters, stdio_client

        parameters = StdioServerParameters(
            command=entry.command,
            args=list(entry.args),
            env=environment(entry, os.environ),
            cwd=self.spec.folder / (entry.cwd or ""),
        )
        return _watched(stdio_client(parameters, errlog=log.file), flood, ended)

    async def _excuse(self, entry: Entry | None, error: Exception, log: ServerLog) -> str:
        """Return why it did not start, with the key to change."""
        where = f"{FILE}: {SECTION}.{self.spec.name}"
        if entry is not None:
            folder = self.spec.folder / (entry.cwd or "")
            if not await asyncio.to_thread(folder.is_dir):
                return f"{where}.cwd: there is no folder {entry.cwd!r}"
            if isinstance(error, OSError) and not shutil.which(
                entry.command, path=environment(entry, {}).get("PATH")
            ):
                return (
                    f'{where}.command: there is no program "{entry.command}"; '
                    "install it, or write its whole path"
                )
        said = await asyncio.to_thread(log.last_words)
        return f"{where}: it did not start: {said or error or type(error).__name__}"


def environment(
    entry: Entry, environ: Mapping[str, str], *, any_case: bool = os.name == "nt"
) -> dict[str, str]:
    """Return what a server is told besides the SDK's few names: some of ours, and its entry's.

    `any_case`: `Path` is `PATH`, as Windows has it; else there would be two of them.
    """
    told = {**inherited(environ), **entry.env}
    return {name.upper(): value for name, value in told.items()} if any_case else told


def inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what a server is told of our environment, besides the few names of the SDK.

    It is what `uvx` and `npx` need to fetch a package; no key of a service is among it.
    """
    return {name: value for name, value in environ.items() if _INHERITED.fullmatch(name)}


@asynccontextmanager
async def _watched(
    transport: Any, flood: Flood, ended: anyio.Event
) -> AsyncGenerator[TransportStreams, None]:
    """Pass on the messages that a transport reads, and tell when the other end has gone."""
    async with transport as (reading, writing):
        entrance, exit_ = anyio.create_memory_object_stream[Any]()

        async def pass_on() -> None:
            async with entrance:
                async for message in reading:
                    if isinstance(message, Exception):
                        flood.unreadable()
                    else:
                        flood.message()
                        await entrance.send(message)
            ended.set()

        async with anyio.create_task_group() as group:
            group.start_soon(pass_on)
            yield exit_, writing
            group.cancel_scope.cancel()
        exit_.close()
