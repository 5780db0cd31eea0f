"""From what a person said, typed or recorded, to words."""

from __future__ import annotations

from typing import ClassVar

from ...engines.asr.recognition import transcribe_all
from ...engines.asr.segments import joined
from ...engines.base import EngineError
from ...engines.vad.base import vad_if_any
from ...faults import ErrorCode, FaultError, fault, over
from ..context import ServiceContext
from .utterance import Utterance


class NothingHeardError(FaultError):
    """The recording holds no words."""

    code: ClassVar[ErrorCode] = "nothing-heard"


async def recognize(context: ServiceContext, said: str | Utterance, images: int) -> str:
    """Return the words of what was `said` together with so many images.

    Raises NothingHeardError, and EngineError for what is over a limit or could not be transcribed.
    """
    limits = context.limits
    if images > limits.max_images:
        raise EngineError(
            f"More than {limits.max_images} images came with one message "
            "(system_config.limits.max_images).",
            over("max_images", limits.max_images),
        )
    if isinstance(said, Utterance):
        return await _transcribe(context, said)
    text = said.strip()
    if not text and not images:
        raise NothingHeardError(
            "The message was empty: there is nothing to answer.", fault("message-empty")
        )
    if len(text) > limits.max_text_chars:
        raise EngineError(
            f"The message is longer than {limits.max_text_chars} characters "
            "(system_config.limits.max_text_chars).",
            over("max_text_chars", limits.max_text_chars),
        )
    return text


async def _transcribe(context: ServiceContext, utterance: Utterance) -> str:
    if not utterance.samples:
        raise NothingHeardError(
            "The recording is empty: no mic-audio-data came before mic-audio-end.",
            fault("message-empty"),
        )
    try:
        text = await _written_down(context, utterance)
    finally:
        utterance.drop()
    if not text:
        raise NothingHeardError("No words could be heard in the recording.")
    return text


async def _written_down(context: ServiceContext, utterance: Utterance) -> str:
    words = await utterance.words()
    if utterance.has_rest:
        asr, vad = await context.asr(), await vad_if_any(context.vad())
        limit = context.limits.asr_timeout_s
        words.append(await transcribe_all(asr, vad, utterance.rest(), limit))
    return joined(words)
