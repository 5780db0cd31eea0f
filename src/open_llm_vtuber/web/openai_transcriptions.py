"""/v1/audio/transcriptions: a sound file in, its words out in whatever form was asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, cast

from fastapi import APIRouter, File, Form, Request, UploadFile
from loguru import logger
from starlette.responses import PlainTextResponse, Response

from ..audio import MIC_RATE, Pcm
from ..decoding import TooManyFilesError
from ..engines.asr.base import AnyASR
from ..engines.asr.recognition import placed_speech
from ..engines.base import EngineError
from ..engines.vad.base import vad_if_any
from ..openai_api import transcription as written
from ..openai_api.failures import ApiError
from ..openai_api.server_sent import event
from ..server.server import Server
from .asr import SMALLEST_BYTES
from .config_api import while_wanted
from .openai_door import FAILURES, configured, server_of
from .openai_streams import streamed

router = APIRouter(prefix="/v1/audio", tags=["openai"], responses=FAILURES)


@router.post(
    "/transcriptions",
    response_model=written.Transcription | written.VerboseTranscription,
    responses={
        200: {
            "description": "What was said, in the form that was asked for.",
            "content": {kind: {} for kind in ("text/plain", "text/vtt", "text/event-stream")},
        }
    },
)
async def transcriptions(
    request: Request,
    file: Annotated[UploadFile, File(description="WAV, FLAC, OGG or MP3.")],
    model: Annotated[
        str, Form(max_length=200, description="A character of /v1/models; else conf.yaml's.")
    ] = "",
    language: Annotated[
        str, Form(max_length=40, description="What is spoken, for ears that take that.")
    ] = "",
    prompt: Annotated[
        str, Form(max_length=1000, description="What may be said, for ears that take that.")
    ] = "",
    response_format: Annotated[written.TranscriptForm, Form()] = "json",
    stream: Annotated[bool, Form()] = False,
) -> Response:
    """Write down what is said in a sound file."""
    server = server_of(request)
    limits = server.config.system_config.limits
    if file.size is not None and file.size > limits.max_upload_bytes:
        most = limits.max_upload_bytes
        text = f"The file is over {most} bytes (system_config.limits.max_upload_bytes)."
        raise ApiError(text, status=413, param="file")
    if file.size is not None and file.size < SMALLEST_BYTES:
        raise ApiError("The file is too short to hold any sound.", param="file")
    given = {"language": language, "lang": language, "prompt": prompt}
    changes = {key: value for key, value in given.items() if value}
    parts = _heard(server, file, model, changes, with_times=response_format not in ("json", "text"))
    if stream and response_format in ("json", "text"):
        return await streamed(request, _told(parts), "text/event-stream")
    heard, duration_s = list[written.Part](), 0.0

    async def all_of() -> None:
        nonlocal duration_s
        async with aclosing(parts):
            async for one in parts:
                if isinstance(one, float):
                    duration_s = one
                else:
                    heard.append(one)

    await while_wanted(request, all_of())
    return _formed(response_format, heard, duration_s, language)


def _formed(
    form: written.TranscriptForm,
    heard: list[written.Part],
    duration_s: float,
    language: str,
) -> Response:
    match form:
        case "json":
            body = written.plain(heard, duration_s).model_dump_json()
        case "verbose_json":
            body = written.verbose(heard, duration_s, language or "unknown").model_dump_json()
        case "text":
            return PlainTextResponse(written.whole(heard) + "\n")
        case "srt":
            return PlainTextResponse(written.srt(heard))
        case "vtt":
            return PlainTextResponse(written.vtt(heard), media_type="text/vtt")
    return Response(body, media_type="application/json")


async def _heard(
    server: Server, file: UploadFile, model: str, changes: dict[str, str], *, with_times: bool
) -> AsyncGenerator[written.Part | float, None]:
    """Yield what is said, and at last how long the sound is, in seconds. Raises ApiError.

    Of the `changes` her ears take those that they know.
    """
    limits = server.config.system_config.limits
    found, character = await configured(server, model)
    logger.info("/v1/audio/transcriptions: model {!r}: {}", model[:60], found or "conf.yaml")
    samples = 0

    async def counted() -> AsyncGenerator[Pcm, None]:
        nonlocal samples
        async with aclosing(server.decoding.blocks(file.file, limits.max_utterance_s)) as blocks:
            async for block in blocks:
                samples += len(block)
                yield block

    try:
        with server.decoding.place():
            async with server.lending.engine(character.engine("asr"), changes) as engine:
                asr = cast("AnyASR", engine)
                vad = await vad_if_any(server.engine("vad"))
                most_s = asr.max_segment_s
                if with_times:
                    most_s = min(most_s or written.CAPTION_S, written.CAPTION_S)
                before_s = 0.0
                async with (
                    aclosing(counted()) as sound,
                    aclosing(placed_speech(sound, vad, most_s)) as parts,
                ):
                    async for part in parts:
                        text = await asr.in_turn(
                            part.pcm, before_s=before_s, timeout_s=limits.asr_timeout_s
                        )
                        before_s += len(part.pcm) / MIC_RATE
                        if text.strip():
                            start_s, end_s = part.start / MIC_RATE, part.end / MIC_RATE
                            yield written.Part(start_s, end_s, text.strip())
                yield samples / MIC_RATE
    except TooManyFilesError:
        raise ApiError(
            "Too many sound files at once (system_config.limits.max_uploads); try again later.",
            status=503,
        ) from None
    except ValueError as error:
        raise ApiError(str(error), param="file") from None
    except EngineError as error:
        logger.warning("/v1/audio/transcriptions: {}", error)
        raise ApiError.of(error) from None


async def _told(
    parts: AsyncGenerator[written.Part | float, None],
) -> AsyncGenerator[bytes, None]:
    """Yield the events of a transcription."""
    text = ""
    async with aclosing(parts):
        async for part in parts:
            if isinstance(part, written.Part):
                delta = written.added(text, part.text)
                text += delta
                told = written.TranscriptDelta(type="transcript.text.delta", delta=delta)
                yield event(told)
    yield event(written.TranscriptDone(type="transcript.text.done", text=text))
