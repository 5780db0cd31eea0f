"""Whisper through CTranslate2: a hundred languages, on the CPU or an NVIDIA card."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ...audio import MIC_RATE, Pcm
from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from .base import ASREngine

CATALOGUED = {"base": "whisper-base"}
"""Model sizes whose weights are in our catalogue; others come from the model hub."""


class FasterWhisperConfig(EngineConfig):
    """Keys of the section `faster_whisper`."""

    model_path: str = Field(
        "base", description="A size (tiny, base, small, medium, large-v3-turbo) or a folder."
    )
    download_root: str = Field("models/whisper", description="Where the model hub's files are put.")
    language: str | None = per_call(
        None, description="Such as en or zh; empty to detect it, which takes a second longer."
    )
    device: str = Field("auto", description="auto, cpu or cuda.")
    compute_type: Literal["int8", "float16", "float32"] = "int8"
    prompt: str | None = per_call(None, description="Words that tell the model what to expect.")


class FasterWhisper(ASREngine[FasterWhisperConfig]):
    """The base model takes 1.2 to 1.6 s on two cores, however short the utterance."""

    name: ClassVar[str] = "faster_whisper"
    about = About("here", "99", "MIT", tested="for real")
    Config = FasterWhisperConfig
    requires: ClassVar = {"faster_whisper": ""}
    max_segment_s = 30.0
    """The window of the model; it takes as long for a shorter one."""

    def __init__(self, config: FasterWhisperConfig) -> None:
        super().__init__(config)
        self._model: Any = None

    async def load(self, resources: Resources) -> None:
        """Fetch the weights and open the model. Raises EngineError."""
        model = self.config.model_path
        if model in CATALOGUED:
            model = str(await resources.weights(CATALOGUED[model]))
        try:
            self._model = await self.run(self._open, model, resources.offline)
        except (ValueError, RuntimeError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise EngineError(
                f"faster_whisper: the model {self.config.model_path!r} could not be loaded: "
                f"{reason}"
            ) from error

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), or "" where there are none."""
        return await self.run(self._transcribe, pcm)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None

    def _open(self, model: str, offline: bool) -> Any:
        from faster_whisper import WhisperModel

        opened = WhisperModel(
            model,
            device=self.config.device,
            compute_type=self.config.compute_type,
            download_root=self.config.download_root,
            local_files_only=offline or Path(model).is_dir(),
        )
        list(opened.transcribe(np.zeros(MIC_RATE, np.float32), language="en", beam_size=1)[0])
        return opened

    def _transcribe(self, pcm: Pcm) -> str:
        segments, _ = self._model.transcribe(
            pcm,
            language=self.config.language or None,
            initial_prompt=self.config.prompt or None,
            beam_size=1,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        return "".join(segment.text for segment in segments).strip()
