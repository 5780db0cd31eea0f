"""POST /asr: a sound file in, its words out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from typing import Annotated, cast

from fastapi import APIRouter, File, Request, UploadFile
from loguru import logger
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ..audio import Pcm
from ..decoding import TooManyFilesError
from ..engines.asr.base import AnyASR
from ..engines.asr.recognition import transcribe_all
from ..engines.base import EngineError
from ..engines.vad.base import vad_if_any
from ..server.server import Server
from .errors import RefusedError, responses

SMALLEST_BYTES = 44
"""The header of a WAV file; less is no sound."""


class Transcript(BaseModel):
    """What was heard."""

    text: str = Field(examples=["Hello there."])


router = APIRouter(tags=["speech"])


@router.post(
    "/asr",
    responses=responses(
        s400="the file cannot be read as sound, or holds none",
        s413="the file is over limits.max_upload_bytes",
        s500="the engine failed",
        s503="too many files at once",
    ),
)
async def transcribe(
    request: Request,
    file: Annotated[
        UploadFile,
        File(description="WAV, FLAC, OGG or MP3 of any rate and number of channels."),
    ],
) -> Transcript:
    """Write down what is said in a sound file."""
    server: Server = request.app.state.server
    limits = server.config.system_config.limits
    if file.size is not None and file.size > limits.max_upload_bytes:
        raise HTTPException(413, _too_large(limits.max_upload_bytes))
    if file.size is not None and file.size < SMALLEST_BYTES:
        raise HTTPException(400, "The file is too short to hold any sound.")
    try:
        with server.decoding.place():
            asr = cast("AnyASR", await server.engine("asr"))
            vad = await vad_if_any(server.engine("vad"))
            async with (
                aclosing(server.decoding.blocks(file.file, limits.max_utterance_s)) as sound,
                aclosing(_wanted(request, sound)) as wanted,
            ):
                return Transcript(text=await transcribe_all(asr, vad, wanted, limits.asr_timeout_s))
    except TooManyFilesError:
        raise HTTPException(
            503, "Too many sound files at once (system_config.limits.max_uploads); try again later."
        ) from None
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    except EngineError as error:
        logger.warning("/asr: {}", error)
        server.engine_failed("asr", error)
        raise RefusedError(500, error, "asr") from None


async def _wanted(request: Request, sound: AsyncIterable[Pcm]) -> AsyncGenerator[Pcm, None]:
    """Yield the blocks of `sound` as long as the client waits for its words."""
    async for block in sound:
        if await request.is_disconnected():
            raise HTTPException(400, "The client has gone.")  # nobody reads it
        yield block


def _too_large(limit: int) -> str:
    return (
        f"The file is over {limit / 2**20:.0f} MiB (system_config.limits.max_upload_bytes); send "
        "a shorter or a compressed one."
    )
