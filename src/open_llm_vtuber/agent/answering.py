"""An answer with the help of tools: the model asks, the tools run, the model goes on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from loguru import logger

from ..llm.base import AnyLLM, ChatMessage, Tool, ToolCall, ToolsRefusedError
from .calling import RESULTS_SHARE, room_for, use
from .in_words import NO_MORE, described, in_words
from .memory import BYTES_PER_TOKEN
from .tools import Toolbox, ToolStatus
from .written_calls import WrittenCalls

MAX_CALLS = 16
"""Calls in one answer; a model that asks for more has lost its way."""


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


def room_taken(llm: AnyLLM, helped: Help | None) -> int:
    """Return how many tokens of the model's context the tools and their results may take."""
    servers = helped.toolbox.servers() if helped else {}
    if llm.context_tokens is None or not servers:
        return 0
    tools = [tool for several in servers.values() for tool in several]
    size = sum(len(f"{tool.name}{tool.description}{tool.parameters}".encode()) for tool in tools)
    return size // BYTES_PER_TOKEN + llm.context_tokens // RESULTS_SHARE


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
    room = room_for(llm, helped.max_result_chars)
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
        if one.text and not one.text[-1].isspace():
            yield " "  # what comes next begins another sentence
        rounds, written = rounds + 1, written or one.written
        wanted = {(call.name, call.arguments) for call in one.calls}
        repeats = (one.written or not one.calls) and wanted <= asked
        if rounds > helped.max_rounds or repeats:
            # It would go on like this for ever, or found no words for what it was told.
            logger.warning("the model has used tools {} times; now it has to answer", rounds - 1)
            last = True
            continue
        asked |= wanted
        results: dict[str, str] = {}
        async with aclosing(use(one.calls, helped.toolbox, room, results)) as states:
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
