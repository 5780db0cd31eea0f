"""The forms in which models write calls of tools into their text, and what they call; no I/O."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from ..engines.llm.base import ToolCall
from ..engines.llm.call_assembly import new_call_id

MAX_PYTHON = 4000
"""Characters; longer Python is not looked at."""

_TAG = (
    r"(?:tool_calls?|function_calls?|functioncall|tool_use|tool_code|tool_response|tool_results?"
    r"|tool_outputs?|function_results|function_response|invoke|(?:antml|minimax):\w+)"
)
OPENING = re.compile(
    rf"<(?:｜DSML｜)?(?P<tag>{_TAG})(?:\s[^<>]{{0,120}})?>"
    r"|<(?P<function>function)(?:=|\s+name=)[^<>]{1,80}>"
    r"|<[|｜](?P<token>tool[▁_]calls?(?:[▁_]section)?)[▁_](?:begin|start)[|｜]>"
    r"|<\|(?P<mark>tool_call|python_tag|START_ACTION|action_start)\|>"
    r"|(?P<mistral>\[TOOL_CALLS\])"
    r"|(?P<fence>```)(?:tool_calls?|tool_code|function_calls?)\b"
)
"""What a call begins with."""
HALF_OPENING = re.compile(
    rf"(?:<(?:｜DSML｜)?/?\w{{0,20}}(?::\w{{0,20}})?|<(?:｜DSML｜)?{_TAG}\s[^<>]{{0,120}}"
    r"|<function(?:=|\s+name=)[^<>]{0,80}|<[|｜][\w▁]{0,24}[|｜]?|\[[A-Z_]{0,10}"
    r"|`{1,3}\w{0,14})\Z"
)
_ENDS = {
    "function": r"</function>",
    "tool_call": r"<\|/tool_call\|>|<\|end_of_text\|>|<\|end\|>",
    "python_tag": r"<\|eom_id\|>|<\|eot_id\|>",
    "START_ACTION": r"<\|END_ACTION\|>",
    "action_start": r"<\|action_end\|>",
    "[TOOL_CALLS]": r"\[/TOOL_CALLS\]",
    "```": r"```",
}
LONGEST_END = 100
"""Characters of the longest of them, and of those of tags."""
_RESULT = re.compile(r"respon|result|output")
_LIKELY = re.compile(r"\s{0,40}(?:[{\[<｜|]|[\w.:-]{1,100}\s{0,40}[({\[<｜|\n]|[\w.:-]{1,100}[(])")
_MAYBE = re.compile(r"\s{0,40}[\w.:-]{0,100}[^\S\n]{0,40}\Z")
_NAME_BEFORE = re.compile(
    r"""(?:<function(?:=|\s+name=)["']?([\w.:-]+)["']?\s*>|([\w.:-]+))
    \s*(?:\[CALL_ID\]\w*)?(?:\[ARGS\])?(?:<[^<>]*>)?\s*(?:```\w*)?\s*\Z""",
    re.VERBOSE,
)
_FUNCTION = re.compile(r"""<(?:function=|(?:function|invoke)\s+name=)["']?([\w.:-]+)["']?[^<>]*>""")
_PARAMETER = re.compile(
    r"""<parameter(?:=|\s+name=)["']?([^"'<>\s]+)["']?[^<>]*>(.*?)</parameter>""", re.DOTALL
)
_PAIR = re.compile(r"<arg_key>\s*(.*?)\s*</arg_key>\s*<arg_value>(.*?)</arg_value>", re.DOTALL)
_BETWEEN = re.compile(r"\A\[\s*|[\s,]*")
"""What stands in front of an element of a list."""
_BRACKET = re.compile(r"[{\[]")
_NAMES = ("name", "tool", "tool_name", "function", "recipient_name")
_ARGUMENTS = ("arguments", "parameters", "args", "input", "tool_input", "params", "kwargs")
_BESIDE = frozenset({*_NAMES, *_ARGUMENTS, "id", "type", "tool_call_id", "mcp_server"})


def end_of(opening: re.Match[str]) -> re.Pattern[str]:
    """Return what ends the call that begins so."""
    if tag := opening["tag"]:
        return re.compile(rf"</(?:｜DSML｜)?{re.escape(tag)}\s{{0,20}}>")
    if token := opening["token"]:
        return re.compile(rf"<[|｜]{token}[▁_]end[|｜]>")
    found = opening["function"] or opening["mark"] or opening["mistral"] or opening["fence"]
    return re.compile(_ENDS[found])


def is_likely(opening: re.Match[str], body: str) -> bool | None:
    """Whether what follows can be a call, and not a sentence about one; None if that is open."""
    if _RESULT.search(opening["tag"] or "") or opening["function"] or opening["token"]:
        return True
    if _LIKELY.match(body):
        return True
    return None if _MAYBE.match(body) else False


def read_block(text: str) -> list[ToolCall]:
    """Return the calls in a block, beginning and end included."""
    text = text.replace("｜DSML｜", "")
    opening = OPENING.match(text)
    if opening and _RESULT.search(opening["tag"] or ""):
        return []
    for read in (_tagged, _paired, _json, _python):
        if calls := list(read(text)):
            return calls
    return []


def read_json(text: str) -> tuple[list[ToolCall], int]:
    """Return the calls that are all of a JSON value, and where it ends; none if something is none.

    A list whose end is missing, or its commas, ends behind the last of its calls.
    """
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _unclosed(text)
    values = value if isinstance(value, list) else [value]
    calls = [call for one in values if (call := _named(one, strict=True))]
    return (calls if len(calls) == len(values) else []), len(text)


def _unclosed(text: str) -> tuple[list[ToolCall], int]:
    decoder, calls, end = json.JSONDecoder(strict=False), list[ToolCall](), 0
    while (between := _BETWEEN.match(text, end)) and (between.end() or text.startswith("[")):
        try:
            value, after = decoder.raw_decode(text, between.end())
        except (ValueError, RecursionError):
            break
        if (call := _named(value, strict=True)) is None:
            break
        calls.append(call)
        end = after
    return calls, end


def _tool_call(name: str, arguments: Any) -> ToolCall:
    name = re.sub(r"^functions[.:]|:\d+$", "", name.strip())
    if not isinstance(arguments, str):
        arguments = json.dumps({} if arguments is None else arguments, ensure_ascii=False)
    return ToolCall(new_call_id(), name, arguments)


def _named(value: Any, *, strict: bool) -> ToolCall | None:
    """Return the call that an object describes; `strict` if nothing else says that it is one."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("function"), dict):
        return _named(value["function"], strict=False)
    names = [value[key] for key in _NAMES if isinstance(value.get(key), str)]
    found = [value[key] for key in _ARGUMENTS if key in value]
    name = value["tool"] if "mcp_server" in value and "tool" in value else next(iter(names), None)
    if name is None:
        return None
    arguments = found[0] if found else None
    if strict and "mcp_server" not in value:
        given = bool(found) and isinstance(_loaded(arguments), dict)
        if not given or not _BESIDE.issuperset(value):
            return None
    return _tool_call(str(name), arguments)


def _loaded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return value


def _json(text: str) -> Iterator[ToolCall]:
    """Read objects that name a tool, or that stand behind its name."""
    decoder = json.JSONDecoder(strict=False)
    at, before = 0, 0
    while found := _BRACKET.search(text, at):
        try:
            value, end = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            at = found.end()
            continue
        for one in value if isinstance(value, list) else [value]:
            if call := _named(one, strict=False):
                yield call
            elif isinstance(one, dict) and (
                name := _NAME_BEFORE.search(text, before, found.start())
            ):
                yield _tool_call(name[1] or name[2], one)
        at = before = end


def _tagged(text: str) -> Iterator[ToolCall]:
    """Read `<function=name><parameter=key>value</parameter>`, `<invoke name="name">` likewise."""
    if "<parameter" not in text and "<invoke" not in text:
        return
    begun = list(_FUNCTION.finditer(text))
    for this, following in zip(begun, [*begun[1:], None], strict=True):
        body = text[this.end() : following.start() if following else len(text)]
        yield _tool_call(
            this[1], {key: _loaded(value.strip()) for key, value in _PARAMETER.findall(body)}
        )


def _paired(text: str) -> Iterator[ToolCall]:
    """Read `name <arg_key>key</arg_key> <arg_value>value</arg_value>`."""
    name = re.search(r">\s*([\w.:-]+)\s*<arg_key>", text)
    if name:
        yield _tool_call(
            name[1], {key: _loaded(value.strip()) for key, value in _PAIR.findall(text)}
        )


def _python(text: str) -> Iterator[ToolCall]:
    """Read `name(key=value)`, alone, in a list or printed."""
    body = re.sub(r"^(?:```\w*|<[^<>]*>)|(?:```|<[^<>]*>)\s*$", "", text.strip()).strip()
    if not body or len(body) > MAX_PYTHON:
        return
    try:
        tree = ast.parse(body)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in calls:
            name = ast.unparse(call.func).removesuffix(".call")
            if name == "print":
                continue
            keys = {key.arg: ast.literal_eval(key.value) for key in call.keywords if key.arg}
            yield _tool_call(name, keys)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return
