"""From what a person said, typed or recorded, to words."""

from __future__ import annotations

import asyncio

import anyio

from ..context import ServiceContext
from ..engine import EngineError
from .listening import Utterance


class NothingHeard(Exception):  # noqa: N818 - not a fault: there was nothing to answer
    """The recording holds no words."""


async def understand(context: ServiceContext, said: str | Utterance, images: int) -> str:
    """Return the words of what was `said` together with so many images.

    Raises NothingHeard, and EngineError for what is over a limit or could not be transcribed.
    """
    limits = context.limits
    if images > limits.max_images:
        raise EngineError(
            f"More than {limits.max_images} images came with one message "
            "(system_config.limits.max_images)."
        )
    if isinstance(said, Utterance):
        return await _transcribe(context, said)
    text = said.strip()
    if not text and not images:
        raise NothingHeard("The message was empty: there is nothing to answer.")
    if len(text) > limits.max_text_chars:
        raise EngineError(
            f"The message is longer than {limits.max_text_chars} characters "
            "(system_config.limits.max_text_chars)."
        )
    return text


async def _transcribe(context: ServiceContext, utterance: Utterance) -> str:
    if not utterance.samples:
        raise NothingHeard("The recording is empty: no mic-audio-data came before mic-audio-end.")
    limit = context.limits.asr_timeout_s
    try:
        with anyio.fail_after(limit):
            text = await _written_down(context, utterance)
    except TimeoutError:
        raise EngineError(
            f"Writing down the recording took longer than {limit:g} s "
            "(system_config.limits.asr_timeout_s)."
        ) from None
    finally:
        utterance.drop_guess()
    if not text:
        raise NothingHeard("No words could be heard in the recording.")
    return text


async def _written_down(context: ServiceContext, utterance: Utterance) -> str:
    if utterance.guess is not None:
        return await utterance.guess
    asr = await context.asr()
    return await asr.transcribe(await asyncio.to_thread(utterance.pcm))
