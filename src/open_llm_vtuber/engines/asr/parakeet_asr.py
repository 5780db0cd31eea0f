"""NVIDIA's Parakeet, run by sherpa-onnx: 25 European languages, which it tells apart itself."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..about import About
from ..base import EngineConfig
from .sherpa_onnx_asr import PARAKEET, SherpaASR, SherpaOnnxConfig


class ParakeetConfig(EngineConfig):
    """Keys of the section `parakeet_asr`."""

    model_path: str = Field(
        f"models/{PARAKEET}",
        description="A folder with encoder.int8.onnx, decoder.int8.onnx, joiner.int8.onnx and "
        "tokens.txt, counted from that of conf.yaml. Unset, version 3 is fetched (671 MB).",
    )
    num_threads: int = Field(4, ge=1, description="How many threads it computes with.")
    provider: Literal["cpu", "cuda"] = Field(
        "cpu", description="cuda needs a build of sherpa-onnx for it."
    )


class ParakeetASR(SherpaASR[ParakeetConfig]):
    """Parakeet TDT 0.6B v3: English, German, French, Spanish, Italian, Russian and 19 others."""

    name: ClassVar[str] = "parakeet_asr"
    about = About("here", "25 of Europe", "Apache-2.0; CC-BY-4.0", tested="never")
    Config = ParakeetConfig

    def _set_up(self, config: ParakeetConfig) -> SherpaOnnxConfig:
        folder = config.model_path.rstrip("/\\") or f"models/{PARAKEET}"
        parts = {part: f"{folder}/{part}.int8.onnx" for part in ("encoder", "decoder", "joiner")}
        return SherpaOnnxConfig(
            model_type="nemo_transducer",
            **parts,
            num_threads=config.num_threads,
            provider=config.provider,
        )
