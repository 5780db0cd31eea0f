"""OpenAI's voices, and every server with that API (`/v1/audio/speech`), such as Kokoro-FastAPI."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address, OtherAddresses, is_own_key, other_addresses
from ..base import EngineError, per_call
from .base import VoiceInfo
from .http_tts import HttpTTS, HttpTTSConfig

PATH = "audio/speech"


class OpenAIVoiceConfig(HttpTTSConfig):
    """Keys of the section `openai_tts`."""

    model: str = per_call("kokoro", description="As the server calls it: kokoro, gpt-4o-mini-tts.")
    voice: str = per_call(
        "af_sky+af_bella",
        description="As the server calls it; `run_server.py --voices` asks it which it has.",
    )
    api_key: str = Field(
        "not-needed",
        repr=False,
        description="The key of your account. A local server takes any text.",
    )
    base_url: Address = Field(
        "http://localhost:8880/v1", description="The address up to and without /audio/speech."
    )
    other_base_urls: OtherAddresses = other_addresses()
    file_extension: Literal["mp3", "wav", "pcm"] = per_call(
        "mp3",
        description="In which format it sends the sound; pcm, 16 bits at 24 kHz, begins soonest "
        "where the server has it.",
    )
    speed: float = per_call(1.0, ge=0.25, le=4, description="1 is natural, 2 is twice as fast.")
    instructions: str = per_call(
        "", description="How it should speak, in words, for a model that can be told."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _nothing_is_the_default(cls, value: Any, info: Any) -> Any:
        """Take null, as the documented file may have it, for a key that is not set."""
        if value is None or (value == "" and info.field_name != "instructions"):
            return cls.model_fields[info.field_name].default
        return value

    @field_validator("base_url")
    @classmethod
    def _without_its_path(cls, url: str) -> str:
        return url.rstrip("/").removesuffix(f"/{PATH}")

    @field_validator("other_base_urls")
    @classmethod
    def _without_their_paths(cls, urls: Sequence[str]) -> Sequence[str]:
        return [cls._without_its_path(url) for url in urls]


class OpenAITTS(HttpTTS[OpenAIVoiceConfig]):
    """A sentence is one request, whose answer is read as it comes."""

    name: ClassVar[str] = "openai_tts"
    about = About("server", "of the model", "of the server", tested="with a stand-in")
    Config = OpenAIVoiceConfig
    requires: ClassVar = {"av": ""}
    concurrency = 4

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            "The voice of openai_tts",
            self.config.base_url,
            self.config.api_key,
            others=self.config.other_base_urls,
            not_found="has no such model or voice, or no /audio/speech at this base_url",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        key = self.config.api_key.strip()
        return {"Authorization": f"Bearer {key}"} if is_own_key(key) else {}

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text` as it comes. Raises EngineError."""
        config = self.config
        asked = {
            "model": config.model,
            "voice": config.voice,
            "input": text,
            "response_format": config.file_extension,
            "speed": config.speed,
        }
        if config.instructions:
            asked["instructions"] = config.instructions
        raw_rate = self.sample_rate if config.file_extension == "pcm" else 0
        return self.ask_sound("POST", PATH, raw_rate=raw_rate, json=asked)

    async def list_voices(self) -> Sequence[VoiceInfo]:
        """Ask for the voices, which not every such server lists. Raises EngineError."""
        try:
            found = await self.ask_json("GET", "audio/voices")
        except EngineError as error:
            if error.fault.code in ("model-unknown", "service-refused"):  # OpenAI has no such list
                return ()
            raise
        rows = found.get("voices", ()) if isinstance(found, dict) else found
        named = [row if isinstance(row, dict) else {"id": row} for row in rows]
        ids = [str(row.get("id") or row.get("name") or "") for row in named]
        return [
            VoiceInfo(one, str(row.get("name") or one))
            for one, row in zip(ids, named, strict=True)
            if one
        ]
