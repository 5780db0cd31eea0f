"""Hibari: an English voice of 8 MB, sixty times faster than real time on one core."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, Resources, per_call
from .base import TTSEngine, VoiceInfo

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Its lexicon does not know the letters of Chinese and Japanese typesetting."""


class HibariConfig(EngineConfig):
    """Keys of the section `hibari_tts`."""

    speed: float = per_call(1.0, ge=0.5, le=2.0, description="1 is natural, 2 is twice as fast.")
    gain: float = per_call(
        2.0, gt=0, le=4, description="The voice peaks at a third of full scale; 2 makes it even."
    )


class HibariTTS(TTSEngine[HibariConfig]):
    """The voice "heart", which is inside the package: American English, female."""

    name: ClassVar[str] = "hibari_tts"
    about = About("here", "English", "Apache-2.0", tested="for real")
    Config = HibariConfig
    requires: ClassVar = {"hibari": ""}
    streams = True
    scripts = frozenset({"LATIN"})
    other_voices = (
        "It speaks English. For another language choose another voice, such as edge_tts with one "
        "of that language (tts_config.tts_model in conf.yaml)."
    )

    def __init__(self, config: HibariConfig) -> None:
        super().__init__(config)
        self._voice: Any = None

    def prepare(self) -> None:
        """Open the voice and its lexicon, which are inside the package."""
        from hibari import Hibari

        self._voice = Hibari(threads=1)
        self._voice.phonemize("Warm up.")
        self.sample_rate = int(self._voice.sample_rate)

    async def load(self, resources: Resources) -> None:
        """Say something, since the first sentence takes a second."""
        await self.run(self._voice, "Warm up.")

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text`: one chunk, or a few when the sentence is long."""
        for phonemes in await self.run(self._phonemes, text):
            yield await self.run(self._say, phonemes)

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return the one there is."""
        return (VoiceInfo("heart", "Heart", ("en-US",), "female"),)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._voice = None

    def _phonemes(self, text: str) -> Iterable[str]:
        phonemes: Iterable[str] = self._voice.phonemize(text.translate(_HALF_WIDTH))
        return phonemes

    def _say(self, phonemes: str) -> Pcm:
        voice = self._voice
        sound: Pcm = voice.from_phonemes(phonemes, speed=self.config.speed)
        louder: Pcm = np.clip(sound * np.float32(self.config.gain), -1.0, 1.0)
        return louder
