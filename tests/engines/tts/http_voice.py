"""A voice as a plugin would have it: one file, its service asked over HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import ClassVar

import numpy as np
from pydantic import Field

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.http_client import HttpClient
from open_llm_vtuber.engines.tts.base import TTSEngine
from open_llm_vtuber.http_errors import Service

SILENCE_S = 10.0


class HttpVoiceConfig(EngineConfig):
    url: str = "https://voices.example/v1"
    api_key: str = Field(repr=False)


class HttpVoice(TTSEngine[HttpVoiceConfig]):
    name: ClassVar[str] = "http_voice"
    Config = HttpVoiceConfig
    sample_rate = 16_000
    streams = True
    concurrency = 2
    _http: HttpClient

    async def load(self, resources: Resources) -> None:
        service = Service(
            "The voice of http_voice",
            self.config.url,
            address_key="tts_config.http_voice.url",
            secret_key="tts_config.http_voice.api_key",
            secrets=(self.config.api_key,),
        )
        headers = {"Authorization": f"Bearer {self.config.api_key}"}
        self._http = await self.run(resources.http, service, silence_s=SILENCE_S, headers=headers)

    async def close(self) -> None:
        await super().close()
        await self._http.close()

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        odd = b""
        async with self._http.stream("POST", "speech", json={"text": text}) as response:
            async for chunk in response.aiter_bytes():
                odd += chunk
                even = len(odd) // 2 * 2
                yield np.frombuffer(odd[:even], "<i2").astype(np.float32) / np.float32(32768)
                odd = odd[even:]
