"""The calls of one answer: run at once, asked for and reported as they go, results in bounds."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from loguru import logger

from ..closing import cancelled
from ..engines.llm.base import AnyLLM, ToolCall
from ..engines.llm.halves import whole
from .base import Aside, Notice
from .memory import BYTES_PER_TOKEN
from .tools import Decision, Toolbox, ToolQuestion, ToolResult, ToolStatus, ToolWish

RESULTS_SHARE = 4
"""The results of one answer fill at most this fraction of a context whose size is known."""


def room_for(llm: AnyLLM, max_chars: int) -> ResultBudget:
    """Return the room for the results of one answer."""
    if llm.context_tokens is None:
        return ResultBudget(max_chars, math.inf)
    return ResultBudget(max_chars, llm.context_tokens * BYTES_PER_TOKEN / RESULTS_SHARE)


@dataclass
class ResultBudget:
    """How much of the results the model is told."""

    max_chars: int
    """Of one."""
    left_bytes: float
    """Of those that are still to come in this answer."""

    def fitted(self, text: str) -> str:
        """Return of a result what there is room for, and say how much that is."""
        kept = text[: self.max_chars]
        data = kept.encode()
        if len(data) > self.left_bytes:
            kept = data[: int(self.left_bytes)].decode(errors="ignore")
        self.left_bytes -= len(kept.encode())
        if len(kept) == len(text):
            return text
        return f"{kept}\n[cut off after {len(kept)} of {len(text)} characters]"


class Asking:
    """What the person is asked about the calls of one answer."""

    def __init__(self) -> None:
        self.questions: asyncio.Queue[ToolQuestion] = asyncio.Queue()
        """Those that are still to be put to the person."""
        self._away: Decision | None = None
        """Why nobody need be asked again: there was no answer."""

    async def ask(self, wish: ToolWish, call_id: str, arguments: str) -> Decision:
        """Wait for what the person says to a call."""
        if self._away:
            return self._away
        decision: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self.questions.put_nowait(ToolQuestion(wish, call_id, arguments, decision))
        decided = await decision
        if decided in ("unanswered", "unasked"):
            self._away = decided
        return decided


async def use(
    calls: Sequence[ToolCall],
    toolbox: Toolbox,
    room: ResultBudget,
    asking: Asking,
    results: dict[str, ToolResult],
) -> AsyncGenerator[Aside, None]:
    """Run the calls at once; yield how they get on, and what the person has to be asked.

    What the model is told is put in `results`, by the id of the call.
    """
    running: dict[asyncio.Task[Any], ToolCall] = {}
    asked = asyncio.create_task(asking.questions.get())
    try:
        for call in calls:
            arguments = _arguments(call)
            if arguments is None:
                text = "Error: the arguments are not a JSON object."
                results[call.id] = ToolResult(text, failed=True)
                yield ToolStatus(call.id, call.name, "error", text)
                continue
            shown = json.dumps(arguments, ensure_ascii=False)
            ask = partial(asking.ask, call_id=call.id, arguments=shown)
            running[asyncio.create_task(toolbox.call(call.name, arguments, ask))] = call
            yield ToolStatus(call.id, call.name, "running", f"Input: {shown}")
        while running:
            done, _ = await asyncio.wait({asked, *running}, return_when=asyncio.FIRST_COMPLETED)
            if asked in done:
                yield asked.result()
                asked = asyncio.create_task(asking.questions.get())
            for task in done & running.keys():
                call, result = running.pop(task), task.result()
                text = room.fitted(f"Error: {result.text}" if result.failed else result.text)
                results[call.id] = replace(result, text=text)
                logger.debug(
                    "the tool {!r} has {}", call.name, "failed" if result.failed else "run"
                )
                state: Literal["error", "completed"] = "error" if result.failed else "completed"
                yield ToolStatus(call.id, call.name, state, text, result.browser_view)
                if result.unasked:
                    yield Notice(result.unasked, "tool-unasked")
    finally:
        await cancelled([asked, *running])


def _arguments(call: ToolCall) -> dict[str, Any] | None:
    try:
        arguments = json.loads(call.arguments, strict=False)
        if isinstance(arguments, str):  # JSON in JSON
            arguments = json.loads(arguments or "{}", strict=False)
        if "\\ud" in call.arguments.casefold():  # halves of characters, which nobody could be sent
            arguments = json.loads(whole(json.dumps(arguments, ensure_ascii=False)))
    except (ValueError, RecursionError):
        return None
    if arguments is None:
        return {}
    return arguments if isinstance(arguments, dict) else None
