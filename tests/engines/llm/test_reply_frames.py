"""Frames of a reply with values of other types than the API has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.engines.llm.base import Thought, ToolCall
from open_llm_vtuber.engines.llm.chat_completions import deltas
from open_llm_vtuber.engines.llm.reply_frames import ReplyError, UnreadableError, read_frame

pytestmark = pytest.mark.anyio


def frame(delta: Any, **choice: Any) -> dict[str, Any]:
    return {"id": "c", "model": "small", "choices": [{"index": 0, "delta": delta, **choice}]}


def text(*words: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": word} for word in words]


@pytest.mark.parametrize(
    ("delta", "pieces"),
    [
        ({"content": "Hi."}, ["Hi."]),
        ({"content": text("Hi", ".")}, ["Hi", "."]),
        ({"content": ["Hi", {"text": "."}]}, ["Hi", "."]),
        ({"content": {"type": "text", "text": "Hi."}}, ["Hi."]),
        ({"content": {"type": "text", "text": {"value": "Hi."}}}, ["Hi."]),
        ({"content": [{"type": "thinking", "thinking": text("Hm")}, *text("Hi.")]},
         [Thought("Hm"), "Hi."]),
        ({"content": [{"type": "reference", "reference_ids": [1]}]}, []),
        ({"content": 5}, ["5"]),
        ({"content": False}, []),
        ({"content": None, "reasoning_content": "Hm"}, [Thought("Hm")]),
        ({"reasoning": "Hm", "reasoning_content": "Hm"}, [Thought("Hm")]),
        ({"reasoning": text("H", "m"), "content": "Hi."}, [Thought("Hm"), "Hi."]),
        ({"refusal": "No."}, ["No."]),
        ("Hi.", ["Hi."]),
        (text("Hi."), ["Hi."]),
        (None, []),
    ],
)  # fmt: skip
def test_what_can_be_understood_is(delta: Any, pieces: list[str | Thought]) -> None:
    assert read_frame(orjson.dumps(frame(delta))).pieces == pieces


def test_a_frame_may_be_nested_only_so_deep() -> None:
    deep: Any = "Hi."
    for _ in range(60):
        deep = [{"type": "thinking", "thinking": deep}]
    with pytest.raises(UnreadableError):
        read_frame(orjson.dumps(frame({"content": deep})))


async def read(frames: list[Any]) -> tuple[str, list[ToolCall], str]:
    """Return the text, the calls and the error of a streamed reply."""

    async def body() -> AsyncGenerator[bytes, None]:
        for one in frames:
            yield b"data: " + orjson.dumps(one) + b"\n\n"
        yield b"data: [DONE]\n\n"

    said, calls = "", list[ToolCall]()
    try:
        async for piece in deltas(body()):
            if isinstance(piece, str):
                said += piece
            elif isinstance(piece, ToolCall):
                calls.append(piece)
    except ReplyError as error:
        return said, calls, str(error)
    return said, calls, ""


@pytest.mark.parametrize(
    ("arguments", "read_as"),
    [
        ({"zone": "Asia/Tokyo"}, '{"zone":"Asia/Tokyo"}'),
        ('{"zone": "Asia/Tokyo"}', '{"zone": "Asia/Tokyo"}'),
        ("null", "{}"),
        (None, "{}"),
        ("", "{}"),
        ({}, "{}"),
        ([], "[]"),
    ],
)
async def test_arguments_of_any_type(arguments: Any, read_as: str) -> None:
    call = {"index": 0, "id": "a", "function": {"name": "time", "arguments": arguments}}
    for calls in ([call], call):
        _, (found,), error = await read([frame({"tool_calls": calls})])
        assert (found, error) == (ToolCall("a", "time", read_as), "")


async def test_a_frame_that_nobody_can_read_costs_only_itself() -> None:
    said, _, error = await read([frame({"content": "Hel"}), 7, frame({"content": "lo."})])
    assert said == "Hello."
    assert "something else" in error


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just(""),
    st.sampled_from(["x", "null", "{}"]),
    st.lists(st.one_of(st.none(), st.integers(0, 3), st.just("x"), st.just({})), max_size=2),
    st.dictionaries(st.sampled_from(["text", "type", "name", "thinking"]), st.just("x")),
)
CALL = {"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
VALID: list[Any] = [
    frame({"role": "assistant", "content": ""}),
    frame({"reasoning_content": "Hm"}),
    frame({"content": text("[1]")}),
    frame({"tool_calls": [CALL]}),
    frame({"content": "[2]"}),
    frame({}, finish_reason="stop"),
    {"choices": [], "usage": {"total_tokens": 9}},
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a JSON value."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, child in children:
            if isinstance(child, dict | list):
                found += places(child, (*path, key))
            else:
                found.append((*path, key))
    return found


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


@given(st.data())
def test_a_value_of_any_type_anywhere_costs_at_most_its_frame(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(VALID) - 1))
    path = data.draw(st.sampled_from([(), *places(VALID[number])]))
    new = changed(VALID[number], path, data.draw(VALUES))
    said, _, error = asyncio.run(read([*VALID[:number], new, *VALID[number + 1 :]]))
    reports_an_error = isinstance(new, dict) and "error" in (new.get("object"), new.get("type"))
    assert not reports_an_error
    for mark, place in (("[1]", 2), ("[2]", 4)):
        assert mark in said or place == number
    assert not error or "something else" in error
