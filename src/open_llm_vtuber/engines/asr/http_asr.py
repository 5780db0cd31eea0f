"""What the ASR engines that are services have in common: an account, a request for a segment."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import orjson

from ...audio import MIC_RATE, Pcm, wav_bytes
from ...faults import fault
from ...http_errors import Service
from ...masking import PLACEHOLDERS
from ..base import C, EngineError, Resources
from ..http_client import HttpClient
from .base import ASREngine

NO_KEYS = PLACEHOLDERS | {
    "", "your key", "your api key", "your-api-key", "your_api_key", "azure_api_key", "api_key",
}  # fmt: skip
"""What stands in a stock conf.yaml where a key is to be put."""
AUDIBLE = 1e-4
"""What is not louder than that, where 1 is the loudest, is nobody's voice."""
SHORTEST = MIC_RATE // 10
"""Samples; no word is as short."""


def is_key(text: str) -> bool:
    """Whether it is a key, and not what stands for one."""
    return text.strip().lower() not in NO_KEYS


def sounds(pcm: Pcm) -> bool:
    """Whether there is anything in it that a service may be asked, and paid, for."""
    return len(pcm) >= SHORTEST and float(np.abs(pcm).max()) > AUDIBLE


class HttpASR(ASREngine[C]):
    """Is asked over HTTP, a request for each segment.

    A class of it says who is asked (`_service`), with which `_headers`, where (`_path`), how
    (`_request`) and where in the answer the words are (`_words`).
    """

    speculates = False  # each request is billed
    concurrency = 4
    _path: ClassVar[str]
    _http: HttpClient

    @abstractmethod
    def _needed(self) -> Mapping[str, str]:
        """Return the keys without which it does not hear, and for each where one has it."""

    @abstractmethod
    def _service(self) -> Service:
        """Return who is asked, as a person is told of it."""

    @abstractmethod
    def _headers(self) -> dict[str, str]:
        """Return what every request says."""

    @abstractmethod
    def _request(self, wav: bytes) -> dict[str, Any]:
        """Return what a request for the words of a WAV file (16 kHz) has, as httpx takes it."""

    @abstractmethod
    def _words(self, answer: Any) -> str:
        """Return the words of an answer that was JSON.

        Raises ValueError, TypeError or LookupError if it has none of that form.
        """

    def _key(self, name: str) -> str:
        """Return how a person finds a key of its section."""
        return f"asr_config.{self.name}.{name}"

    async def load(self, resources: Resources) -> None:
        """Open the account; the service is not asked anything yet. Raises EngineError."""
        for name, where in self._needed().items():
            if not is_key(getattr(self.config, name)):
                raise EngineError(
                    f"{self.name} needs {self._key(name)} in conf.yaml, which is not set: {where}.",
                    fault("key-wrong"),
                )
        self._http = await self.run(resources.http, self._service(), headers=self._headers())

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), "" where there is no sound. Raises EngineError."""
        if not sounds(pcm):
            return ""
        wav = await self.run(wav_bytes, pcm, MIC_RATE)
        answer = await self._http.request("POST", self._path, **self._request(wav))
        try:
            return self._words(orjson.loads(answer)).strip()
        except (ValueError, TypeError, LookupError) as error:
            raise EngineError(
                f"{self._http.service.whereabouts} sent an answer that is no transcript.",
                fault("service-failed"),
            ) from error

    async def close(self) -> None:
        """Close the connections."""
        await super().close()
        if http := getattr(self, "_http", None):
            await http.close()


def text_of(found: Any) -> str:
    """Return `found` if it is a text. Raises TypeError."""
    if not isinstance(found, str):
        raise TypeError
    return found
