"""Calls of tools are put together from whatever pieces services send."""

from __future__ import annotations

from typing import Any

import pytest

from open_llm_vtuber.engines.llm.base import ToolCall
from open_llm_vtuber.engines.llm.call_assembly import CallAssembly
from open_llm_vtuber.engines.llm.reply_frames import ReplyError


def piece(
    name: str | None = None,
    arguments: str | None = None,
    index: int | None = None,
    id: str | None = None,  # noqa: A002 - the key's name
    **more: Any,
) -> dict[str, Any]:
    given = {"index": index, "id": id, "type": "function", **more}
    function = {"name": name, "arguments": arguments}
    kept = {key: value for key, value in given.items() if value is not None}
    return {**kept, "function": {key: text for key, text in function.items() if text is not None}}


OPENAI = [
    piece("add", "", 0, "a"),
    piece(None, '{"a": ', 0),
    piece(None, "1}", 0),
    piece("wait", "", 1, "b"),
    piece(None, "{}", 1),
]
INTERLEAVED = [
    piece("add", "", 0, "a"),
    piece("wait", "", 1, "b"),
    piece(None, '{"a": 1}', 0),
    piece(None, "{}", 1),
]
WHOLE_WITHOUT_INDEX = [piece("add", '{"a": 1}', None, "a"), piece("wait", "{}", None, "b")]
ONE_INDEX_FOR_ALL = [piece("add", '{"a": 1}', 0, "a"), piece("wait", "{}", 0, "b")]
NAME_REPEATED = [
    piece("add", '{"a": ', 0, "a"),
    piece("add", "1}", 0, "a"),
    piece("wait", None, 1, "b"),
]


@pytest.mark.parametrize(
    "pieces", [OPENAI, INTERLEAVED, WHOLE_WITHOUT_INDEX, ONE_INDEX_FOR_ALL, NAME_REPEATED]
)
def test_the_ways_of_services(pieces: list[dict[str, Any]]) -> None:
    assembly = CallAssembly()
    for one in pieces:
        assembly.add(one)
    assert assembly.complete() == [
        ToolCall("a", "add", '{"a": 1}'),
        ToolCall("b", "wait", "{}"),
    ]


@pytest.mark.parametrize("same", [None, "", "call"])
def test_every_call_gets_an_id_of_its_own(same: str | None) -> None:
    assembly = CallAssembly()
    assembly.add(piece("add", "{}", 0, same))
    assembly.add(piece("wait", "{}", 1, same))
    first, second = assembly.complete()
    assert first.id != second.id
    assert min(len(first.id), len(second.id)) > 3


def test_what_a_service_attaches_is_kept() -> None:
    """Gemini refuses the next request without its `thought_signature`."""
    assembly = CallAssembly()
    extra = {"google": {"thought_signature": "c2ln"}}
    assembly.add(piece("add", "{}", 0, "a", extra_content=extra))
    (call,) = assembly.complete()
    assert call.extra == '{"google":{"thought_signature":"c2ln"}}'


@pytest.mark.parametrize(
    "more",
    [piece(None, "y" * 1000, 0), piece("wait", "{}"), piece(None, None, 0)],
    ids=["arguments", "calls", "nothing"],
)
def test_calls_without_an_end_are_given_up(more: dict[str, Any]) -> None:
    calls = CallAssembly()
    calls.add(piece("wait", "", 0, "a"))

    def add_for_ever() -> None:
        for _ in range(200_000):
            calls.add(more)

    with pytest.raises(ReplyError, match="without an end"):
        add_for_ever()
