"""The oldest part of a long conversation, summed up by the model while nobody says anything."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Literal

from loguru import logger

from ..cjk import is_chinese
from ..closing import cancelled
from ..engines.base import EngineError
from ..engines.llm.base import AnyLLM, ChatMessage, Thought
from ..engines.llm.thoughts import ThoughtReader, Unsaid
from ..engines.work_time import work_timeout
from .memory import INTERRUPTED, Memory, Part
from .summaries import Summaries

LIMIT_S = 180.0
"""So long a model may write at a summary."""
READ_BYTES = 4
"""Of what it writes so many times as much is read as is used."""

Wanted = bool | Literal["auto"]

_TASK = ChatMessage(
    "system",
    "You keep the notes of a conversation between a person and a character. You are neither of "
    "them; you write down what was said, and add nothing.",
)
_ORDER = (
    "Write down, in at most {words} words, what has to be known of this later: what the person "
    "told of themselves, names, days, plans, promises, what was decided, and what they talked "
    "about last. Keep what the earlier notes say, where there are some. Plain sentences about "
    '"the person" and "the character", no list, no introduction, in the language they talk in. '
    "Words in square brackets are gestures: leave them out."
)
_END = re.compile(r"[.!?…。！？]+[\"'”’」』）)]*(?=\s|$)|[。！？」』]")
_BYTES_PER_WORD = 8
"""More than a word has in most languages: models write more than they are told to."""


class SummingUp:
    """Belongs to one agent; one summary at a time, one attempt for each time that something goes.

    What a model on this computer has begun is stopped when somebody says something, and begun
    again later: it costs nothing but time. What a service has begun goes on beside the
    conversation, as it may be billed.
    """

    def __init__(self, memory: Memory, wanted: Wanted, summaries: Summaries | None) -> None:
        self._memory = memory
        self._wanted = wanted
        self._summaries = summaries
        self._task: asyncio.Task[None] | None = None
        self._tried: int | None = None
        """What had gone when it was tried last."""
        self._told = False
        """Whether it was told that it failed."""

    def next(
        self, llm: AnyLLM, context_tokens: int | None, max_bytes: int | None
    ) -> Callable[[], Awaitable[None]] | None:
        """Return what is to be done now, None if nothing; the sizes are what a prompt may have."""
        wanted = llm.summarises if self._wanted == "auto" else self._wanted
        is_running = self._task is not None and not self._task.done()
        if not wanted or is_running or self._tried == self._memory.gone:
            return None
        if llm.speculates and llm.busy:
            return None
        part = self._memory.going(context_tokens, max_bytes)
        return partial(self._do, llm, part) if part else None

    async def stop(self) -> None:
        """Have nothing come of what was begun: another conversation is open, or none."""
        if self._task:
            await cancelled([self._task])
        self._tried = None

    async def _do(self, llm: AnyLLM, part: Part) -> None:
        self._tried = self._memory.gone
        task = self._task = asyncio.create_task(self._sum_up(llm, part))
        try:
            await asyncio.wait([task])
        finally:
            if llm.speculates and not task.done():
                await cancelled([task])
                self._tried = None

    async def _sum_up(self, llm: AnyLLM, part: Part) -> None:
        try:
            with work_timeout(LIMIT_S):
                summary = await _written(llm, part)
        except (EngineError, TimeoutError) as error:
            if not self._told:
                self._told = True
                why = str(error) or f"it took longer than {LIMIT_S:g} s"
                logger.warning("the beginning of a conversation goes without a summary: {}", why)
            return
        except Exception:  # noqa: BLE001 - the task ends here
            logger.exception("the beginning of a conversation goes without a summary")
            return
        text = _as_told(summary)
        keeps = self._summaries
        if keeps is None or await keeps.keep(text, part.follows, part.newest):
            self._memory.summed_up(part, text)
            logger.info("{} messages of a conversation are summed up", len(part.messages))


async def _written(llm: AnyLLM, part: Part) -> str:
    """Return what the model writes of a part. Raises EngineError."""
    reader, text = ThoughtReader(thinks_first=llm.thinks_first), ""
    async with aclosing(llm.stream(request(part))) as pieces:
        async for piece in pieces:
            if isinstance(piece, str):
                text = _more(text, reader.feed(piece))
            if len(text.encode()) > READ_BYTES * part.most_bytes:
                break
    text = shortened(_more(text, reader.flush()), part.most_bytes)
    if not text:
        raise EngineError("the language model wrote none.")
    return text


def _more(text: str, pieces: Sequence[str | Thought | Unsaid]) -> str:
    for piece in pieces:
        if isinstance(piece, Unsaid):
            text = ""
        elif isinstance(piece, str):
            text += piece
    return text


def request(part: Part) -> list[ChatMessage]:
    """Return what a model is asked for the summary of a part."""
    lines = [f"Earlier notes:\n{part.before}\n"] if part.before else []
    lines.append("The conversation:")
    for message in part.messages:
        if message.content != INTERRUPTED:
            who = "Character" if message.role == "assistant" else "Person"
            lines.append(f"{who}: {message.content}")
    order = _ORDER.format(words=part.most_bytes // _BYTES_PER_WORD)
    return [_TASK, ChatMessage("user", "\n".join([*lines, "", order]))]


def shortened(text: str, most_bytes: int) -> str:
    """Return the first sentences of a text, as many as have so many bytes; at least some of it."""
    text = text.strip()
    if len(text.encode()) <= most_bytes:
        return text
    text = text.encode()[:most_bytes].decode(errors="ignore")
    ends = [match.end() for match in _END.finditer(text)]
    return text[: ends[-1]] if ends else text


def _as_told(summary: str) -> str:
    """Return how the model is told of it later, in brackets as what nobody says."""
    if is_chinese(summary):
        return f"（之前说过的话，简单记下：{summary}）"
    return f"(What was said before, in short: {summary})"
