"""/v1/audio/speech: a text in a character's voice, as it is made."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request
from loguru import logger
from starlette.responses import Response

from ..engines.base import EngineError
from ..openai_api.failures import ApiError
from ..openai_api.server_sent import event
from ..openai_api.sound_files import MEDIA_TYPES
from ..openai_api.speech import (
    SpeechDelta,
    SpeechDone,
    SpeechRequest,
    SpeechUsage,
    sentences,
    spoken,
)
from ..server.lending import VoiceUnknownError
from ..server.server import Server
from .openai_door import (
    FAILURES,
    body_of,
    body_schema,
    configured,
    server_of,
    turns_of,
)
from .openai_streams import streamed

router = APIRouter(prefix="/v1/audio", tags=["openai"], responses=FAILURES)


@router.post(
    "/speech",
    response_class=Response,
    openapi_extra=body_schema(SpeechRequest),
    responses={
        200: {
            "description": "The sound file, or events with its parts, as it is made.",
            "content": {kind: {} for kind in (*MEDIA_TYPES.values(), "text/event-stream")},
        }
    },
)
async def speech(request: Request) -> Response:
    """Say a text in a character's voice."""
    asked = await body_of(request, SpeechRequest)
    server = server_of(request)
    limit = server.config.system_config.limits.max_text_chars
    if len(asked.input) > limit:
        text = f"The text is over {limit} characters (system_config.limits.max_text_chars)."
        raise ApiError(text, param="input")
    file = _said(server, asked)
    made = _counted(request, file)
    if asked.stream_format == "sse":
        return await streamed(request, _as_events(made), "text/event-stream")
    return await streamed(request, made, MEDIA_TYPES[asked.response_format])


async def _counted(
    request: Request, pieces: AsyncGenerator[bytes, None]
) -> AsyncGenerator[bytes, None]:
    with turns_of(request).place():
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece


async def _said(server: Server, asked: SpeechRequest) -> AsyncGenerator[bytes, None]:
    """Yield the file. Raises ApiError."""
    name = asked.voice_name
    by_voice = await server.lending.find(name)
    found, character = await configured(server, by_voice.uid if by_voice else asked.model)
    logger.info(
        "/v1/audio/speech: {} characters, model {!r}, voice {!r}: {}",
        len(asked.input),
        asked.model[:60],
        name[:60],
        found.name if found else "the character of conf.yaml",
    )
    texts = await sentences(asked.input, character.tts_preprocessor_config)
    timeout_s = server.config.system_config.limits.tts_timeout_s
    try:
        async with server.lending.voice(character, "" if by_voice else name) as tts:
            made = spoken(tts, texts, asked.response_format, asked.speed, timeout_s)
            async with aclosing(made):
                async for piece in made:
                    yield piece
    except VoiceUnknownError as error:
        raise ApiError(str(error), param="voice", code="voice_not_found") from None
    except EngineError as error:
        logger.warning("/v1/audio/speech: {}", error)
        raise ApiError.of(error) from None


async def _as_events(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    begun = False
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                audio = base64.b64encode(piece).decode("ascii")
                yield event(SpeechDelta(type="speech.audio.delta", audio=audio))
                begun = True
    except ApiError as error:
        if not begun:
            raise
        yield error.event()
        return
    yield event(SpeechDone(type="speech.audio.done", usage=SpeechUsage()), sparse=False)
