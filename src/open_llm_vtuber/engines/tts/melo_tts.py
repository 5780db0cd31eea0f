"""MeloTTS: voices of six languages, on PyTorch, quick enough for a CPU."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from .scripts import scripts_of
from .torch_tts import TorchTTS

_LANGUAGES = {"JP": "ja", "KR": "ko"}
"""What it calls otherwise than ISO 639 does."""


class MeloConfig(EngineConfig):
    """Keys of the section `melo_tts`."""

    speaker: str = per_call(
        "EN-Default",
        description="A speaker of the language: EN-US, EN-BR, EN_INDIA, EN-AU, EN-Default; else "
        "what the language is called.",
    )
    language: str = Field("EN", description="EN, EN_V2, EN_NEWEST, ES, FR, ZH, JP or KR.")
    device: str = Field("auto", description="auto, cpu, cuda or mps.")
    speed: float = per_call(1.0, gt=0, description="2 is twice as fast.")


class MeloTTS(TorchTTS[MeloConfig]):
    """The package `melo` of MyShell; it fetches 200 MB for a language, and a BERT to read it."""

    name: ClassVar[str] = "melo_tts"
    about = About("here", "EN, ES, FR, ZH, JP, KR", "MIT", tested="never")
    Config = MeloConfig
    requires: ClassVar = {"melo": ""}
    # What is called melotts in the package registry cannot be installed: a file is missing in it.
    install = (
        "uv pip install git+https://github.com/myshell-ai/MeloTTS.git, then "
        "python -m unidic download"
    )
    sample_rate = 44_100

    def __init__(self, config: MeloConfig) -> None:
        super().__init__(config)
        language = config.language.strip().upper().partition("_")[0]
        self.scripts = scripts_of(f"{_LANGUAGES.get(language, language.lower())}-")
        self.other_voices = (
            "MeloTTS speaks one language: choose another (tts_config.melo_tts.language in "
            "conf.yaml), or another voice."
        )

    def open_model(self, resources: Resources) -> Any:
        """Load the voices of the language."""
        from melo.api import TTS

        model = TTS(language=self.config.language.strip().upper(), device=self.config.device)
        self.sample_rate = int(model.hps.data.sampling_rate)
        return model

    def say(self, text: str) -> Any:
        """Say a sentence."""
        config, speakers = self.config, self.model.hps.data.spk2id
        if config.speaker not in speakers.keys():  # noqa: SIM118 - no dictionary, but of its kind
            raise EngineError(
                f"melo_tts has no speaker {config.speaker!r} (tts_config.melo_tts.speaker) for "
                f"{config.language}: there are {', '.join(speakers.keys())}."
            )
        return self.model.tts_to_file(
            text, speakers[config.speaker], None, speed=config.speed, quiet=True
        )
