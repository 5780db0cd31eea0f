"""The chat completions API as bytes: requests written, streamed replies read, errors worded."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

import anyio
import orjson

from .base import ChatMessage, Tool, ToolCall
from .call_assembly import CallAssembly

DRAIN_S = 0.1
"""How long the end of a finished response is waited for, so that its connection can be reused."""
QUOTED = 300
"""Characters of a service's own error text that are passed on."""
FOREIGN = "sent something else than an answer of the chat completions API"


class ReplyError(Exception):
    """A reply that cannot be used; the text goes on from a sentence's subject: who sent it."""


def request_body(messages: Sequence[ChatMessage], **options: Any) -> bytes:
    """Return the JSON of a streaming request for an answer to `messages`.

    Options that are None are left out. The tools are those of the system message.
    """
    body: dict[str, Any] = {"messages": [_message(item) for item in messages], "stream": True}
    if tools := [_tool(tool) for message in messages for tool in message.tools]:
        body["tools"] = tools
    body.update((key, value) for key, value in options.items() if value is not None)
    return orjson.dumps(body)


def _tool(tool: Tool) -> dict[str, Any]:
    parameters = orjson.loads(tool.parameters)
    function = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    asked: dict[str, Any] = {"id": call.id, "type": "function", "function": function}
    if call.extra:
        asked["extra_content"] = orjson.loads(call.extra)
    return asked


def _message(message: ChatMessage) -> dict[str, Any]:
    if message.tool_calls:
        calls = [_call(call) for call in message.tool_calls]
        return {"role": message.role, "content": message.content or None, "tool_calls": calls}
    if message.tool_call_id:
        call_id = message.tool_call_id
        return {"role": message.role, "content": message.content, "tool_call_id": call_id}
    if not message.images:
        return {"role": message.role, "content": message.content}
    parts: list[dict[str, Any]] = [
        {"type": "image_url", "image_url": {"url": url, "detail": "auto"}} for url in message.images
    ]
    if message.content:
        parts.insert(0, {"type": "text", "text": message.content})
    return {"role": message.role, "content": parts}


async def deltas(chunks: AsyncIterator[bytes]) -> AsyncGenerator[str | ToolCall, None]:
    """Yield the text of a streamed reply, given the body of the response as it arrives.

    The calls of tools follow when the reply is complete. Reasoning (`reasoning_content`), roles,
    usage and comments yield nothing. Raises ReplyError where the reply is malformed, reports an
    error, or ends before the model has finished.
    """
    calls = CallAssembly()
    rest = b""
    begun = finished = False
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                with anyio.move_on_after(DRAIN_S):
                    async for _ in chunks:
                        continue
                for call in calls.complete():
                    yield call
                return
            text, ended = _read_event(data, calls)
            begun, finished = True, finished or ended
            if text:
                yield text
    if not finished:
        raise ReplyError("broke off in the middle of its answer" if begun else FOREIGN)
    for call in calls.complete():
        yield call


def _read_event(data: bytes, calls: CallAssembly) -> tuple[str, bool]:
    """Return the text of one event, and whether the model has finished with it."""
    try:
        event = orjson.loads(data)
        if event.get("error"):
            raise ReplyError(f"stopped with an error: {error_text(data)}")
        choices = event.get("choices")
        if not choices:
            return "", False
        delta = choices[0].get("delta") or {}
        for piece in delta.get("tool_calls") or ():
            calls.add(piece)
        text: str = delta.get("content") or ""
        return text, bool(choices[0].get("finish_reason"))
    except (ValueError, KeyError, AttributeError, TypeError):
        raise ReplyError(FOREIGN) from None


def error_text(body: bytes) -> str:
    """Return what an error response says in words, shortened; "" where it says nothing."""
    try:
        found = orjson.loads(body)
    except ValueError:
        return ""
    if isinstance(found, list) and found:
        found = found[0]
    for key in ("error", "message", "detail"):
        if isinstance(found, dict) and key in found:
            found = found[key]
    return " ".join(found.split())[:QUOTED] if isinstance(found, str) else ""
