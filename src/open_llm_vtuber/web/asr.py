"""POST /asr: a sound file in, its words out."""

from __future__ import annotations

import asyncio
from typing import Annotated, cast

import anyio
from fastapi import APIRouter, File, Request, UploadFile
from loguru import logger
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ..asr.base import AnyASR
from ..audio import decoded
from ..engine import EngineError
from ..server import Server
from .errors import responses

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
        pcm = await asyncio.to_thread(decoded, file.file, limits.max_utterance_s)
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    try:
        with anyio.fail_after(limits.asr_timeout_s):
            asr = cast("AnyASR", await server.engine("asr"))
            return Transcript(text=await asr.transcribe(pcm))
    except TimeoutError:
        raise HTTPException(
            500, "Writing down took too long (system_config.limits.asr_timeout_s)."
        ) from None
    except EngineError as error:
        logger.warning("/asr: {}", error)
        raise HTTPException(500, str(error)) from None


def _too_large(limit: int) -> str:
    return (
        f"The file is over {limit / 2**20:.0f} MiB (system_config.limits.max_upload_bytes); send "
        "a shorter or a compressed one."
    )
