"""The server that is there without an entry: it tells the time, inside this process."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    import mcp_types
    from mcp.server import Server

TOOL = "get_current_time"
DESCRIPTION = "Tells the present date, weekday and time, here or in another time zone."
PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "timezone": {
            "type": "string",
            "description": "Its name, such as Europe/Berlin; leave it out for the time here.",
        }
    },
}


def clock_server() -> Server[Any]:
    """Return the server."""
    import mcp_types
    from mcp.server import Server

    async def list_tools(_: object, __: object) -> mcp_types.ListToolsResult:
        tool = mcp_types.Tool(name=TOOL, description=DESCRIPTION, input_schema=PARAMETERS)
        return mcp_types.ListToolsResult(tools=[tool])

    async def call_tool(
        _: object, asked: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        text, known = told(str((asked.arguments or {}).get("timezone") or ""))
        content = mcp_types.TextContent(type="text", text=text)
        return mcp_types.CallToolResult(content=[content], is_error=not known)

    return Server("clock", on_list_tools=list_tools, on_call_tool=call_tool)


def told(timezone: str) -> tuple[str, bool]:
    """Return the time in a zone, "" for here, in words; and whether the zone is known."""
    try:
        zone = ZoneInfo(timezone) if timezone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"There is no time zone {timezone!r}; they are called Continent/City.", False
    now = datetime.datetime.now(zone).astimezone(zone)
    return f"{now:%A, %d %B %Y, %H:%M} ({timezone or 'here'}, UTC{now:%z})", True
