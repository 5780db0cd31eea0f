"""SiliconFlow's voices (CosyVoice 2 and others); a key; the text leaves this computer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import ClassVar, Literal

from pydantic import Field

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import per_call
from .http_tts import HttpTTS, HttpTTSConfig


class SiliconFlowConfig(HttpTTSConfig):
    """Keys of the section `siliconflow_tts`."""

    api_url: Address = Field(
        "https://api.siliconflow.cn/v1/audio/speech", description="The whole address."
    )
    api_key: str = Field("", repr=False, description="Your SiliconFlow API key.")
    default_model: str = per_call("FunAudioLLM/CosyVoice2-0.5B", description="The model.")
    default_voice: str = per_call(
        "speech:Dreamflowers:5bdstvc39i:xkqldnpasqmoqbakubom",
        description="A voice of yours (speech:...), or one of the model: "
        "FunAudioLLM/CosyVoice2-0.5B:anna.",
    )
    sample_rate: int = Field(
        32_000, ge=8_000, le=48_000, description="In samples per second, as the format permits."
    )
    response_format: Literal["mp3", "wav", "pcm", "opus"] = per_call(
        "mp3", description="pcm is heard soonest."
    )
    stream: bool = per_call(True, description="Have the sound sent while it is being made.")
    speed: float = per_call(1.0, ge=0.25, le=4, description="1 is natural.")
    gain: float = per_call(0.0, ge=-10, le=10, description="Louder or softer, in decibels.")


class SiliconFlowTTS(HttpTTS[SiliconFlowConfig]):
    """A sentence is one request, answered with sound as it comes."""

    name: ClassVar[str] = "siliconflow_tts"
    about = About("service", "of the model", "terms of SiliconFlow", tested="with a stand-in")
    Config = SiliconFlowConfig
    requires: ClassVar = {"av": ""}
    needed: ClassVar = {"api_key": "make one at https://cloud.siliconflow.cn/account/ak"}

    def __init__(self, config: SiliconFlowConfig) -> None:
        super().__init__(config)
        self.sample_rate = config.sample_rate

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            "SiliconFlow",
            self.config.api_url,
            self.config.api_key,
            address_key="api_url",
            not_found="has no such model",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {"Authorization": f"Bearer {self.config.api_key.strip()}"}

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text` as it comes. Raises EngineError."""
        config = self.config
        asked = {
            "model": config.default_model,
            "voice": config.default_voice,
            "input": text,
            "response_format": config.response_format,
            "sample_rate": self.sample_rate,
            "stream": config.stream,
            "speed": config.speed,
            "gain": config.gain,
        }
        raw_rate = self.sample_rate if config.response_format == "pcm" else 0
        return self.ask_sound("POST", "", raw_rate=raw_rate, json=asked)
