"""Supertonic: quick voices of 31 languages on any CPU."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, EngineError, HubFiles, Resources, per_call
from ..onnx_session import open_session
from .base import TTSEngine, VoiceInfo

REPOSITORY = "Supertone/supertonic-3"
REVISION = "724fb5abbf5502583fb520898d45929e62f02c0b"
"""For which the package is made (its MODEL_CONFIGS)."""
MODELS = ("duration_predictor.onnx", "text_encoder.onnx", "vector_estimator.onnx", "vocoder.onnx")
"""In the order in which the package wants them."""
DESCRIPTIONS = ("tts.json", "unicode_indexer.json")
VOICES = tuple(f"{gender}{number}" for gender in "FM" for number in range(1, 6))
MODEL_FILES = HubFiles(
    "supertonic-3",
    (REPOSITORY,),
    (*DESCRIPTIONS, *MODELS),
    folder="onnx/",
    revision=REVISION,
    licence="OpenRAIL-M",
)
VOICE_FILES = replace(
    MODEL_FILES,
    name="supertonic-3-voices",
    files=tuple(f"{voice}.json" for voice in VOICES),
    folder="voice_styles/",
)


class SupertonicConfig(EngineConfig):
    """Keys of the section `supertonic_tts`."""

    voice: str = per_call(
        "F1", opens=True, description="F1 to F5, M1 to M5; or a voice of your own, a .json."
    )
    language: str = per_call(
        "na", description="Such as en, ko, ja, de, fr or es; na where it is not known, or changes."
    )
    speed: float = per_call(1.05, ge=0.7, le=2, description="2 is twice as fast.")
    steps: int = per_call(8, ge=1, le=100, description="5 is quick, 12 is good.")
    num_threads: int = Field(2, ge=1, description="How many processors it takes.")


class SupertonicTTS(TTSEngine[SupertonicConfig]):
    """Supertone's package `supertonic`, in sessions of our own; each part of a text is a chunk."""

    name: ClassVar[str] = "supertonic_tts"
    about = About("here", "31", "MIT; weights OpenRAIL-M", tested="never")
    Config = SupertonicConfig
    requires: ClassVar = {"supertonic": "supertonic", "onnxruntime": ""}
    streams = True
    sample_rate = 44_100

    def __init__(self, config: SupertonicConfig) -> None:
        super().__init__(config)
        self._model: Any = None
        self._styles: dict[Path, Any] = {}
        self._voices = Path()

    async def load(self, resources: Resources) -> None:
        """Fetch the model (400 MB) and the voices, and say a word. Raises EngineError."""
        folder = await resources.from_hub(MODEL_FILES)
        self._voices = await resources.from_hub(VOICE_FILES)
        self._path = resources.path
        self._model = await self.run(self._open, folder)
        self.sample_rate = int(self._model.sample_rate)
        async for _ in self.synthesize("One."):  # the first sentence of all takes longer
            pass

    def _open(self, folder: Path) -> Any:
        from supertonic.core import Supertonic, UnicodeProcessor

        description, indexer = (folder / name for name in DESCRIPTIONS)
        threads = self.config.num_threads
        sessions = [open_session(folder / name, threads, spins=False) for name in MODELS]
        keys = json.loads(description.read_bytes())
        return Supertonic(keys, UnicodeProcessor(str(indexer)), *sessions)

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return those that come with it."""
        genders = {"F": "female", "M": "male"}
        return [VoiceInfo(voice, voice, (), genders[voice[0]]) for voice in VOICES]

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text`, a part of it at a time. Raises EngineError."""
        style, parts = await self.run(self._prepared, text)
        for part in parts:
            yield await self.run(self._say, part, style)

    def _prepared(self, text: str) -> tuple[Any, list[str]]:
        """Return the voice, and the parts of what it can say of a text."""
        from supertonic.config import (
            AVAILABLE_LANGUAGES,
            DEFAULT_MAX_CHUNK_LENGTH,
            DEFAULT_MAX_CHUNK_LENGTH_KO,
        )
        from supertonic.utils import chunk_text

        config, model = self.config, self._model
        if model is None:
            raise self._gone()
        if config.language not in AVAILABLE_LANGUAGES:
            raise EngineError(
                f"supertonic_tts does not speak {config.language!r} "
                f"(tts_config.supertonic_tts.language): {', '.join(AVAILABLE_LANGUAGES)}."
            )
        _, unknown = model.text_processor.validate_text(text)
        said = "".join(" " if char in unknown else char for char in text).strip()
        korean = config.language == "ko"
        longest = DEFAULT_MAX_CHUNK_LENGTH_KO if korean else DEFAULT_MAX_CHUNK_LENGTH
        speaks = any(char.isalnum() for char in said)
        return self._style(), chunk_text(said, longest) if speaks else []

    def _style(self) -> Any:
        from supertonic.loader import load_voice_style_from_json_file

        voice = self.config.voice.strip()
        file = self._voices / f"{voice}.json" if voice in VOICES else self._path(voice)
        if file not in self._styles:
            try:
                self._styles[file] = load_voice_style_from_json_file(file)
            except (OSError, ValueError, TypeError) as error:
                raise EngineError(
                    f"supertonic_tts has no voice {voice!r} (tts_config.supertonic_tts.voice): "
                    f"there are {', '.join(VOICES)}, and files of the Voice Builder."
                ) from error
        return self._styles[file]

    def _say(self, part: str, style: Any) -> Pcm:
        if self._model is None:
            raise self._gone()
        config = self.config
        made, lengths_s = self._model([part], style, config.steps, config.speed, config.language)
        pcm = np.asarray(made[0], np.float32)[: int(float(lengths_s[0]) * self.sample_rate)]
        return np.clip(pcm, -1.0, 1.0)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None
