"""The chat completions API as bytes: requests written, replies read, streamed or not."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import anyio
import orjson
from loguru import logger

from ...http_errors import error_text
from .base import ChatMessage, Delta, ProviderBlocks, Thought, Tool, ToolCall
from .call_assembly import MAX_CHARS, CallAssembly
from .dialect import USUAL, Dialect
from .halves import Halves, whole
from .reply_frames import Frame, ReplyError, UnreadableError, read_frame

DRAIN_S = 0.1
"""How long the end of a finished response is waited for, so that its connection can be reused."""
FOREIGN = "sent something else than an answer of the chat completions API"
WEB_PAGE = f"{FOREIGN}, but a web page; see whether base_url is right"
MAX_WHOLE_BYTES = 4 << 20
"""A longer reply that is not streamed, or line of one that is, is not waited for."""
LINES_AT_ONCE = 64
"""After so many that came together, others have their turn."""
LINE_BYTES = 64
"""What a line costs that is kept, besides its text."""
ENDLESS = "sent a line without an end"
_CUT_SHORT = {
    **dict.fromkeys(
        ("content_filter", "sensitive", "safety", "recitation", "prohibited_content", "blocklist"),
        "was stopped by the content filter of its service",
    ),
    "error": "broke off in the middle of its answer",
    "abort": "broke off in the middle of its answer",
    "insufficient_system_resource": "broke off in the middle of its answer",
    "network_error": "broke off in the middle of its answer",
}
"""What is told of answers that ended for another reason than that they were complete."""


def request_body(
    messages: Sequence[ChatMessage], dialect: Dialect = USUAL, **options: Any
) -> bytes:
    """Return the JSON of a streaming request for an answer to `messages`.

    Options that are None are left out. The tools are those of the system message.
    """
    said = [_message(item, dialect) for item in dialect.adapted(messages)]
    body: dict[str, Any] = {"messages": said, "stream": True}
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


def _message(message: ChatMessage, dialect: Dialect) -> dict[str, Any]:
    if message.tool_calls:
        calls = [_call(call) for call in message.tool_calls]
        asked = {"role": message.role, "content": message.content or None, "tool_calls": calls}
        if message.blocks and dialect.takes_thoughts:
            asked |= orjson.loads(message.blocks)
        return asked
    if message.tool_call_id:
        call_id = message.tool_call_id
        return {"role": message.role, "content": message.content, "tool_call_id": call_id}
    if not message.images:
        return {"role": message.role, "content": message.content}
    detail = {"detail": "auto"} if dialect.takes_detail else {}
    parts: list[dict[str, Any]] = [
        {"type": "image_url", "image_url": {"url": url, **detail}} for url in message.images
    ]
    if message.content:
        parts.insert(0, {"type": "text", "text": message.content})
    return {"role": message.role, "content": parts}


async def deltas(chunks: AsyncIterator[bytes]) -> AsyncGenerator[Delta, None]:
    """Yield the text of a reply, given the body of the response as it arrives.

    It may be streamed or not, and may end without a last line that says so. The calls of tools
    follow when the reply is complete. Roles, usage and comments yield nothing. A frame that
    nobody can read costs only itself: ReplyError is raised when all others are read. It is raised
    at once where the reply reports an error.
    """
    reader = _Reader()
    rest: list[bytes] = []  # the parts of a line whose end has not come
    rest_bytes = 0
    async for chunk in chunks:
        *lines, last = chunk.split(b"\n")
        if lines:
            lines[0] = b"".join([*rest, lines[0]])
            rest, rest_bytes = [], 0
        rest.append(last)
        rest_bytes += len(last)
        if rest_bytes > MAX_WHOLE_BYTES:
            raise ReplyError(ENDLESS)
        for count, line in enumerate(lines, 1):
            for piece in reader.read(line):
                yield piece
            if count % LINES_AT_ONCE == 0:
                await asyncio.sleep(0)
        if reader.done:
            with anyio.move_on_after(DRAIN_S):
                async for _ in chunks:
                    continue
            break
    else:
        for piece in reader.read(b"".join(rest)):
            yield piece
        for piece in reader.read_whole():
            yield piece
    if half := reader.halves.flush():
        yield half
    calls = reader.calls.complete()
    if calls and (blocks := reader.thoughts()):
        yield blocks
    for call in calls:
        yield call
    reader.conclude()


class _Reader:
    """Reads the lines of one reply."""

    def __init__(self) -> None:
        self.calls = CallAssembly()
        self.halves = Halves()
        self._thought_halves = Halves()
        self._thoughts: dict[str, list[str]] = {}
        self._thought_chars = 0
        self.done = False
        """Whether the line came that says that nothing follows."""
        self._replied = self._unreadable = False
        self._finish = ""
        self._reports = False
        """Whether the event that comes is an error by its name."""
        self._other: list[bytes] = []
        """Lines that are no events: a reply that is not streamed, if there are no others."""
        self._other_bytes = 0

    def read(self, line: bytes) -> list[str | Thought]:
        """Read a line of the body. Raises ReplyError where it reports an error."""
        if self.done:
            return []
        if not self._replied:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.startswith(b"event:") or not line.strip():
            self._reports = line[6:].strip() == b"error"
        if not line.startswith(b"data:"):
            if not self._replied and self._other_bytes < MAX_WHOLE_BYTES and line.strip():
                self._other.append(line)
                self._other_bytes += len(line) + LINE_BYTES
            return []
        data = line[5:].strip()
        if data == b"[DONE]":
            self.done = True
            return []
        if self._reports:
            said = error_text(data)
            raise ReplyError(f"stopped with an error: {said}" if said else "stopped with an error")
        return self._read(data) if data else []

    def read_whole(self) -> list[str | Thought]:
        """Read what came of a reply that is not streamed, when there is no more of it."""
        if self._replied:
            return []
        whole = b"\n".join(self._other).strip()
        if whole[:1] == b"<":
            raise ReplyError(WEB_PAGE)
        if whole[:1] not in (b"{", b"["):
            return []
        pieces = self._read(whole)
        if not self._replied and (said := error_text(whole)):
            raise ReplyError(f"stopped with an error: {said}")
        return pieces

    def thoughts(self) -> ProviderBlocks | None:
        """Return what it thought, under the key where the service had it, to be handed back."""
        if not self._thoughts or self._thought_chars > MAX_CHARS:
            return None
        found = {key: whole("".join(parts)) for key, parts in self._thoughts.items()}
        return ProviderBlocks(orjson.dumps(found).decode())

    def conclude(self) -> None:
        """Raise ReplyError unless all of the reply could be read, and was an answer."""
        if self._unreadable or not self._replied:
            raise ReplyError(FOREIGN)
        if cut_short := _CUT_SHORT.get(self._finish.lower()):
            raise ReplyError(cut_short)

    def _read(self, data: bytes) -> list[str | Thought]:
        frame = Frame()
        try:
            frame = read_frame(data)
            for piece in frame.calls:
                self.calls.add(piece)
        except UnreadableError:
            logger.debug("a frame of a reply cannot be read: {} bytes", len(data))
            self._unreadable = True
        if frame.thought is not None and self._thought_chars <= MAX_CHARS:
            key, thought = frame.thought
            self._thoughts.setdefault(key, []).append(thought)
            self._thought_chars += len(thought)
        self._replied = self._replied or frame.is_reply
        self._finish = frame.finish or self._finish
        return list(self._whole(frame.pieces))

    def _whole(self, pieces: Iterable[str | Thought]) -> Iterator[str | Thought]:
        for piece in pieces:
            if isinstance(piece, Thought):
                yield replace(piece, text=self._thought_halves.joined(piece.text))
            elif text := self.halves.joined(piece):
                yield text
