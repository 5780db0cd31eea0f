"""From an answer to what is sent of it: the stages that a turn and a draft have in common."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable

from ..agent.base import Aside, Piece
from ..engines.tts.base import AnyTTS
from .context import ServiceContext
from .extensions import Extensions
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
        Script(
            context.faces,
            context.character.tts_preprocessor_config,
            moods=context.character.face_config.moods_from_words,
        ),
        first_clause=context.faster_first_response,
        max_chars=context.limits.max_reply_chars,
    )


async def word_for_word(text: str) -> AsyncGenerator[Piece, None]:
    """Yield an answer that is written already."""
    yield text


def parts_of(
    context: ServiceContext,
    lines: AsyncGenerator[Line | Aside, None],
    extensions: Extensions | None,
    tts: Callable[[], Awaitable[AnyTTS]] | None = None,
) -> AsyncGenerator[Part, None]:
    """Return the parts of an answer, as a client with these `extensions` is sent them.

    None is for what others hear, too: they may want it whole, and nothing is asked aloud. `tts`
    waits for the voice, where that is not to be had at once.
    """
    character = context.character
    voice = Voice(
        tts or context.tts,
        context.translated,
        character.character_name,
        character.avatar,
        context.limits.tts_timeout_s,
        extensions.speech_segments if extensions else None,
        context.stand_in,
        times_words=extensions is not None and extensions.times_words,
        tells_strength=extensions is not None and extensions.tells_strength,
        breaks_lines=extensions is not None and extensions.breaks_lines,
    )
    ahead = context.limits.synthesis_ahead
    if extensions is None or not extensions.asks_aloud:
        return speak(lines, voice, ahead)
    return speak(asked_aloud(lines, character.language), voice, ahead)
