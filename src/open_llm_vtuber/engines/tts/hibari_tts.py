"""Hibari: an English voice of 8 MB, sixty times faster than real time on one core."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any, ClassVar

from ..about import About
from ..base import EngineConfig, Resources, per_call
from .base import TTSEngine, VoiceInfo
from .hibari_words import Phrase, phrases, say, timed_model
from .speech import Speech

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
        from hibari.voices import DEFAULT, voice_path

        self._voice = Hibari(model=timed_model(voice_path(DEFAULT)), threads=1)
        self._voice.phonemize("Warm up.")
        self.sample_rate = int(self._voice.sample_rate)

    async def load(self, resources: Resources) -> None:
        """Say something, since the first sentence takes a second."""
        for phrase in await self.run(self._phrases, "Warm up."):
            await self.run(self._say, phrase, 0.0)

    async def synthesize(self, text: str) -> AsyncGenerator[Speech, None]:
        """Yield the speech for `text`: one chunk, or a few when the sentence is long."""
        said_s = 0.0
        for phrase in await self.run(self._phrases, text):
            speech = await self.run(self._say, phrase, said_s)
            said_s += len(speech.pcm) / self.sample_rate
            yield speech

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return the one there is."""
        return (VoiceInfo("heart", "Heart", ("en-US",), "female"),)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._voice = None

    def _phrases(self, text: str) -> list[Phrase]:
        return phrases(self._voice, text.translate(_HALF_WIDTH))

    def _say(self, phrase: Phrase, after_s: float) -> Speech:
        return say(self._voice, phrase, self.config.speed, self.config.gain, after_s)
