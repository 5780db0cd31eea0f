"""The server that is there without an entry: it tells the time, inside this process."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer


def clock_server() -> MCPServer:
    """Return the server."""
    from mcp.server.mcpserver import MCPServer

    server = MCPServer("clock")
    server.add_tool(get_current_time)
    return server


async def get_current_time(timezone: str = "") -> str:
    """Tell the present date and time, here or elsewhere.

    `timezone` is a name such as Europe/Berlin or Asia/Tokyo; leave it out for the time here.
    """
    if not timezone:
        return _told(datetime.datetime.now().astimezone(), "here")
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"There is no time zone {timezone!r}; they are called Continent/City."
        ) from None
    return _told(datetime.datetime.now(zone), timezone)


def _told(now: datetime.datetime, where: str) -> str:
    return f"{now:%A, %d %B %Y, %H:%M} ({where}, UTC{now:%z})"
