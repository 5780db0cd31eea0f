"""Ollama's own API, `/api/chat`: requests made of our messages, answers read; no I/O.

https://docs.ollama.com/api/chat
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Any

import orjson

from ...http_errors import BROKE_OFF, error_text
from .base import ChatMessage, Delta, ProviderBlocks, Thought
from .call_assembly import CallAssembly
from .dialect import Dialect
from .reply_frames import ReplyError, UnreadableError

FOREIGN = "sent something else than an answer of Ollama; see whether base_url is right"
MAX_LINE_BYTES = 4 << 20
ENDLESS = "sent a line without an end"


def chat_body(messages: Sequence[ChatMessage], dialect: Dialect, **keys: Any) -> bytes:
    """Return the JSON of a request for an answer to `messages`; keys that are None are left out."""
    said = dialect.adapted(messages)
    names = {call.id: call.name for message in said for call in message.tool_calls}
    body: dict[str, Any] = {"messages": [_message(one, names) for one in said], "stream": True}
    tools = [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": orjson.loads(tool.parameters),
            },
        }
        for message in said
        for tool in message.tools
    ]
    if tools:
        body["tools"] = tools
    body.update((key, value) for key, value in keys.items() if value is not None)
    return orjson.dumps(body)


def _message(message: ChatMessage, names: Mapping[str, str]) -> dict[str, Any]:
    written: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.images:
        # Of a data URL, what follows the comma; Ollama fetches nothing.
        written["images"] = [url.partition(",")[2] or url for url in message.images]
    if message.tool_calls:
        written["tool_calls"] = [
            {"function": {"name": call.name, "arguments": _object(call.arguments)}}
            for call in message.tool_calls
        ]
        if message.blocks:
            written |= orjson.loads(message.blocks)
    if message.tool_call_id:
        written["tool_name"] = names.get(message.tool_call_id, "")
    return written


def _object(arguments: str) -> dict[str, Any]:
    try:
        found = orjson.loads(arguments)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def chat_deltas(chunks: AsyncIterator[bytes]) -> AsyncGenerator[Delta, None]:
    """Yield what is in an answer, a line of JSON for each piece.

    Raises ReplyError where it is none, reports an error, or does not come to its end.
    """
    reader, rest = _Reader(), b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            raise ReplyError(ENDLESS)
        for line in lines:
            for piece in reader.read(line):
                yield piece
    for piece in reader.read(rest):
        yield piece
    for piece in reader.conclude():
        yield piece


class _Reader:
    def __init__(self) -> None:
        self._calls = CallAssembly()
        self._thoughts: list[str] = []
        self._begun = self._done = False

    def read(self, line: bytes) -> list[Delta]:
        if not line.strip():
            return []
        try:
            found = orjson.loads(line)
        except ValueError as error:
            raise ReplyError(FOREIGN) from error
        if not isinstance(found, dict):
            raise ReplyError(FOREIGN)
        if "error" in found:
            raise ReplyError(f"stopped with an error: {error_text(line)}")
        self._done = self._done or found.get("done") is True
        message = found.get("message")
        if not isinstance(message, dict):
            return []
        self._begun = True
        pieces: list[Delta] = []
        if isinstance(thought := message.get("thinking"), str) and thought:
            self._thoughts.append(thought)
            pieces.append(Thought(thought))
        if isinstance(text := message.get("content"), str) and text:
            pieces.append(text)
        for call in message.get("tool_calls") or ():
            try:
                self._calls.add({**call, "index": None} if isinstance(call, dict) else call)
            except UnreadableError as error:
                raise ReplyError(FOREIGN) from error
        return pieces

    def conclude(self) -> list[Delta]:
        if not self._begun:
            raise ReplyError(FOREIGN)
        if not self._done:
            raise ReplyError(BROKE_OFF)
        calls: list[Delta] = list(self._calls.complete())
        if calls and self._thoughts:
            thinking = orjson.dumps({"thinking": "".join(self._thoughts)}).decode()
            calls.insert(0, ProviderBlocks(thinking))
        return calls
