"""What the ASR engines that are services have in common: an account, a request for a segment."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
import orjson

from ...audio import MIC_RATE, Pcm, wav_bytes
from ...faults import fault
from ..base import C, EngineError
from ..http_engine import HttpEngine
from .base import ASREngine

AUDIBLE = 1e-4
"""What is not louder than that, where 1 is the loudest, is nobody's voice."""
SHORTEST = MIC_RATE // 10
"""Samples; no word is as short."""


def sounds(pcm: Pcm) -> bool:
    """Whether there is anything in it that a service may be asked, and paid, for."""
    return len(pcm) >= SHORTEST and float(np.abs(pcm).max()) > AUDIBLE


class HttpASR(HttpEngine[C], ASREngine[C]):
    """Is asked over HTTP, a request for each segment.

    A class of it says besides where (`path`) and how (`request`), and where in the answer the
    words are (`words`).
    """

    concurrency = 4
    section = "asr_config"
    path: ClassVar[str]

    @abstractmethod
    def request(self, wav: bytes) -> dict[str, Any]:
        """Return what a request for the words of a WAV file (16 kHz) has, as httpx takes it."""

    @abstractmethod
    def words(self, answer: Any) -> str:
        """Return the words of an answer that was JSON.

        Raises ValueError, TypeError or LookupError if it has none of that form.
        """

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), "" where there is no sound. Raises EngineError."""
        if not sounds(pcm):
            return ""
        wav = await self.run(wav_bytes, pcm, MIC_RATE)
        answer = await self.http.request("POST", self.path, **self.request(wav))
        try:
            return self.words(orjson.loads(answer)).strip()
        except (ValueError, TypeError, LookupError) as error:
            raise EngineError(
                f"{self.http.service.whereabouts} sent an answer that is no transcript.",
                fault("service-failed"),
            ) from error


def text_of(found: Any) -> str:
    """Return `found` if it is a text. Raises TypeError."""
    if not isinstance(found, str):
        raise TypeError
    return found
