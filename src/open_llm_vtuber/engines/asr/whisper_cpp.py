"""Whisper through whisper.cpp: small on any CPU, fast on Apple silicon."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from ...audio import MIC_RATE, Pcm
from ..about import About
from ..base import EngineConfig, EngineError, Resources, per_call
from ..probe import trouble_with
from .base import ASREngine

CATALOGUED = (
    "tiny",
    "tiny.en",
    "base",
    "base.en",
    "small",
    "medium",
    "large-v3-turbo",
    "large-v3-turbo-q5_0",
)
"""Sizes whose weights are in our catalogue."""
SHORTEST = MIC_RATE // 10
"""Samples; it takes no less."""
_NO_WORDS = re.compile(r"[\[(][^\])]*[\])]")
"""What it writes for noises, as [BLANK_AUDIO] or (wind)."""


class WhisperCppConfig(EngineConfig):
    """Keys of the section `whisper_cpp`."""

    model_name: str = Field(
        "small",
        description=f"A size ({', '.join(CATALOGUED)}), the name of a file in `model_dir`, or the "
        "path of a GGML file.",
    )
    model_dir: str = Field("models/whisper", description="Where models of your own are.")
    language: str = per_call("auto", description="Such as en or zh; auto to detect it.")
    prompt: str | None = per_call(None, description="Words that tell the model what to expect.")
    print_realtime: bool = Field(False, description="Print words as they are found.")
    print_progress: bool = Field(False, description="Print how far it is.")
    num_threads: int | None = Field(
        None, ge=1, description="How many threads it computes with; unset, one a core, 4 at most."
    )

    @field_validator("language", "model_name", "model_dir", "num_threads", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object, info: ValidationInfo) -> object:
        return cls.model_fields[info.field_name or ""].default if value in ("", None) else value


class WhisperCpp(ASREngine[WhisperCppConfig]):
    """Whisper as GGML files."""

    name: ClassVar[str] = "whisper_cpp"
    about = About("here", "99", "MIT", tested="for real")
    Config = WhisperCppConfig
    requires: ClassVar = {"pywhispercpp": "whisper-cpp"}
    max_segment_s = 30.0
    """The window of the model; it takes as long for a shorter one."""

    def __init__(self, config: WhisperCppConfig) -> None:
        super().__init__(config)
        self._model: Any = None
        # More threads than cores wait for each other, each at full speed.
        self._threads = config.num_threads or min(4, os.cpu_count() or 1)

    async def load(self, resources: Resources) -> None:
        """Find or fetch the weights and open the model. Raises EngineError."""
        path, verified = await self._path(resources)
        self._model = await self.run(self._open, path, verified)

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the words in `pcm` (16 kHz), or "" where there are none."""
        return await self.run(self._transcribe, pcm)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None

    async def _path(self, resources: Resources) -> tuple[Path, bool]:
        """Return the file of the model, and whether it is of the catalogue."""
        name = self.config.model_name
        folder = resources.path(self.config.model_dir)
        own = (
            resources.path(name),
            *(folder / file for file in (name, f"{name}.bin", f"ggml-{name}.bin")),
        )
        if found := next((path for path in own if path.is_file()), None):
            return found, False
        if name in CATALOGUED:
            return await resources.weights(f"whisper-cpp-{name}") / f"ggml-{name}.bin", True
        raise EngineError(
            f"whisper_cpp: there is no model {name!r}, neither as a file nor as ggml-{name}.bin in "
            f"{folder}. Put it there (huggingface.co/ggerganov/whisper.cpp has them), or choose "
            f"one of {', '.join(CATALOGUED)}, which are fetched."
        )

    def _open(self, path: Path, verified: bool) -> Any:
        if not verified and (
            reason := trouble_with(f"{__name__}:hear_silence", str(path), self._threads)
        ):
            raise EngineError(f"whisper_cpp: {path} cannot be opened: {reason}. Is it a GGML file?")
        model = opened(str(path), self._threads)
        model.transcribe(np.zeros(MIC_RATE, np.float32), language="en")
        return model

    def _transcribe(self, pcm: Pcm) -> str:
        if len(pcm) < SHORTEST:
            return ""
        config = self.config
        segments = self._model.transcribe(
            np.ascontiguousarray(pcm, np.float32),
            language=config.language,
            initial_prompt=config.prompt or "",
            print_realtime=config.print_realtime,
            print_progress=config.print_progress,
        )
        text = "".join(segment.text for segment in segments)
        return _NO_WORDS.sub("", text).strip()


def opened(path: str, threads: int) -> Any:
    """Return the model in the file at `path`."""
    from pywhispercpp.model import Model

    return Model(
        path,
        redirect_whispercpp_logs_to=False,
        n_threads=threads,
        no_timestamps=True,
        suppress_nst=True,
        print_progress=False,
    )


def hear_silence(path: str, threads: int) -> None:
    """Open a model and have it hear a second of silence; in a child.

    The library says of a wrong file on standard error alone, and crashes at the first sound.
    """
    opened(path, threads).transcribe(np.zeros(MIC_RATE, np.float32), language="en")
