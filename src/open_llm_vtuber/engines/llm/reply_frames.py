"""What one frame of a reply of the chat completions API says, in whatever types; no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from ...http_errors import error_text
from .base import Thought

MAX_DEPTH = 8
"""How deep blocks of text may stand in each other."""

_THOUGHT_KEYS = ("reasoning_content", "reasoning", "thinking", "thought")
"""Where services put thoughts; those that fill two of them say the same in both."""
_THOUGHT_BLOCKS = frozenset({*_THOUGHT_KEYS, "redacted_thinking", "summary_text"})
_TEXT_KEYS = ("text", "content", "refusal", "value", "parts")
"""Where a block keeps its text."""
_BLOCK_KEYS = (*_THOUGHT_KEYS, "summary", *_TEXT_KEYS)


class ReplyError(Exception):
    """A reply that cannot be used; the text goes on from a sentence's subject: who sent it."""


class UnreadableError(Exception):
    """A frame of which nothing can be understood."""


@dataclass(slots=True)
class Frame:
    """What is in one frame."""

    pieces: list[str | Thought] = field(default_factory=list)
    calls: list[Any] = field(default_factory=list)
    """Pieces of calls of tools, as `CallAssembly` takes them."""
    thought: tuple[str, str] | None = None
    """The key under which a thought came, and the thought."""
    finish: str = ""
    """Why the model has finished; "" where it goes on."""
    is_reply: bool = False
    """Whether it belongs to an answer: neither a sign of life nor a count of tokens."""


def read_frame(data: bytes) -> Frame:
    """Return what is in a frame, streamed or whole.

    A value of another type than the API has is understood where it plainly can be. Raises
    UnreadableError, and ReplyError where the service reports an error.
    """
    event = _loaded(data)
    if not isinstance(event, dict):
        raise UnreadableError
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else choices
    if isinstance(choice, dict) and choice.get("error") and not event.get("error"):
        event = {"error": choice["error"]}  # routers report what happened behind them here
        data = orjson.dumps(event)
    if event.get("error") or event.get("object") == "error" or event.get("type") == "error":
        said = error_text(data)
        raise ReplyError(f"stopped with an error: {said}" if said else "stopped with an error")
    if not choices:
        return Frame()
    if not isinstance(choice, dict):
        raise UnreadableError
    frame = Frame(is_reply=True)
    if finish := choice.get("finish_reason"):
        frame.finish = finish if isinstance(finish, str) else "stop"
    delta = choice.get("delta")
    if delta is None:
        delta = choice.get("message", choice.get("text"))
    if isinstance(delta, dict):
        _read_delta(delta, frame)
    else:
        frame.pieces += _pieces(delta)
    return frame


def _loaded(data: bytes) -> Any:
    """Return the JSON value in `data`; it may hold half a character, as `halves.py` has it."""
    try:
        return orjson.loads(data)
    except ValueError:
        pass
    try:
        return json.loads(data) if b"\\u" in data else None
    except (ValueError, RecursionError):
        return None


def _read_delta(delta: Mapping[str, Any], frame: Frame) -> None:
    for key in _THOUGHT_KEYS:
        if key in delta and (thought := _joined(delta[key])):
            frame.pieces.append(Thought(thought))
            frame.thought = (key, thought)
            break
    content = delta.get("content")
    if type(content) is str:  # nearly all are
        if content:
            frame.pieces.append(content)
    else:
        frame.pieces += _pieces(content)
    if delta.get("refusal"):
        frame.pieces += _pieces(delta["refusal"])
    if calls := delta.get("tool_calls"):
        frame.calls += calls if isinstance(calls, list) else [calls]
    if call := delta.get("function_call"):
        frame.calls.append({"index": 0, "function": call})


def _pieces(content: Any, depth: int = 0) -> Iterator[str | Thought]:
    """Yield the texts and thoughts of `content`: text, a block, or a list of both."""
    if depth > MAX_DEPTH:
        raise UnreadableError
    if isinstance(content, str):
        if content:
            yield content
    elif isinstance(content, bool):
        return
    elif isinstance(content, int | float):
        yield str(content)
    elif isinstance(content, list):
        for part in content:
            yield from _pieces(part, depth + 1)
    elif isinstance(content, dict):
        kind = content.get("type")
        if (isinstance(kind, str) and kind in _THOUGHT_BLOCKS) or "thinking" in content:
            yield Thought("".join(_joined(content.get(key), depth + 1) for key in _BLOCK_KEYS))
            return
        for key in _TEXT_KEYS:
            if key in content:
                yield from _pieces(content[key], depth + 1)
                return


def _joined(content: Any, depth: int = 0) -> str:
    """Return all of the text in `content`, whatever kind of block it stands in."""
    if isinstance(content, str):
        return content
    found = _pieces(content, depth)
    return "".join(part.text if isinstance(part, Thought) else part for part in found)
