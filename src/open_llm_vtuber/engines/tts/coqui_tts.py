"""Coqui TTS: XTTS, VITS, Tacotron and others in many languages, on PyTorch."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from pydantic import Field

from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from .torch_tts import TorchTTS, best_device

AGREED = "COQUI_TOS_AGREED"
"""The variable of the environment that says that a licence was agreed to."""


class CoquiConfig(EngineConfig):
    """Keys of the section `coqui_tts`."""

    model_name: str = Field(
        "tts_models/en/ljspeech/tacotron2-DDC",
        description="A model, as `tts --list_models` names it; it is fetched by the package.",
    )
    speaker_wav: str = per_call(
        "", description="A recording of the voice, for a model that imitates one."
    )
    speaker: str = per_call(
        "", description="A speaker of a model with several; unset, the first of them."
    )
    language: str = per_call("en", description="The language, for a model that speaks several.")
    device: str = Field("", description="cpu or cuda; empty: a GPU if there is one.")


class CoquiTTS(TorchTTS[CoquiConfig]):
    """The package `coqui-tts`, which carries on Coqui's own."""

    name: ClassVar[str] = "coqui_tts"
    about = About("here", "of the model", "MPL-2.0; each model its own", tested="never")
    Config = CoquiConfig
    requires: ClassVar = {"TTS": ""}
    install = 'uv pip install "coqui-tts[cpu]"'
    sample_rate = 22_050

    def open_model(self, resources: Resources) -> Any:
        """Load the model."""
        from TTS.api import TTS

        name = self.config.model_name.strip()
        if "xtts" in name and os.environ.get(AGREED) != "1":
            # The package would ask at the terminal, and wait there for an answer.
            raise EngineError(
                f"coqui_tts: the licence of {name} is Coqui's (https://coqui.ai/cpml), not for "
                f"commercial use. Who agrees to it starts the server with {AGREED}=1."
            )
        model = TTS(model_name=name, progress_bar=False).to(best_device(self.config.device))
        self.sample_rate = int(model.synthesizer.output_sample_rate)
        self._path = resources.path
        return model

    def say(self, text: str) -> Any:
        """Say a sentence, in the language and as the speaker that the model can be told."""
        config, model = self.config, self.model
        asked: dict[str, Any] = {}
        if model.is_multi_lingual:
            asked["language"] = config.language
        if model.is_multi_speaker and config.speaker_wav:
            recording = self._path(config.speaker_wav)
            if not recording.is_file():
                raise EngineError(
                    f"coqui_tts: there is no {recording} (tts_config.coqui_tts.speaker_wav)."
                )
            asked["speaker_wav"] = str(recording)
        elif model.is_multi_speaker:
            asked["speaker"] = config.speaker or next(iter(model.speakers or ()), None)
        return model.tts(text, **asked)
