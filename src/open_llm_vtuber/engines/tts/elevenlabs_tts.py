"""ElevenLabs' voices: many languages, a key of theirs; the text leaves this computer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import Field

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import per_call
from .base import VoiceInfo
from .http_tts import HttpTTS, HttpTTSConfig, listed

MAX_PAGES = 50
"""Of the list of voices, 100 on each."""


class ElevenLabsConfig(HttpTTSConfig):
    """Keys of the section `elevenlabs_tts`."""

    api_key: str = Field("", repr=False, description="Your ElevenLabs API key.")
    voice_id: str = per_call(
        "", description="`run_server.py --voices` lists those of your account."
    )
    model_id: str = per_call(
        "eleven_multilingual_v2", description="eleven_flash_v2_5 answers soonest."
    )
    output_format: str = Field(
        "mp3_44100_128",
        pattern=r"^(mp3_\d+_\d+|pcm_\d+|opus_\d+_\d+)$",
        description="pcm_24000 is heard soonest; the rates that a plan permits differ.",
    )
    stability: float = per_call(0.5, ge=0, le=1, description="Higher is more even.")
    similarity_boost: float = per_call(0.5, ge=0, le=1, description="How near to the original.")
    style: float = per_call(0.0, ge=0, le=1, description="How much its style is exaggerated.")
    use_speaker_boost: bool = per_call(True, description="Nearer to the original, and slower.")
    speed: float = per_call(1.0, ge=0.7, le=1.2, description="1 is natural.")
    language_code: str = per_call(
        "", description="The language it has to speak (ISO 639-1), where the model can be told."
    )
    base_url: Address = Field("https://api.elevenlabs.io", description="Where the service is.")


class ElevenLabsTTS(HttpTTS[ElevenLabsConfig]):
    """A sentence is one request to the streaming endpoint."""

    name: ClassVar[str] = "elevenlabs_tts"
    about = About("service", "29 and more", "terms of ElevenLabs", tested="with a stand-in")
    Config = ElevenLabsConfig
    requires: ClassVar = {"av": ""}
    needed: ClassVar = {
        "api_key": "make one at https://elevenlabs.io/app/settings/api-keys",
        "voice_id": "choose a voice at https://elevenlabs.io/app/voice-library and copy its id",
    }

    def __init__(self, config: ElevenLabsConfig) -> None:
        super().__init__(config)
        self.sample_rate = int(config.output_format.split("_")[1])

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            "ElevenLabs",
            self.config.base_url,
            self.config.api_key,
            not_found="has no such voice or model",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {"xi-api-key": self.config.api_key.strip()}

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text` as it comes. Raises EngineError."""
        config = self.config
        asked: dict[str, Any] = {
            "text": text,
            "model_id": config.model_id,
            "voice_settings": {
                "stability": config.stability,
                "similarity_boost": config.similarity_boost,
                "style": config.style,
                "use_speaker_boost": config.use_speaker_boost,
                "speed": config.speed,
            },
        }
        if config.language_code:
            asked["language_code"] = config.language_code
        path = f"v1/text-to-speech/{quote(config.voice_id.strip(), safe='')}/stream"
        raw_rate = self.sample_rate if config.output_format.startswith("pcm") else 0
        form = {"output_format": config.output_format}
        return self.ask_sound("POST", path, raw_rate=raw_rate, params=form, json=asked)

    async def list_voices(self) -> Sequence[VoiceInfo]:
        """Ask for the voices of the account. Raises EngineError."""
        voices: list[VoiceInfo] = []
        page: dict[str, str] = {"page_size": "100"}
        for _ in range(MAX_PAGES):
            found = await self.ask_json("GET", "v2/voices", params=page)
            voices += [_voice(row) for row in listed(found, "voices")]
            following = found.get("next_page_token")
            if not found.get("has_more") or following in (None, "", page.get("next_page_token")):
                break
            page["next_page_token"] = following
        return voices


def _voice(row: Any) -> VoiceInfo:
    labels = row.get("labels") or {}
    spoken = [
        one.get("locale") or one.get("language") for one in listed(row, "verified_languages")
    ] or [labels.get("language")]
    gender = labels.get("gender", "")
    return VoiceInfo(
        row["voice_id"],
        row.get("name") or row["voice_id"],
        tuple(dict.fromkeys(filter(None, spoken))),
        gender if gender in ("female", "male") else "",
    )
