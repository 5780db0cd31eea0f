"""FunASR's SenseVoice, run by sherpa-onnx: the same weights, without PyTorch."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ...values import idle
from ..about import About
from ..base import EngineConfig, EngineError, Resources
from .sherpa_onnx_asr import SherpaASR, SherpaOnnxConfig

MODELS = ("iic/sensevoicesmall", "sensevoicesmall", "funaudiollm/sensevoicesmall")
"""What the model hubs call SenseVoice, in small letters."""
_ONE_MODEL = "SenseVoice hears without it"


class FunASRConfig(EngineConfig):
    """Keys of the section `fun_asr`."""

    model_name: str = Field("iic/SenseVoiceSmall", description="It is the only one that runs here.")
    language: str = Field("auto", description="auto, zh, en, ja, ko or yue.")
    use_itn: bool = Field(False, description="Punctuation, and numbers as digits.")
    ncpu: int = Field(4, ge=1, description="How many threads it computes with.")
    device: Literal["cpu", "cuda"] = Field(
        "cpu", description="cuda needs a build of sherpa-onnx for it."
    )
    vad_model: str = idle(_ONE_MODEL, default="fsmn-vad")
    punc_model: str = idle(f"{_ONE_MODEL}; its marks come with use_itn", default="ct-punc")
    disable_update: bool = idle("nothing is updated by itself", default=True)
    hub: Literal["ms", "hf"] = idle("the weights come from our catalogue", default="ms")


class FunASR(SherpaASR[FunASRConfig]):
    """SenseVoice: Chinese, Cantonese, English, Japanese and Korean."""

    name: ClassVar[str] = "fun_asr"
    about = About(
        "here", "zh, yue, en, ja, ko", "Apache-2.0; FunASR Model License 1.1", tested="never"
    )
    Config = FunASRConfig

    def _set_up(self, config: FunASRConfig) -> SherpaOnnxConfig:
        return SherpaOnnxConfig(
            language=config.language or "auto",
            use_itn=config.use_itn,
            num_threads=config.ncpu,
            provider=config.device,
        )

    async def load(self, resources: Resources) -> None:
        """Fetch the model and open it. Raises EngineError."""
        if self.config.model_name.strip().lower() not in MODELS:
            raise EngineError(
                f"fun_asr: {self.config.model_name!r} does not run here; iic/SenseVoiceSmall does. "
                "For others choose asr_model: sherpa_onnx_asr, with the files of the model: it has "
                "FunASR's Paraformer, among others."
            )
        await super().load(resources)
