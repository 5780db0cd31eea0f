"""The events of an answer of Anthropic's Messages API, as its documentation has them.

https://platform.claude.com/docs/en/build-with-claude/streaming; the types of the blocks and the
reasons to stop are those of the package `anthropic` (types/raw_message_stream_event.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

SIGNATURE = "EqQBCgIYAhIM1gbcDa9GJwZA2b3h"
REDACTED = "EmwKAhgBEgy3va3pzix/LafPsn4a"
START = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": "small",
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 25, "cache_read_input_tokens": 20, "output_tokens": 1},
    },
}
NO_INPUT: dict[str, Any] = {}
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def event(body: dict[str, Any]) -> bytes:
    name = str(body["type"]).encode()
    return b"event: " + name + b"\ndata: " + orjson.dumps(body) + b"\n\n"


def block(index: int, start: dict[str, Any], *deltas: dict[str, Any]) -> Iterator[bytes]:
    yield event({"type": "content_block_start", "index": index, "content_block": start})
    for delta in deltas:
        yield event({"type": "content_block_delta", "index": index, "delta": delta})
    yield event({"type": "content_block_stop", "index": index})


def blocks(
    reasoning: Sequence[str], tokens: Sequence[str], calls: Sequence[dict[str, Any]]
) -> Iterator[bytes]:
    yield event(START)
    yield event({"type": "ping"})
    index = 0
    if reasoning:
        thoughts = [{"type": "thinking_delta", "thinking": text} for text in reasoning]
        signed = {"type": "signature_delta", "signature": SIGNATURE}
        start = {"type": "thinking", "thinking": "", "signature": ""}
        yield from block(index, start, *thoughts, signed)
        yield from block(index + 1, {"type": "redacted_thinking", "data": REDACTED})
        index += 2
    if tokens:
        texts = [{"type": "text_delta", "text": text} for text in tokens]
        yield from block(index, {"type": "text", "text": ""}, *texts)
        index += 1
    for call in calls:
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        begun = {"type": "tool_use", "id": call["id"], "name": name, "input": NO_INPUT}
        parts = ["", arguments[:3], arguments[3:]]
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in parts]
        yield from block(index, begun, *deltas)
        index += 1


def end(stop_reason: str, details: dict[str, Any] | None) -> Iterator[bytes]:
    delta = {"stop_reason": stop_reason, "stop_sequence": None, "stop_details": details}
    yield event({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 15}})
    yield event({"type": "message_stop"})
