"""Moonshine tiny-en: English speech recognition on any CPU, weights inside its package."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ...audio import MIC_RATE, Pcm
from ..base import EngineConfig, EngineError, Resources
from .base import ASREngine


class MoonshineConfig(EngineConfig):
    """It has nothing to set: one model, one language (English)."""


class MoonshineASR(ASREngine[MoonshineConfig]):
    """About 0.2 s for 3 s of speech on one core, in 265 MB."""

    name: ClassVar[str] = "moonshine_asr"
    Config = MoonshineConfig
    max_segment_s = 15.0
    """Up to 10 s a second costs 0.05 s of work, at 30 s twice and at 60 s five times as much, and
    from then on the words are those of one sentence over and over."""
    repeat_cost = 0.05

    def __init__(self, config: MoonshineConfig) -> None:
        super().__init__(config)
        self._model: Any = None

    def prepare(self) -> None:
        """Import the package and its native library. Raises EngineError."""
        try:
            # Private, as what `_transcribe` calls: only this opens the library without a model.
            from moonshine_voice.moonshine_api import _MoonshineLib
        except ImportError:
            raise EngineError(
                "moonshine_asr: the package moonshine-voice has no build for this machine; "
                "choose asr_model: faster_whisper in conf.yaml."
            ) from None
        _MoonshineLib()

    async def load(self, resources: Resources) -> None:
        """Open the model and run it once."""
        self._model = await self.run(_open)

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the English words in `pcm` (16 kHz), or "" where there are none."""
        return await self.run(_transcribe, self._model, pcm)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None


def _open() -> Any:
    import moonshine_voice
    from moonshine_voice import ModelArch, Transcriber

    model = Transcriber(
        model_path=Path(moonshine_voice.__file__).parent / "assets" / "tiny-en",
        model_arch=ModelArch.TINY,
        # Our own VAD has cut the utterance out. With its own on top the model invents words in
        # the lead-in and cuts sentences; and it need not copy the sound back to us.
        options={"vad_threshold": "0.0", "return_audio_data": "false"},
    )
    _transcribe(model, np.zeros(MIC_RATE, np.float32))
    return model


def _transcribe(model: Any, pcm: Pcm) -> str:
    """Call the library's C function on the array itself, through what is private in the package.

    Its Python wrapper takes a list and turns each sample into an object, twice: a minute of
    speech would hold the interpreter for 100 ms, and every connection with it.
    """
    from moonshine_voice.errors import check_error
    from moonshine_voice.moonshine_api import TranscriptC

    samples = np.ascontiguousarray(pcm, np.float32)
    transcript = ctypes.POINTER(TranscriptC)()
    check_error(
        model._lib.moonshine_transcribe_without_streaming(
            model._handle,
            samples.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            len(samples),
            MIC_RATE,
            0,
            ctypes.byref(transcript),
        )
    )
    lines = model._parse_transcript(transcript).lines
    return " ".join(line.text.strip() for line in lines).strip()
