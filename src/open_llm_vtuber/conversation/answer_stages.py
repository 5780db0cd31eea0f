"""From an answer to what is sent of it: the stages that a turn and a draft have in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator

from ..agent.base import Aside
from ..engines.tts.base import AnyTTS
from .context import ServiceContext
from .speaking.questions import AskedAloud, asked_aloud
from .speaking.reply_lines import ReplyLines
from .speaking.speech_text import Line, Script
from .speaking.synthesis import speak
from .speaking.voice import Chunk, Sentence, Voice

Part = Sentence | Chunk | Aside | AskedAloud
"""A part of an answer, ready to be delivered."""


def reply_lines(context: ServiceContext) -> ReplyLines:
    """Return what makes lines of one answer of a character."""
    return ReplyLines(
        Script(context.emotions, context.character.tts_preprocessor_config),
        first_clause=context.faster_first_response,
        max_chars=context.limits.max_reply_chars,
    )


def voice(
    context: ServiceContext,
    segments: Iterator[int] | None,
    tts: Callable[[], Awaitable[AnyTTS]] | None = None,
    *,
    times_words: bool,
) -> Voice:
    """Return what says the lines of one answer; `segments` number what is sent in chunks."""
    character = context.character
    return Voice(
        tts or context.tts,
        context.translated,
        character.character_name,
        character.avatar,
        context.limits.tts_timeout_s,
        segments,
        context.stand_in,
        times_words=times_words,
    )


def said(
    context: ServiceContext,
    lines: AsyncGenerator[Line | Aside, None],
    saying: Voice,
    *,
    asks_aloud: bool,
) -> AsyncGenerator[Part, None]:
    """Return the parts of an answer, with what she asks in it where she `asks_aloud`."""
    ahead = context.limits.synthesis_ahead
    if not asks_aloud:
        return speak(lines, saying, ahead)
    return speak(asked_aloud(lines, context.character.language), saying, ahead)
