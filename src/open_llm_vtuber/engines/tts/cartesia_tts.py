"""Cartesia's voices (Sonic): many languages, quick; a key; the text leaves this computer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import per_call
from .base import VoiceInfo
from .http_tts import HttpTTS, HttpTTSConfig, listed

VERSION = "2026-08-14"
"""Of the API; what is not of this version is not answered as it is described here."""
MAX_PAGES = 50
"""Of the list of voices, 100 on each."""
_GENDERS = {"masculine": "male", "feminine": "female"}
_MP3 = {"container": "mp3", "bit_rate": 128_000, "sample_rate": 24_000}
_WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 24_000}


class CartesiaConfig(HttpTTSConfig):
    """Keys of the section `cartesia_tts`."""

    api_key: str = Field("", repr=False, description="Your Cartesia API key.")
    voice_id: str = per_call("", description="`run_server.py --voices` lists them.")
    model_id: str = per_call("sonic-3", description="sonic-3, sonic-2, sonic-turbo, ...")
    output_format: Literal["wav", "mp3"] = per_call("wav", description="wav is heard soonest.")
    language: str = per_call("en", description="The language it speaks: en, zh, ja, de, ...")
    emotion: str = per_call("neutral", description="happy, calm, sarcastic, ... (sonic-3)")
    volume: float = per_call(1.0, ge=0.5, le=2, description="1 is natural (sonic-3).")
    speed: float = per_call(1.0, ge=0.6, le=1.5, description="1 is natural (sonic-3).")
    base_url: Address = Field("https://api.cartesia.ai", description="Where the service is.")


class CartesiaTTS(HttpTTS[CartesiaConfig]):
    """A sentence is one request, whose bytes are sound as they come."""

    name: ClassVar[str] = "cartesia_tts"
    about = About("service", "42", "terms of Cartesia", tested="with a stand-in")
    Config = CartesiaConfig
    requires: ClassVar = {"av": ""}
    needed: ClassVar = {
        "api_key": "make one at https://play.cartesia.ai/keys",
        "voice_id": "choose a voice at https://play.cartesia.ai/voices and copy its id",
    }

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            "Cartesia",
            self.config.base_url,
            self.config.api_key,
            not_found="has no such voice or model",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {
            "Authorization": f"Bearer {self.config.api_key.strip()}",
            "Cartesia-Version": VERSION,
        }

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text` as it comes. Raises EngineError."""
        config = self.config
        asked: dict[str, Any] = {
            "model_id": config.model_id,
            "transcript": text,
            "voice": {"id": config.voice_id.strip()},
            "language": config.language,
            "output_format": _MP3 if config.output_format == "mp3" else _WAV,
        }
        if config.model_id.startswith("sonic-3"):  # others do not know it
            asked["generation_config"] = {
                "emotion": config.emotion,
                "speed": config.speed,
                "volume": config.volume,
            }
        return self.ask_sound("POST", "tts/bytes", json=asked)

    async def list_voices(self) -> Sequence[VoiceInfo]:
        """Ask for the voices there are. Raises EngineError."""
        voices: list[VoiceInfo] = []
        page: dict[str, str] = {"limit": "100"}
        for _ in range(MAX_PAGES):
            found = await self.ask_json("GET", "voices", params=page)
            rows = listed(found, "data")
            if not rows or rows[-1]["id"] == page.get("starting_after"):
                break
            voices += [_voice(row) for row in rows]
            page["starting_after"] = rows[-1]["id"]
        return voices


def _voice(row: Any) -> VoiceInfo:
    spoken = [one.get("locale") for one in listed(row, "locales")] or [row.get("language")]
    return VoiceInfo(
        row["id"],
        row.get("name") or row["id"],
        tuple(filter(None, spoken)),
        _GENDERS.get(row.get("gender") or "", ""),
    )
