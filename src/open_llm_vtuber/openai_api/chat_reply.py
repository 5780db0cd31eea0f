"""How a character answers a conversation that is told her whole: words, and calls of tools."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from ..agent.base import Piece
from ..agent.basic_memory_agent import BasicMemoryConfig
from ..agent.tool_loop import answer
from ..agent.tool_prompt import in_words
from ..agent.tools import ToolPolicy, ToolStatus
from ..conversation.answer_stages import reply_lines
from ..conversation.context import ServiceContext
from ..conversation.metrics import Times
from ..conversation.reply_timeouts import in_time
from ..conversation.speaking.speech_text import Line
from ..engines.llm.base import AnyLLM, ChatMessage, ToolCall
from .asked_tools import AskedTools
from .chat_answer import FinishReason
from .chat_prompt import Asked

_GIVEN = "Input: "
"""What stands before the arguments of a call that runs."""


@dataclass(frozen=True)
class Finished:
    """The answer is over."""

    reason: FinishReason


ReplyPart = str | ToolCall | Finished


def prompt_of(context: ServiceContext, asked: Asked, *, note: str) -> list[ChatMessage]:
    """Return what the model is told: who she is, what the caller adds, how she talks, all else.

    The `note` stands before what the person said last.
    """
    system = context.prompts.system(context.character, context.emotions, "")
    always = context.lore.constant() if context.lore else ""
    text = "\n\n".join(one for one in (system, always, asked.instructions) if one)
    examples = context.prompts.examples(context.character, context.emotions, "")
    messages = list(asked.messages)
    if examples.turns and messages[0].role == "user":
        first = messages[0]
        messages[0] = replace(first, content=f"{examples.note}\n{first.content}".strip())
    caution = context.prompts.cautions().before(
        asked.last_words, recalled=note, told=len(messages) > 1
    )
    if caution and messages[-1].role == "user":
        last = messages[-1]
        messages[-1] = replace(last, content=f"{caution}\n{last.content}")
    return [ChatMessage("system", text), *examples.turns, *messages]


async def lore_of(context: ServiceContext, asked: Asked) -> str:
    """Return what she is told of what is spoken of."""
    if context.lore is None:
        return ""
    said = [one.content for one in asked.messages]
    return await asyncio.to_thread(context.lore.note, said, None)


async def reply(
    context: ServiceContext,
    llm: AnyLLM,
    asked: Asked,
    stops: Sequence[str] = (),
    most_tokens: int | None = None,
) -> AsyncGenerator[ReplyPart, None]:
    """Yield what she answers, a line at a time, and at last why it is over. Raises EngineError.

    Her feelings and thoughts are left out. `stops` end it where one of them stands in it; it has
    `most_tokens`, as the model sends them.
    """
    prompt = prompt_of(context, asked, note=await lore_of(context, asked))
    tools = AskedTools(asked.tools)
    policy = None
    if asked.tools:
        policy = ToolPolicy(tools, context.prompts.tools(), 1, context.limits.max_tool_result_chars)
    elif not llm.takes_tools:
        prompt = in_words(prompt, {})
    config = context.character.engine("agent").config
    as_friend = isinstance(config, BasicMemoryConfig) and config.as_friend and not asked.tools
    times = Times()
    length = Length(most_tokens)
    pieces = length.cut(
        in_time(answer(llm, prompt, policy, as_friend=as_friend), context.limits, times)
    )
    lines, cut, calls = reply_lines(context), Stops(stops), 0
    async with aclosing(lines.read(pieces, times)) as read:
        async for one in read:
            if isinstance(one, ToolStatus):
                if one.state == "running":
                    calls += 1
                    yield ToolCall(one.id, one.name, one.content.removeprefix(_GIVEN))
                elif one.state == "completed":
                    break  # by now all calls have been told
            elif isinstance(one, Line) and lines.said([one]):
                if text := cut.feed(one.broken):
                    yield text
                if cut.found:
                    break
    if not calls and (text := cut.rest()):
        yield text
    too_long = length.reached or lines.length >= context.limits.max_reply_chars
    yield Finished("tool_calls" if calls else "length" if too_long else "stop")


class Length:
    """Ends an answer after so many tokens."""

    def __init__(self, most: int | None) -> None:
        self._left = most
        self.reached = False
        """Whether there was more."""

    async def cut(self, pieces: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
        """Yield as many pieces of text, each of which is a token or more."""
        async with aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, str) and self._left is not None:
                    if not self._left:
                        self.reached = True
                        return
                    self._left -= 1
                yield piece


class Stops:
    """Finds where an answer has to end, in whatever pieces it comes; pure."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [one for one in stops if one]
        self._longest = max((len(one) for one in self._stops), default=0)
        self._held = ""
        self.found = False
        """Whether one was there."""

    def feed(self, text: str) -> str:
        """Return what certainly stands before any of them."""
        self._held += text
        places = [self._held.find(one) for one in self._stops]
        if at := [place for place in places if place >= 0]:
            self.found = True
            said, self._held = self._held[: min(at)], ""
            return said
        keep = max(self._longest - 1, 0)
        # The blanks at the end are held, too: it may be all.
        end = (
            len(self._held.rstrip())
            if not keep
            else min(len(self._held) - keep, len(self._held.rstrip()))
        )
        said, self._held = self._held[: max(end, 0)], self._held[max(end, 0) :]
        return said

    def rest(self) -> str:
        """Return what was held back of an answer that is over."""
        return "" if self.found else self._held.rstrip()
