"""Piper: fast voices in 40 languages, each a file of its own; the package is under the GPL-3."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from loguru import logger
from pydantic import Field

from ...audio import Pcm
from ..about import About
from ..base import EngineConfig, EngineError, HubFiles, Resources, per_call
from .base import TTSEngine, VoiceInfo
from .scripts import scripts_of

CATALOGUED = ("en_US-joe-medium",)
"""The voices of our catalogue."""
REPOSITORY = "rhasspy/piper-voices"
VOICES_AT = f"https://huggingface.co/{REPOSITORY}"
_NAME = re.compile(
    r"(?P<family>[a-z]{2,3})_[A-Z]{2}-(?P<name>\w+)-(?P<quality>x_low|low|medium|high)"
)
"""As Piper's documentation has it: language, country, name, quality."""


class PiperConfig(EngineConfig):
    """Keys of the section `piper_tts`."""

    model_path: str = Field(
        "models/piper/zh_CN-huayan-medium.onnx",
        description="A voice of Piper, with its .onnx.json beside it; or its name, such as "
        "de_DE-thorsten-medium: what is not in models/piper is fetched (63 MB, most of them).",
    )
    speaker_id: int = per_call(0, ge=0, description="Which speaker, of a voice with several.")
    length_scale: float = per_call(1.0, gt=0, description="2 is half as fast.")
    noise_scale: float = per_call(0.667, ge=0, description="How much the sound varies.")
    noise_w: float = per_call(0.8, ge=0, description="How much the pace varies.")
    volume: float = per_call(1.0, ge=0, description="Twice as loud is 2.")
    normalize_audio: bool = per_call(True, description="Make each sentence as loud as it can be.")
    use_cuda: bool = Field(False, description="Needs an NVIDIA GPU and onnxruntime-gpu.")


class PiperTTS(TTSEngine[PiperConfig]):
    """One voice; each sentence of a text is a chunk."""

    name: ClassVar[str] = "piper_tts"
    about = About("here", "40, each voice one", "GPL-3.0; each voice its own", tested="for real")
    Config = PiperConfig
    requires: ClassVar = {"piper": "piper", "onnxruntime": ""}
    streams = True
    other_voices = (
        "A voice of Piper speaks one language: choose one of the other "
        "(tts_config.piper_tts.model_path in conf.yaml)."
    )

    def __init__(self, config: PiperConfig) -> None:
        super().__init__(config)
        self._voice: Any = None
        self._about = VoiceInfo("", "")

    async def load(self, resources: Resources) -> None:
        """Open the voice, fetched if it is not here. Raises EngineError."""
        await self.run(self._open, await self._found(self.config.model_path, resources))

    async def _found(self, given: str, resources: Resources) -> Path:
        """Return where a voice is, fetched if need be; it may be none. Raises EngineError."""
        if given in CATALOGUED:
            return await resources.weights(f"piper-{given}") / f"{given}.onnx"
        is_path = given.endswith(".onnx")
        kept = resources.models_dir / "piper" / f"{given}.onnx"
        model = resources.path(given) if is_path else kept
        named = _NAME.fullmatch(model.stem)
        if model.is_file() or named is None or (is_path and resources.offline):
            return model
        language = model.stem.partition("-")[0]
        folder = f"{named['family']}/{language}/{named['name']}/{named['quality']}/"
        logger.info("{}: {}/blob/main/{}MODEL_CARD has its licence", model.stem, VOICES_AT, folder)
        files = HubFiles(
            f"piper-{model.stem}",
            [REPOSITORY],
            [model.name, f"{model.name}.json"],
            folder=folder,
            licence="as its MODEL_CARD says",
        )
        return await resources.from_hub(files) / model.name

    def _open(self, model: Path) -> None:
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import (
            Fail,
            InvalidArgument,
            InvalidGraph,
            InvalidProtobuf,
        )
        from piper import PiperVoice

        from ...decoding import FASTEST, SLOWEST

        about = model.with_name(f"{model.name}.json")
        for file in (model, about):
            if not file.is_file():
                raise EngineError(
                    f"piper_tts: there is no file {file} (tts_config.piper_tts.model_path). Voices "
                    f"are at {VOICES_AT}: put both files of one, .onnx and .onnx.json, into "
                    f"{model.parent}, or name one, such as {CATALOGUED[0]}, to have it fetched."
                )
        cuda = "CUDAExecutionProvider" in onnxruntime.get_available_providers()
        if self.config.use_cuda and not cuda:
            raise EngineError(
                "piper_tts: onnxruntime finds no CUDA here. Set tts_config.piper_tts.use_cuda: "
                "false, or install onnxruntime-gpu."
            )
        try:
            keys = json.loads(about.read_bytes())
            self._voice = PiperVoice.load(model, about, use_cuda=self.config.use_cuda)
            code = str(keys.get("language", {}).get("code") or keys["espeak"]["voice"])
            self.sample_rate = int(self._voice.config.sample_rate)
            if not SLOWEST <= self.sample_rate <= FASTEST:
                raise ValueError(f"its sample_rate is {self.sample_rate}")
            for _ in self._voice.synthesize("1."):  # the first takes longer
                pass
        except ImportError as error:
            raise EngineError(
                f"piper_tts: to read its language aloud, {model} needs a package that is not here: "
                f"{error}. Install it, or choose another voice."
            ) from error
        except (
            *(Fail, InvalidArgument, InvalidGraph, InvalidProtobuf),
            *(ValueError, KeyError, TypeError, AttributeError, RuntimeError),
        ) as error:
            words = " ".join(str(error).split())[:300]
            raise EngineError(
                f"piper_tts: {model} and its .onnx.json are no voice of Piper, or damaged: {words}"
            ) from error
        language = code.replace("_", "-")
        self.scripts = scripts_of(f"{language}-")
        self._about = VoiceInfo(model.stem, model.stem, (language,))

    async def voices(self) -> Sequence[VoiceInfo]:
        """Return the one that is loaded, or its speakers."""
        speakers: dict[str, int] = self._voice.config.speaker_id_map
        return [
            VoiceInfo(str(number), speaker, self._about.languages)
            for speaker, number in speakers.items()
        ] or [self._about]

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text`, a sentence at a time. Raises EngineError."""
        chunks = await self.run(self._chunks, text)
        while (chunk := await self.run(next, chunks, None)) is not None:
            yield chunk

    def _chunks(self, text: str) -> Iterator[Pcm]:
        from piper import SynthesisConfig

        config, voice = self.config, self._voice
        if voice is None:
            raise self._gone()
        speakers = voice.config.num_speakers
        if config.speaker_id >= max(1, speakers):
            raise EngineError(
                f"piper_tts: {self._about.name} has {speakers} speakers, the first is 0 "
                "(tts_config.piper_tts.speaker_id)."
            )
        settings = SynthesisConfig(
            speaker_id=config.speaker_id if speakers > 1 else None,
            length_scale=config.length_scale,
            noise_scale=config.noise_scale,
            noise_w_scale=config.noise_w,
            normalize_audio=config.normalize_audio,
            volume=config.volume,
        )
        text = text.replace("\0", " ")  # which ends a text for espeak-ng
        return (np.asarray(one.audio_float_array) for one in voice.synthesize(text, settings))

    async def close(self) -> None:
        """Free the voice."""
        await super().close()
        self._voice = None
