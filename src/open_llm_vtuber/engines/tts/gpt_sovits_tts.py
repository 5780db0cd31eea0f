"""GPT-SoVITS: a cloned voice on a server of one's own (its api_v2.py)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, WithJsonSchema, field_validator

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import per_call
from .http_tts import HttpTTS, HttpTTSConfig

_MODES = {"false": False, "true": True, "0": 0, "1": 1, "2": 2, "3": 3, "": False}


class GPTSoVITSConfig(HttpTTSConfig):
    """Keys of the section `gpt_sovits_tts`."""

    api_url: Address = Field("http://127.0.0.1:9880/tts", description="The whole address.")
    text_lang: str = per_call("zh", description="The language of what is said: zh, en, ja, auto.")
    ref_audio_path: str = per_call(
        "", description="The recording of the voice, 3 to 10 s: a file of the server's computer."
    )
    prompt_lang: str = per_call("zh", description="The language of that recording.")
    prompt_text: str = per_call("", description="What is said in it.")
    text_split_method: str = per_call("cut5", description="How the server divides a text.")
    batch_size: int = per_call(1, ge=1, description="How many parts it makes at once.")
    media_type: Literal["wav", "raw", "ogg"] = per_call("wav", description="What it sends.")
    streaming_mode: Annotated[
        str, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "boolean"}]})
    ] = per_call(
        "false",
        description="true: have the sound sent while it is being made; newer servers "
        "also take 1, 2 and 3, the higher the sooner.",
    )
    speed_factor: float = per_call(1.0, gt=0, le=4, description="1 is natural.")
    raw_sample_rate: int = per_call(
        32_000, ge=8_000, le=48_000, description="Of `media_type: raw`, as the model has it."
    )

    @field_validator("streaming_mode", mode="before")
    @classmethod
    def _is_mode(cls, value: Any) -> str:
        if str(value).strip().lower() not in _MODES:
            raise ValueError("expected true, false, or a number from 0 to 3")
        return str(value).strip().lower()


class GPTSoVITSTTS(HttpTTS[GPTSoVITSConfig]):
    """A sentence is one request; the server makes one at a time."""

    name: ClassVar[str] = "gpt_sovits_tts"
    about = About(
        "server", "Chinese, English, Japanese, Korean, Cantonese", "MIT", tested="with a stand-in"
    )
    Config = GPTSoVITSConfig
    concurrency = 1
    sample_rate = 32_000
    needed: ClassVar = {
        "ref_audio_path": "name a recording of the voice, 3 to 10 s long, on the computer where "
        "GPT-SoVITS runs"
    }

    def service(self) -> Service:
        """Return who is asked."""
        return Service(
            "GPT-SoVITS",
            self.config.api_url,
            address_key=self.key_path("api_url"),
            not_found="has no /tts there: it has to be started as api_v2.py",
        )

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text` as it comes. Raises EngineError."""
        config = self.config
        asked = {
            "text": text,
            "text_lang": config.text_lang.lower(),
            "ref_audio_path": config.ref_audio_path,
            "prompt_lang": config.prompt_lang.lower(),
            "prompt_text": config.prompt_text,
            "text_split_method": config.text_split_method,
            "batch_size": config.batch_size,
            "media_type": config.media_type,
            "streaming_mode": _MODES[config.streaming_mode],
            "speed_factor": config.speed_factor,
        }
        raw_rate = config.raw_sample_rate if config.media_type == "raw" else 0
        return self.ask_sound("POST", "", raw_rate=raw_rate, json=asked)
