"""What a call gave, in words and pictures for the model."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import orjson
import pybase64
from loguru import logger

from ..agent.tools import ToolResult

if TYPE_CHECKING:
    import mcp_types

WATCHED_TOOL = "stagehand_navigate"
"""The documented tool whose result says where its browser can be watched."""
_FORMATS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}
"""What models that see take, by how it begins: what a server says of it may be wrong."""
MAX_PICTURES = 4
"""Of one result."""
MAX_PICTURE_CHARS = 8 * 2**20
"""In base64; no service takes larger ones."""


def told(tool: mcp_types.Tool, result: mcp_types.CallToolResult) -> ToolResult:
    """Return what a call gave. Pictures are counted in its text, for whoever does not see them."""
    texts, others = [], dict[str, int]()
    pictures: list[str] = []
    for block in result.content:
        if block.type == "text":
            texts.append(block.text)
        elif block.type == "resource" and "text" in block.resource.model_fields_set:
            texts.append(str(getattr(block.resource, "text", "")))
        else:
            others[block.type] = others.get(block.type, 0) + 1
            if block.type == "image" and (picture := _picture(block)):
                pictures.append(picture)
    texts += [f"[Tool returned {count} {kind}(s)]" for kind, count in others.items()]
    if not texts and result.structured_content is not None:
        texts.append(orjson.dumps(result.structured_content).decode())
    view = (result.meta or {}).get("liveViewData") if tool.name == WATCHED_TOOL else None
    watched = view if isinstance(view, dict) else None
    text = "\n".join(texts).strip()
    return ToolResult(text, result.is_error, watched, tuple(pictures[:MAX_PICTURES]))


def _picture(block: mcp_types.ImageContent) -> str:
    """Return a picture as a data URL; "" if it is none that a model could be shown."""
    kind = ""
    if len(block.data) <= MAX_PICTURE_CHARS:
        with suppress(ValueError):
            kind = _format(pybase64.b64decode(block.data, validate=True))
    if not kind:
        logger.debug("a picture of a tool is left out: its format or size is not taken")
        return ""
    return f"data:{kind};base64,{block.data}"


def _format(data: bytes) -> str:
    """Return what a picture is by how it begins, "" for what no model takes."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":  # sound begins so, too
        return "image/webp"
    return next((one for magic, one in _FORMATS.items() if data.startswith(magic)), "")
