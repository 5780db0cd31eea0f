"""The calls of one answer: run at once, reported as they go, their results kept in bounds."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from loguru import logger

from ..closing import cancelled
from ..engines.llm.base import AnyLLM, ToolCall
from .memory import BYTES_PER_TOKEN
from .tools import Toolbox, ToolResult, ToolStatus

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


async def use(
    calls: Sequence[ToolCall], toolbox: Toolbox, room: ResultBudget, results: dict[str, str]
) -> AsyncGenerator[ToolStatus, None]:
    """Run the calls at once; yield how they get on, and put what the model is told in `results`."""
    running: dict[asyncio.Task[ToolResult], ToolCall] = {}
    try:
        for call in calls:
            arguments = _arguments(call)
            if arguments is None:
                results[call.id] = "Error: the arguments are not a JSON object."
                yield ToolStatus(call.id, call.name, "error", results[call.id])
                continue
            shown = json.dumps(arguments, ensure_ascii=False)
            running[asyncio.create_task(toolbox.call(call.name, arguments))] = call
            yield ToolStatus(call.id, call.name, "running", f"Input: {shown}")
        while running:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                call, result = running.pop(task), task.result()
                text = f"Error: {result.text}" if result.failed else result.text
                results[call.id] = room.fitted(text)
                logger.debug(
                    "the tool {!r} has {}", call.name, "failed" if result.failed else "run"
                )
                yield ToolStatus(
                    call.id,
                    call.name,
                    "error" if result.failed else "completed",
                    results[call.id],
                    result.browser_view,
                )
    finally:
        await cancelled(running)


def _arguments(call: ToolCall) -> dict[str, Any] | None:
    try:
        arguments = json.loads(call.arguments, strict=False)
        if isinstance(arguments, str):  # JSON in JSON
            arguments = json.loads(arguments or "{}", strict=False)
    except (ValueError, RecursionError):
        return None
    if arguments is None:
        return {}
    return arguments if isinstance(arguments, dict) else None
