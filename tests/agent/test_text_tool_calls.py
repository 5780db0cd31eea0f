"""JSON in an answer that is a call of a tool is taken out, wherever the pieces are cut."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from open_llm_vtuber.agent.text_tool_calls import TextToolCalls

DOCUMENTED = (
    '{"mcp_server": "numbers", "tool": "add", "arguments": {"a": 1, "note": "a } b \\" {"}}'
)
NAMED = '{"name": "add", "arguments": {"a": 1}}'


def read(pieces: list[str]) -> tuple[str, list[tuple[str, object]]]:
    """Return what is text, and the calls."""
    reader = TextToolCalls({"add", "wait"})
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
    reader = TextToolCalls({"add"})
    assert [reader.feed(piece) for piece in ("Hel", "lo. ", "How")] == ["Hel", "lo. ", "How"]


def test_json_without_end_is_text_at_last() -> None:
    reader = TextToolCalls({"add"})
    said = reader.feed('{"a": "') + "".join(reader.feed("x" * 1000) for _ in range(9))
    assert len(said) > 8000


ARGUMENTS = {"a": 1, "note": "x y"}
JSON = json.dumps({"name": "add", "arguments": ARGUMENTS})
BARE = json.dumps(ARGUMENTS)
MARKED = [
    f"<tool_call>\n{JSON}\n</tool_call>",
    f"<tool_call>{JSON}",
    f"<tool_calls>[{JSON}]</tool_calls>",
    f"<function_call>{JSON}</function_call>",
    f"<functioncall> {JSON}",
    f"<tool_use>{JSON}</tool_use>",
    f"<function=add>{BARE}</function>",
    "<function=add>\n<parameter=a>\n1\n</parameter>\n<parameter=note>x y</parameter></function>",
    "<tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n<parameter=note>\nx y\n"
    "</parameter>\n</function>\n</tool_call>",
    "<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n<arg_key>note</arg_key>\n"
    "<arg_value>x y</arg_value>\n</tool_call>",
    '<function_calls>\n<invoke name="add">\n<parameter name="a">1</parameter>\n'
    '<parameter name="note">x y</parameter>\n</invoke>\n</function_calls>',
    '<minimax:tool_call><invoke name="add"><parameter name="a">1</parameter>'
    '<parameter name="note">x y</parameter></invoke></minimax:tool_call>',
    '<｜DSML｜function_calls><｜DSML｜invoke name="add"><｜DSML｜parameter name="a">1'
    '</｜DSML｜parameter><｜DSML｜parameter name="note" string="true">x y</｜DSML｜parameter>'
    "</｜DSML｜invoke></｜DSML｜function_calls>",
    f"[TOOL_CALLS][{JSON}]",
    f"[TOOL_CALLS] [{JSON}]",
    f"[TOOL_CALLS]add[ARGS]{BARE}",
    f"[TOOL_CALLS]add[CALL_ID]abc123def[ARGS]{BARE}",
    f"[TOOL_CALLS]add{BARE}",
    f'<|python_tag|>{{"name": "add", "parameters": {BARE}}}',
    '<|python_tag|>add.call(a=1, note="x y")<|eom_id|>',
    '<|tool_call_start|>[add(a=1, note="x y")]<|tool_call_end|>',
    f"<|tool_call|>[{JSON}]<|/tool_call|>",
    f"<|START_ACTION|>[{JSON}]<|END_ACTION|>",
    f"<|action_start|><|plugin|>{JSON}<|action_end|>",
    f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{BARE}\n```"
    "<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{BARE}<｜tool▁call▁end｜>"
    "<｜tool▁calls▁end｜>",
    "<|tool_calls_section_begin|><|tool_call_begin|>functions.add:0<|tool_call_argument_begin|>"
    f"{BARE}<|tool_call_end|><|tool_calls_section_end|>",
    f"```tool_call\n{JSON}\n```",
    '```tool_code\nprint(add(a=1, note="x y"))\n```',
    f"```json\n{JSON}\n```",
    f'{{"tool_name": "add", "parameters": {BARE}}}',
    f'{{"type": "function", "function": {JSON}}}',
]


def cut(answer: str, data: st.DataObject) -> list[str]:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(answer) - 1))))
    return [answer[a:b] for a, b in zip([0, *cuts], [*cuts, len(answer)], strict=True)]


@pytest.mark.parametrize("call", MARKED)
@given(data=st.data())
def test_every_known_way_to_write_a_call_is_one(call: str, data: st.DataObject) -> None:
    assert read(cut(f"Let me see. {call}", data)) == ("Let me see. ", [("add", ARGUMENTS)])


@pytest.mark.parametrize("call", MARKED)
@given(data=st.data())
def test_without_tools_calls_are_left_out(call: str, data: st.DataObject) -> None:
    reader = TextToolCalls(())
    pieces = cut(f"Let me see. {call}", data)
    said = "".join(reader.feed(piece) for piece in pieces) + reader.flush()
    assert (said.strip(), reader.calls) == ("Let me see.", [])


def test_what_a_model_imagines_of_results_is_left_out() -> None:
    reader = TextToolCalls(())
    said = reader.feed("So: <tool_response>{}</tool_response>It is late.") + reader.flush()
    assert said == "So: It is late."


@pytest.mark.parametrize(
    "text",
    ["A <tool_call> tag is used.", "Use [TOOL_CALLS] for it.", "```python\nadd(1)\n```", "[A", "<"],
)
def test_words_about_calls_are_none(text: str) -> None:
    for pieces in ([text], list(text)):
        reader = TextToolCalls(())
        said = "".join(reader.feed(piece) for piece in pieces) + reader.flush()
        assert said == text.replace("<tool_call>", "").replace("[TOOL_CALLS]", "")


@pytest.mark.parametrize("text", [f"[{JSON}", f"[{JSON}, {JSON}", f"[{JSON} {JSON}]", f"[{JSON},]"])
def test_a_list_of_calls_that_is_not_whole_is_taken_all_the_same(text: str) -> None:
    for pieces in ([text], list(text)):
        said, calls = read(pieces)
        assert said.strip(",]") == ""
        assert calls == [("add", ARGUMENTS)] * text.count("add")


def test_a_list_of_something_else_is_said() -> None:
    for text in ('[{"a": 1}', '[{"a": 1} and so on', '[{"name": "add"'):
        assert read([text]) == (text, [])


def test_calls_one_after_the_other_are_all_taken() -> None:
    _, calls = read([f"<tool_call>{JSON}</tool_call>\n<tool_call>{JSON}</tool_call> Done."])
    assert calls == [("add", ARGUMENTS)] * 2


@given(st.lists(st.sampled_from([*MARKED, *"<[{`|", "</tool_call>", "```", "Hi. "]), max_size=6))
def test_any_mixture_is_read_to_its_end(parts: list[str]) -> None:
    reader = TextToolCalls({"add"})
    text = "".join(reader.feed(part) for part in parts) + reader.flush()
    assert "add" not in text


def test_what_begins_like_a_call_over_and_over_is_text_in_the_end() -> None:
    text = f"[{JSON} x" * 200
    reader = TextToolCalls(())
    said = reader.feed(text) + reader.flush()
    assert said.endswith(f"[{JSON} x" * 100)
