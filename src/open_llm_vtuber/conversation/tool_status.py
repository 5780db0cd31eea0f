"""How a call of a tool is getting on, as the client is told."""

from __future__ import annotations

from datetime import datetime, timezone

from ..agent.tools import ToolStatus
from ..protocol.outgoing import ToolCallStatus


def tool_call_status(status: ToolStatus, name: str) -> ToolCallStatus:
    """Return the message about a call that the character `name` made."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    return ToolCallStatus(
        tool_id=status.id,
        tool_name=status.name,
        status=status.state,
        content=status.content,
        timestamp=now.replace("+00:00", "Z"),
        name=name,
        browser_view=status.browser_view,
    )
