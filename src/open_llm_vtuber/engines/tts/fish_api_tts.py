"""Fish Audio's voices, cloned ones among them; a key; the text leaves this computer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, ClassVar, Literal

from pydantic import Field

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import per_call
from .http_tts import HttpTTS, HttpTTSConfig


class FishConfig(HttpTTSConfig):
    """Keys of the section `fish_api_tts`."""

    api_key: str = Field("", repr=False, description="Your Fish Audio API key.")
    reference_id: str = per_call(
        "", description="The voice: what follows /m/ in the address of its page on fish.audio."
    )
    latency: Literal["normal", "balanced"] = per_call(
        "balanced", description="balanced is heard sooner, normal is more stable."
    )
    base_url: Address = Field("https://api.fish.audio", description="Where the service is.")
    model: str = per_call("s2-pro", description="The generation of the model: s2-pro, s1, ...")
    speed: float = per_call(1.0, ge=0.5, le=2, description="1 is natural.")
    volume: float = per_call(0.0, ge=-20, le=20, description="Louder or softer, in decibels.")


class FishTTS(HttpTTS[FishConfig]):
    """A sentence is one request, answered with samples as they are made."""

    name: ClassVar[str] = "fish_api_tts"
    about = About("service", "over 13", "terms of Fish Audio", tested="with a stand-in")
    Config = FishConfig
    needed: ClassVar = {"api_key": "make one at https://fish.audio/app/api-keys"}

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            "Fish Audio",
            self.config.base_url,
            self.config.api_key,
            not_found="has no such voice",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {"Authorization": f"Bearer {self.config.api_key.strip()}"}

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text` as it comes. Raises EngineError."""
        config = self.config
        asked: dict[str, Any] = {
            "text": text,
            "format": "pcm",
            "sample_rate": self.sample_rate,
            "latency": config.latency,
            "prosody": {"speed": config.speed, "volume": config.volume},
        }
        if config.reference_id.strip():
            asked["reference_id"] = config.reference_id.strip()
        headers = {"model": config.model}
        return self.ask_sound(
            "POST", "v1/tts", raw_rate=self.sample_rate, headers=headers, json=asked
        )
