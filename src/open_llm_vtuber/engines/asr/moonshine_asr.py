"""Moonshine tiny-en: English speech recognition on any CPU."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ...audio import MIC_RATE, Pcm
from ..about import About
from ..base import EngineConfig, Resources
from ..onnx_session import QUIET, open_session
from .base import ASREngine

WEIGHTS = "moonshine-tiny-en"
BEGIN, END = 1, 2
"""The tokens before the first word and after the last."""
TOKENS_PER_S = 6.5
"""No more are said, says the vendor: what is longer goes round in circles."""
SHORTEST = 1024
"""Samples: of fewer the encoder makes nothing, and there is no word in them."""
LAYERS, HEADS, HEAD_SIZE = 6, 8, 36
THREADS = min(2, os.cpu_count() or 1)


class MoonshineConfig(EngineConfig):
    """It has nothing to set: one model, one language (English)."""


class MoonshineASR(ASREngine[MoonshineConfig]):
    """About 0.03 s of work for a second of speech, in 150 MB."""

    name: ClassVar[str] = "moonshine_asr"
    about = About("here", "English", "MIT", tested="for real")
    Config = MoonshineConfig
    requires: ClassVar = {"onnxruntime": ""}
    max_segment_s = 15.0
    """At 60 s the words are those of one sentence over and over."""
    repeat_cost = 0.05

    def __init__(self, config: MoonshineConfig) -> None:
        super().__init__(config)
        self._model: _Model | None = None

    async def load(self, resources: Resources) -> None:
        """Fetch the model (44 MB), open it and run it once. Raises EngineError."""
        self._model = await self.run(_Model, await resources.weights(WEIGHTS))
        await self.transcribe(np.zeros(MIC_RATE, np.float32))

    async def transcribe(self, pcm: Pcm) -> str:
        """Return the English words in `pcm` (16 kHz), or "" where there are none."""
        import onnxruntime

        if len(pcm) < SHORTEST:
            return ""
        options = onnxruntime.RunOptions()

        def stop() -> None:
            options.terminate = True

        return await self.run_until(stop, _transcribe, self._model, pcm, options)

    async def close(self) -> None:
        """Free the model."""
        await super().close()
        self._model = None


class _Model:
    """Encoder, decoder and the tokens' text."""

    def __init__(self, folder: Path) -> None:
        self.tokens = _tokens((folder / "tokenizer.bin").read_bytes())
        self.encoder = _open(folder / "encoder_model.ort")
        self.decoder = _open(folder / "decoder_model_merged.ort")
        layers = [f"{layer}.{side}" for layer in range(LAYERS) for side in ("decoder", "encoder")]
        self.states = [f"{layer}.{part}" for layer in layers for part in ("key", "value")]
        self.growing = [state for state in self.states if "decoder" in state]
        """To what of the decoder's state each token adds; the rest is made of the sound, once."""


def _open(path: Path) -> Any:
    return open_session(path, THREADS, spins=False, severity=QUIET)


def _transcribe(model: _Model | None, pcm: Pcm, options: Any) -> str:
    assert model is not None  # noqa: S101 - it is loaded
    text = b"".join(model.tokens[token] for token in _decoded(model, pcm, options))
    return text.decode("utf-8", "ignore").replace("\N{LOWER ONE EIGHTH BLOCK}", " ").strip()


def _decoded(model: _Model, pcm: Pcm, options: Any) -> Iterator[int]:
    """Yield the most likely tokens one by one, the state of the decoder kept as it gave it."""
    from onnxruntime import OrtValue

    value = OrtValue.ortvalue_from_numpy
    sound = np.ascontiguousarray(pcm[None], np.float32)
    mask = value(np.ones(sound.shape, np.int64))
    (encoded,) = model.encoder.run_with_ort_values(
        None, {"input_values": value(sound), "attention_mask": mask}, options
    )
    nothing = np.zeros((1, HEADS, 0, HEAD_SIZE), np.float32)
    feed = {
        "encoder_hidden_states": encoded,
        "encoder_attention_mask": mask,
        "use_cache_branch": value(np.array([False])),
        **{f"past_key_values.{state}": value(nothing) for state in model.states},
    }
    token, states = BEGIN, model.states
    for _ in range(int(len(pcm) / MIC_RATE * TOKENS_PER_S) + 1):
        feed["input_ids"] = value(np.array([[token]], np.int64))
        wanted = ["logits", *(f"present.{state}" for state in states)]
        logits, *present = model.decoder.run_with_ort_values(wanted, feed, options)
        feed.update(zip((f"past_key_values.{state}" for state in states), present, strict=True))
        feed["use_cache_branch"], states = value(np.array([True])), model.growing
        token = int(logits.numpy()[0, -1].argmax())
        if token == END:
            return
        yield token


def _tokens(data: bytes) -> list[bytes]:
    """Return the text of each token: its length, in 7 bits or 14 with the high bit set, then it."""
    tokens, place = [], 0
    while place < len(data):
        length, place = data[place], place + 1
        if length >= 128:
            length, place = length - 128 + 128 * data[place], place + 1
        tokens.append(data[place : place + length])
        place += length
    return tokens
