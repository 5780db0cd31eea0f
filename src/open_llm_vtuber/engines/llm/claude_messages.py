"""Anthropic's Messages API: requests made of our messages, the events of an answer read; no I/O.

https://platform.claude.com/docs/en/api/messages and .../build-with-claude/streaming.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ...http_errors import BROKE_OFF
from .base import ChatMessage, ContextFullError, Delta, ProviderBlocks, Thought, Tool, ToolCall
from .call_assembly import MAX_CHARS
from .dialect import Dialect
from .reply_frames import ReplyError

NOTHING_SAID = "(Nothing was said.)"
"""In place of a text without a word, which the service refuses."""
DECLINED = "declined to answer this"
ENDLESS = "asked for tools without an end"

_DIALECT = Dialect(system="first", alternates=True)
_CACHED = {"cache_control": {"type": "ephemeral"}}
_JPEG = {"image/jpg": "image/jpeg"}

Block = dict[str, Any]


def prompt(messages: Sequence[ChatMessage]) -> dict[str, Any]:
    """Return `messages` as the parameters `system`, `tools` and `messages` of a request.

    What is before the question is marked to be kept by the service: a long persona, the tools
    and what was said before are then read from its cache at a tenth of the price.
    """
    said = list(_DIALECT.adapted(messages))
    asked: dict[str, Any] = {}
    if tools := [_tool(tool) for message in said for tool in message.tools]:
        asked["tools"] = tools
    if said[0].role == "system" and (persona := said.pop(0).content.strip()):
        asked["system"] = [{"type": "text", "text": persona, **_CACHED}]
    asked["messages"] = turns = _turns(said)
    if len(turns) > 1:
        turns[-2]["content"][-1].update(_CACHED)
    return asked


def _turns(said: Sequence[ChatMessage]) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    for message in said:
        role = "assistant" if message.role == "assistant" else "user"
        blocks = _content(message)
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        else:
            turns.append({"role": role, "content": blocks})
    return turns


def _content(message: ChatMessage) -> list[Block]:
    if message.tool_call_id:
        return [
            {
                "type": "tool_result",
                "tool_use_id": message.tool_call_id,
                "content": message.content or NOTHING_SAID,
            }
        ]
    if message.tool_calls:
        return _asking(message)
    blocks = [_picture(url) for url in message.images]
    if message.content.strip() or not blocks:
        blocks.append(_text(message.content))
    return blocks


def _asking(message: ChatMessage) -> list[Block]:
    """Return what asked for tools: as it came, where it came from here."""
    wanted = {call.id: call for call in message.tool_calls}
    blocks: list[Block] = []
    for block in orjson.loads(message.blocks or "[]"):
        if block["type"] != "tool_use" or wanted.pop(block["id"], None):
            blocks.append(block)
    if not message.blocks and message.content.strip():
        blocks.append(_text(message.content))
    blocks += [_tool_use(call.id, call.name, call.arguments) for call in wanted.values()]
    return blocks


def _text(text: str) -> Block:
    return {"type": "text", "text": text if text.strip() else NOTHING_SAID}


def _tool_use(call_id: str, name: str, arguments: str) -> Block:
    try:
        given = orjson.loads(arguments)
    except ValueError:
        given = None
    given = given if isinstance(given, dict) else {}
    return {"type": "tool_use", "id": call_id, "name": name, "input": given}


def _picture(url: str) -> Block:
    kind, _, data = url.removeprefix("data:").partition(";base64,")
    if not url.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": url}}
    kind = _JPEG.get(kind, kind)
    return {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}


def _tool(tool: Tool) -> Block:
    schema = {"type": "object", **orjson.loads(tool.parameters)}
    return {"name": tool.name, "description": tool.description, "input_schema": schema}


class ClaudeReader:
    """Reads the events of one answer."""

    def __init__(self) -> None:
        self._blocks: dict[int, Block] = {}
        self._inputs: dict[int, list[str]] = {}
        self._chars = 0
        self._said = self._done = False
        self._stop = ""
        self._why = ""
        self.usage: dict[str, Any] = {}
        """How many tokens were read, and how many of them from the cache."""

    def read(self, event: Mapping[str, Any]) -> Sequence[Delta]:
        """Return what is new with an event. Raises ReplyError where it reports an error."""
        kind = event.get("type")
        if kind == "content_block_delta":
            return self._more(event["index"], event["delta"])
        if kind == "content_block_start":
            return self._begun(event["index"], dict(event["content_block"]))
        if kind == "message_start":
            self.usage = dict(event["message"].get("usage") or {})
        elif kind == "message_delta":
            delta = event["delta"]
            self._stop = delta.get("stop_reason") or self._stop
            self._why = (delta.get("stop_details") or {}).get("explanation") or self._why
        elif kind == "message_stop":
            self._done = True
        elif kind == "error":
            said = (event.get("error") or {}).get("message")
            raise ReplyError(f"stopped with an error: {said}" if said else "stopped with an error")
        return ()  # a ping, or what is newer than this

    def _begun(self, index: int, block: Block) -> Sequence[Delta]:
        self._blocks[index] = block
        if block["type"] == "text":
            return self._text(block["text"])
        if block["type"] in ("thinking", "redacted_thinking"):
            return (Thought(block.get("thinking", "")),)
        return ()

    def _more(self, index: int, delta: Mapping[str, Any]) -> Sequence[Delta]:
        block = self._blocks[index]
        match delta.get("type"):
            case "text_delta":
                block["text"] += delta["text"]
                return self._text(delta["text"])
            case "thinking_delta":
                block["thinking"] = block.get("thinking", "") + delta["thinking"]
                return (Thought(delta["thinking"]),)
            case "signature_delta":
                block["signature"] = block.get("signature", "") + delta["signature"]
            case "input_json_delta":
                self._chars += len(delta["partial_json"])
                if self._chars > MAX_CHARS:
                    raise ReplyError(ENDLESS)
                self._inputs.setdefault(index, []).append(delta["partial_json"])
        return ()

    def _text(self, text: str) -> Sequence[Delta]:
        self._said = self._said or bool(text)
        return (text,) if text else ()

    def conclude(self) -> Sequence[Delta]:
        """Return the calls, and before them what belongs to them, once nothing more comes.

        Raises ReplyError unless the answer came to its end, and ContextFullError where there was
        no room for it.
        """
        if not self._done:
            raise ReplyError(BROKE_OFF)
        if self._stop == "refusal":
            raise ReplyError(f"{DECLINED}: {self._why}" if self._why else DECLINED)
        if self._stop == "model_context_window_exceeded" and not self._said:
            raise ContextFullError("The conversation is longer than what the model can read.")
        calls, kept = list[ToolCall](), list[Block]()
        for index, block in sorted(self._blocks.items()):
            if block["type"] == "tool_use":
                written = (
                    "".join(self._inputs.get(index, ()))
                    or orjson.dumps(block.get("input") or {}).decode()
                )
                calls.append(ToolCall(block["id"], block["name"], written))
                block = _tool_use(block["id"], block["name"], written)
            if block["type"] != "text" or block["text"].strip():
                kept.append(block)
        return (ProviderBlocks(orjson.dumps(kept).decode()), *calls) if calls else ()
