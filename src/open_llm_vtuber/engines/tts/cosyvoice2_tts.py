"""CosyVoice 2: Chinese and other languages, cloned voices, on a server of one's own (its page)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ..base import per_call
from .cosyvoice_tts import CosyVoiceConfig, CosyVoicePage


class CosyVoice2Config(CosyVoiceConfig):
    """Keys of the section `cosyvoice2_tts`."""

    mode_checkbox_group: str = per_call(
        "3s极速复刻",
        description="What the page is to do, in its words: 3s极速复刻, 跨语种复刻, ...",
    )
    sft_dropdown: str = per_call("", description="A voice that the model has.")
    stream: bool = per_call(False, description="Have the page make the sound in parts.")
    speed: float = per_call(1.0, ge=0.5, le=2, description="1 is natural.")


class CosyVoice2TTS(CosyVoicePage[CosyVoice2Config]):
    """The page of CosyVoice (webui.py) in its second generation."""

    name: ClassVar[str] = "cosyvoice2_tts"
    Config = CosyVoice2Config

    async def inputs(self, text: str) -> Sequence[Any]:
        """Return what the page's function is given for a sentence. Raises EngineError."""
        return (*await super().inputs(text), self.config.stream, self.config.speed)
