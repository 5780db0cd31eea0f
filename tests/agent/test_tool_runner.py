"""Results of tools are kept within what the model can read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

from open_llm_vtuber.agent.tool_runner import Asking, ResultBudget, use
from open_llm_vtuber.agent.tools import Ask, ToolResult, ToolStatus
from open_llm_vtuber.engines.llm.base import Tool, ToolCall


def test_one_result_has_a_limit_of_its_own() -> None:
    room = ResultBudget(5, math.inf)
    assert room.fitted("12345") == "12345"
    assert room.fitted("123456") == "12345\n[cut off after 5 of 6 characters]"


def test_the_results_of_one_answer_share_the_context() -> None:
    room = ResultBudget(100, 10)
    assert room.fitted("12345678") == "12345678"
    assert room.fitted("时间") == "\n[cut off after 0 of 2 characters]"
    assert room.fitted("ab") == "ab"
    assert room.fitted("c") == "\n[cut off after 0 of 1 characters]"


class Echo:
    """A toolbox that notes what it is asked."""

    def __init__(self) -> None:
        self.given: list[Mapping[str, Any]] = []

    def servers(self) -> Mapping[str, tuple[Tool, ...]]:
        return {}

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> ToolResult:
        self.given.append(arguments)
        return ToolResult("done")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("written", "given"),
    [
        (r'{"a": "\ud83d\ude00"}', {"a": "😀"}),
        (r'{"a": "x\ud800"}', {"a": "x\ufffd"}),
        (r'{"\uDC00": ["\uDC00"]}', {"\ufffd": ["\ufffd"]}),
        (r'"{\"a\": \"\\ud800\"}"', {"a": "\ufffd"}),
        (r'{"a": "C:\\udrive"}', {"a": r"C:\udrive"}),
    ],
)
async def test_what_a_model_writes_can_be_sent_to_anybody(
    written: str, given: dict[str, object]
) -> None:
    echo, results = Echo(), dict[str, ToolResult]()
    calls = [ToolCall("1", "echo", written)]
    asides = use(calls, echo, ResultBudget(100, math.inf), Asking(), results)
    told = [aside.content async for aside in asides if isinstance(aside, ToolStatus)]
    assert echo.given == [given]
    assert results["1"].text == "done"
    assert "".join(told).encode()
