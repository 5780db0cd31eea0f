"""Results of tools are kept within what the model can read."""

from __future__ import annotations

import math

from open_llm_vtuber.agent.tool_runner import ResultBudget


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
