"""An answer with the help of tools: the model asks, the tools run, the model goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
from loguru import logger

from ..llm.base import AnyLLM, ChatMessage, Tool, ToolCall, ToolsRefusedError
from .in_words import NO_MORE, described, in_words
from .memory import BYTES_PER_TOKEN
from .tools import Toolbox, ToolStatus
from .written_calls import WrittenCalls

MAX_CALLS = 16
"""Calls in one answer; a model that asks for more has lost its way."""
RESULT_SHARE = 8
"""One result fills at most this fraction of a context whose size is known."""


@dataclass(frozen=True)
class Help:
    """The tools, and how far they are used."""

    toolbox: Toolbox
    prompt: str
    """What a model is told that knows no tools by itself."""
    max_rounds: int
    max_result_chars: int


def opening(llm: AnyLLM, system: ChatMessage, helped: Help | None) -> list[ChatMessage]:
    """Return the system message as the prompts of `answer` have it."""
    servers = helped.toolbox.servers() if helped else {}
    if helped is None or not servers:
        return [system]
    if llm.takes_tools:
        return [_offering(system, servers)]
    return in_words([system], servers, described(helped.prompt, servers))


def _offering(system: ChatMessage, servers: Mapping[str, tuple[Tool, ...]]) -> ChatMessage:
    return replace(system, tools=tuple(tool for tools in servers.values() for tool in tools))


@dataclass
class _Round:
    """What the model said and asked for at a time."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    written: bool = False
    """Whether the calls stood in the text."""


async def answer(
    llm: AnyLLM, prompt: Sequence[ChatMessage], helped: Help | None
) -> AsyncGenerator[str | ToolStatus, None]:
    """Yield the answer to `prompt` in pieces, and how its tools get on. Raises EngineError.

    Closing the iterator stops the model and every call.
    """
    servers = helped.toolbox.servers() if helped else {}
    if helped is None or not servers:
        async with aclosing(llm.stream(prompt)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    yield piece
        return
    messages = [_offering(prompt[0], servers), *prompt[1:]]
    rounds, last, written, spoke = 0, False, False, False
    asked = set[tuple[str, str]]()
    while True:
        one = _Round()
        if last:
            messages.append(ChatMessage("user", NO_MORE))
            texts = _listen(llm, in_words(messages, servers), servers, one)
        else:
            request = in_words(messages, servers, keep_tools=True) if written else messages
            texts = _ask(llm, request, servers, helped.prompt, one)
        async with aclosing(texts):
            async for text in texts:
                yield text
        spoke = spoke or bool(one.text.strip())
        if last or (not one.calls and (spoke or not rounds)):
            return
        rounds, written = rounds + 1, written or one.written
        wanted = {(call.name, call.arguments) for call in one.calls}
        repeats = (one.written or not one.calls) and wanted <= asked
        if rounds > helped.max_rounds or repeats:
            # It would go on like this for ever, or found no words for what it was told.
            logger.warning("the model has used tools {} times; now it has to answer", rounds - 1)
            last = True
            continue
        asked |= wanted
        if one.text and not one.text[-1].isspace():
            yield " "  # what comes next begins another sentence
        results: dict[str, str] = {}
        async with aclosing(_use(one.calls, helped, _room(llm, helped), results)) as states:
            async for state in states:
                yield state
        messages.append(ChatMessage("assistant", one.text.strip(), tool_calls=tuple(one.calls)))
        for call in one.calls:
            messages.append(ChatMessage("tool", results[call.id], tool_call_id=call.id))


async def _ask(
    llm: AnyLLM,
    messages: Sequence[ChatMessage],
    servers: Mapping[str, tuple[Tool, ...]],
    prompt: str,
    one: _Round,
) -> AsyncGenerator[str, None]:
    """Yield what the model says; `one` then holds that and the calls it made."""
    if llm.takes_tools:
        try:
            async with aclosing(_listen(llm, messages, servers, one)) as texts:
                async for text in texts:
                    yield text
        except ToolsRefusedError as refusal:
            logger.warning("{} Its tools are described in words from now on.", refusal)
        else:
            return
    words = in_words(messages, servers, described(prompt, servers))
    async with aclosing(_listen(llm, words, servers, one)) as texts:
        async for text in texts:
            yield text


async def _listen(
    llm: AnyLLM,
    messages: Sequence[ChatMessage],
    servers: Mapping[str, tuple[Tool, ...]],
    one: _Round,
) -> AsyncGenerator[str, None]:
    written = WrittenCalls({tool.name for tools in servers.values() for tool in tools})
    async with aclosing(llm.stream(messages)) as pieces:
        async for piece in pieces:
            if isinstance(piece, ToolCall):
                one.calls.append(piece)
            elif text := written.feed(piece):
                one.text += text
                yield text
            if written.calls:
                break
    if text := written.flush():
        one.text += text
        yield text
    one.written = bool(written.calls)
    one.calls = (one.calls + written.calls)[:MAX_CALLS]


async def _use(
    calls: Sequence[ToolCall], helped: Help, room: int, results: dict[str, str]
) -> AsyncGenerator[ToolStatus, None]:
    """Run the calls at once; yield how they get on, and put what the model is told in `results`."""
    running: dict[asyncio.Task[Any], ToolCall] = {}
    try:
        for call in calls:
            arguments = _arguments(call)
            if arguments is None:
                results[call.id] = "Error: the arguments are not a JSON object."
                yield ToolStatus(call.id, call.name, "error", results[call.id])
                continue
            shown = json.dumps(arguments, ensure_ascii=False)
            running[asyncio.create_task(helped.toolbox.call(call.name, arguments))] = call
            yield ToolStatus(call.id, call.name, "running", f"Input: {_cut(shown, room)}")
        while running:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                call, result = running.pop(task), task.result()
                text = f"Error: {result.text}" if result.failed else result.text
                results[call.id] = _cut(text, room)
                yield ToolStatus(
                    call.id,
                    call.name,
                    "error" if result.failed else "completed",
                    results[call.id],
                    result.browser_view,
                )
    finally:
        for task in running:
            task.cancel()
        if running:
            with anyio.CancelScope(shield=True):
                await asyncio.wait(running)


def _arguments(call: ToolCall) -> dict[str, Any] | None:
    try:
        arguments = json.loads(call.arguments)
    except ValueError:
        return None
    return arguments if isinstance(arguments, dict) else None


def _room(llm: AnyLLM, helped: Help) -> int:
    """Return how many characters a result may have."""
    if llm.context_tokens is None:
        return helped.max_result_chars
    return min(helped.max_result_chars, llm.context_tokens * BYTES_PER_TOKEN // RESULT_SHARE)


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return f"{text[:room]}\n[cut off after {room} of {len(text)} characters]"
