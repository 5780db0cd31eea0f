"""Chirp: says everything as a beep."""

from collections.abc import AsyncGenerator
from typing import ClassVar

import numpy as np

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineConfig, Resources, per_call
from open_llm_vtuber.engines.tts.base import TTSEngine


class ChirpConfig(EngineConfig):
    """Keys of the section `chirp_tts`."""

    hertz: float = per_call(440, gt=0, description="How high it is.")


class ChirpTTS(TTSEngine[ChirpConfig]):
    """One beep a sentence."""

    name: ClassVar[str] = "chirp_tts"
    Config = ChirpConfig
    sample_rate = 16_000

    async def load(self, resources: Resources) -> None:
        """Nothing to load."""

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the beep."""
        yield await self.run(self._beep, len(text))

    def _beep(self, length: int) -> Pcm:
        time = np.arange(length * 800) / self.sample_rate
        return (0.3 * np.sin(2 * np.pi * self.config.hertz * time)).astype(np.float32)
