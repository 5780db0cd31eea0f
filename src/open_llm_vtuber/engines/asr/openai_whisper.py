"""OpenAI's own Whisper package, on PyTorch: for who has it anyway; faster_whisper is faster."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ...audio import Pcm
from ...faults import fault
from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from .base import ASREngine


class WhisperConfig(EngineConfig):
    """Keys of the section `whisper`."""

    name: str = Field("medium", description="A size (tiny, base, small, medium, turbo), or a file.")
    download_root: str = Field(
        "models/whisper", description="Where the package puts the weights that it fetches."
    )
    device: Literal["cpu", "cuda"] = "cpu"
    language: str | None = per_call(None, description="Such as en or zh; empty to detect it.")
    prompt: str | None = per_call(None, description="Words that tell the model what to expect.")


class OpenAIWhisper(ASREngine[WhisperConfig]):
    """Whisper on PyTorch."""

    name: ClassVar[str] = "whisper"
    about = About("here", "99", "MIT", tested="never")
    Config = WhisperConfig
    requires: ClassVar = {"whisper": ""}
    install = "uv pip install openai-whisper"
    max_segment_s = 30.0
    """The window of the model; it takes as long for a shorter one."""

    def __init__(self, config: WhisperConfig) -> None:
        super().__init__(config)
        self._model: Any = None

    def missing_package(self, error: ImportError) -> EngineError:
        """Return what is told: its package is none of our extras."""
        if error.name != "whisper":
            return super().missing_package(error)
        return EngineError(
            "whisper needs the package openai-whisper, which brings PyTorch (2 GB and more) and is "
            f"none of our extras: `{self.install}`. asr_model: faster_whisper hears as well "
            "without it.",
            fault("package-missing", name=self.name, package="openai-whisper"),
        )

    async def load(self, resources: Resources) -> None:
        """Open the model; the package fetches and verifies it if need be. Raises EngineError."""
        name = self.config.name
        file, root = resources.path(name), resources.path(self.config.download_root)
        if file.is_file():
            name = str(file)
        elif resources.offline and not list(root.glob(f"*{name}*.pt")):
            raise EngineError(
                f"whisper: the model {name!r} is not in {root}, and the server runs offline. Start "
                "it once with a network."
            )
        try:
            self._model = await self.run(self._open, name, str(root))
        except (RuntimeError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise EngineError(
                f"whisper: the model {self.config.name!r} could not be loaded: {reason}"
            ) from error

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), or "" where there are none."""
        return await self.run(self._transcribe, pcm)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None

    def _open(self, name: str, root: str) -> Any:
        import whisper

        return whisper.load_model(name, device=self.config.device, download_root=root)

    def _transcribe(self, pcm: Pcm) -> str:
        if not len(pcm):
            return ""
        found = self._model.transcribe(
            np.ascontiguousarray(pcm, np.float32),
            language=self.config.language or None,
            initial_prompt=self.config.prompt or None,
            fp16=self.config.device == "cuda",
            condition_on_previous_text=False,
        )
        return str(found["text"]).strip()
