"""Open JTalk: a Japanese voice inside its package, fifteen times faster than real time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

import numpy as np

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, Resources, per_call
from .base import TTSEngine, VoiceInfo


class OpenJTalkConfig(EngineConfig):
    """Keys of the section `open_jtalk_tts`."""

    speed: float = per_call(1.0, ge=0.5, le=2.0, description="1 is natural, 2 is twice as fast.")
    half_tone: float = per_call(
        0.0, ge=-24, le=24, description="How many semitones higher, or lower if negative."
    )


class OpenJTalkTTS(TTSEngine[OpenJTalkConfig]):
    """The voice Mei (HTS, female) of the MMDAgent project, CC-BY 3.0."""

    name: ClassVar[str] = "open_jtalk_tts"
    about = About("here", "Japanese", "BSD; voice CC-BY 3.0", tested="for real")
    Config = OpenJTalkConfig
    requires: ClassVar = {"pyopenjtalk": "japanese"}
    sample_rate = 48_000
    scripts = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"})
    other_voices = (
        "It speaks Japanese. For another language choose another voice "
        "(tts_config.tts_model in conf.yaml)."
    )

    def prepare(self) -> None:
        """Open the dictionary and the voice, which are inside the package."""
        import pyopenjtalk

        pyopenjtalk.tts("はい")

    async def load(self, resources: Resources) -> None:
        """Nothing is left to do."""

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return the one there is."""
        return (VoiceInfo("mei", "Mei", ("ja-JP",), "female"),)

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text` as one chunk."""
        yield await self.run(self._say, text)

    def _say(self, text: str) -> Pcm:
        import pyopenjtalk

        config = self.config
        sound, _ = pyopenjtalk.tts(text, speed=config.speed, half_tone=config.half_tone)
        pcm: Pcm = np.asarray(sound, np.float32) / np.float32(32768)
        return np.clip(pcm, -1.0, 1.0)
