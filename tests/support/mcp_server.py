"""A real MCP server over stdio, with tools that add, wait, fail, crash and remember."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from mcp.server.mcpserver import Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError

server = MCPServer("numbers")
_kept: list[str] = []


@server.tool()
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool()
async def wait(seconds: float, note: str = "") -> str:
    """Wait, and write into the file `note` how that ended."""
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        if note:
            Path(note).write_text("cancelled")
        raise
    return f"waited {seconds:g} s"


@server.tool()
def fail() -> str:
    """Fail."""
    raise ToolError("the numbers are out of order")


@server.tool()
def crash() -> str:
    """End the process in the middle of a call."""
    os._exit(3)


@server.tool()
def remember(text: str) -> str:
    """Keep a text and return all that was kept."""
    _kept.append(text)
    return " ".join(_kept)


@server.tool()
def talk(length: int) -> str:
    """Return so many characters."""
    return "x" * length


@server.tool(structured_output=False)
def picture() -> list[str | Image]:
    """Return a picture and a word."""
    return ["a dot", Image(data=b"\x89PNG", format="png")]


@server.tool()
def pid() -> int:
    """Return the number of the process."""
    return os.getpid()


if __name__ == "__main__":
    if "--fail" in sys.argv:
        sys.exit("numbers: there is no such option as --fail")
    if "--hang" in sys.argv:
        time.sleep(600)
    server.run("stdio")
