"""A TTS engine outside the package, as somebody's own module would have it."""

from collections.abc import AsyncGenerator
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, Resources
from open_llm_vtuber.engines.tts.base import TTSEngine


class WhistleConfig(EngineConfig):
    pitch_hz: float = Field(gt=0)
    tune: Literal["major", "minor"] = "major"
    lips: int = Field(default=2, ge=1, le=3)
    notes: tuple[int, ...] = ()
    api_key: str = ""

    @field_validator("lips")
    @classmethod
    def _not_three(cls, lips: int) -> int:
        if lips == 3:
            raise ValueError("nobody has three lips")
        return lips


class WhistleTTS(TTSEngine[WhistleConfig]):
    name: ClassVar[str] = "whistle_tts"
    Config = WhistleConfig
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        return None

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        time = np.arange(len(text) * 800, dtype=np.float32) / self.sample_rate
        yield np.sin(2 * np.pi * self.config.pitch_hz * time).astype(np.float32)


NOT_AN_ENGINE = WhistleConfig
