"""JSON in an answer that is a call of a tool is taken out, wherever the pieces are cut."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.agent.written_calls import WrittenCalls

DOCUMENTED = (
    '{"mcp_server": "numbers", "tool": "add", "arguments": {"a": 1, "note": "a } b \\" {"}}'
)
NAMED = '{"name": "add", "arguments": {"a": 1}}'


def read(pieces: list[str]) -> tuple[str, list[tuple[str, object]]]:
    """Return what is text, and the calls."""
    reader = WrittenCalls({"add", "wait"})
    said = ""
    for piece in pieces:
        said += reader.feed(piece)
        if reader.calls:
            break
    said += reader.flush()
    return said, [(call.name, json.loads(call.arguments)) for call in reader.calls]


@pytest.mark.parametrize(
    ("answer", "said", "names"),
    [
        (DOCUMENTED, "", ["add"]),
        (f"Let me see. {DOCUMENTED} It is 3.", "Let me see. ", ["add"]),
        (f"```json\n{NAMED}\n```", "", ["add"]),
        (f"<tool_call>\n{NAMED}\n</tool_call>", "", ["add"]),
        (f"[{NAMED}, {NAMED}]", "", ["add", "add"]),
        ('{"name": "add", "parameters": {}}', "", ["add"]),
        ('{"name": "Ada", "arguments": "none"}', '{"name": "Ada", "arguments": "none"}', []),
        ('{"tool": "add"} and {"a": [1]}', '{"tool": "add"} and {"a": [1]}', []),
        ("[joy] Hello {there}, `code` <b>", "[joy] Hello {there}, `code` <b>", []),
        ("<think>no</think> 1 < 2 [sadness]", "<think>no</think> 1 < 2 [sadness]", []),
        ('{"mcp_server": "numbers", "too', '{"mcp_server": "numbers", "too', []),
        (f'{{"a": 1}} {NAMED}', '{"a": 1} ', ["add"]),
    ],
)
@given(data=st.data())
def test_calls_are_found(answer: str, said: str, names: list[str], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(answer) - 1))))
    bounds = zip([0, *cuts], [*cuts, len(answer)], strict=True)
    pieces = [answer[start:end] for start, end in bounds]
    text, calls = read(pieces)
    assert (text, [name for name, _ in calls]) == (said, names)


def test_arguments_may_be_json_in_a_string() -> None:
    _, calls = read(['{"mcp_server": "n", "tool": "add", "arguments": "{\\"a\\": 1}"}'])
    assert calls == [("add", {"a": 1})]


def test_plain_text_is_not_held_back() -> None:
    reader = WrittenCalls({"add"})
    assert [reader.feed(piece) for piece in ("Hel", "lo. ", "How")] == ["Hel", "lo. ", "How"]


def test_json_without_end_is_text_at_last() -> None:
    reader = WrittenCalls({"add"})
    said = reader.feed('{"a": "') + "".join(reader.feed("x" * 1000) for _ in range(9))
    assert len(said) > 8000
