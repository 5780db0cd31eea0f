"""XTTS: a cloned voice in 17 languages on a server of one's own (xtts-api-server)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

from pydantic import Field

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import per_call
from .base import VoiceInfo
from .http_tts import HttpTTS, HttpTTSConfig


class XTTSConfig(HttpTTSConfig):
    """Keys of the section `x_tts`."""

    api_url: Address = Field("http://127.0.0.1:8020/tts_to_audio", description="The whole address.")
    speaker_wav: str = per_call("female", description="A voice in the server's folder `speakers`.")
    language: str = per_call("en", description="The language of what is said: en, zh-cn, ja, ...")
    stream: bool = per_call(
        False,
        description="Have the sound sent while it is being made (/tts_stream); the server has to "
        "run its model itself (-ms local).",
    )


class XTTS(HttpTTS[XTTSConfig]):
    """A sentence is one request; the server makes one at a time."""

    name: ClassVar[str] = "x_tts"
    about = About("server", "17", "Coqui Public Model License", tested="with a stand-in")
    Config = XTTSConfig
    concurrency = 1

    def service(self) -> Service:
        """Return who is asked."""
        base = self.config.api_url.rstrip("/").removesuffix("/tts_to_audio")
        return Service(
            "The XTTS server",
            base,
            address_key=self.key_path("api_url"),
            not_found="has no such voice, or no /tts_to_audio there",
        )

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text`, as it comes where that is wanted. Raises EngineError."""
        config = self.config
        asked = {"text": text, "speaker_wav": config.speaker_wav, "language": config.language}
        if config.stream:
            return self.ask_sound("GET", "tts_stream", params=asked)
        return self.ask_sound("POST", "tts_to_audio/", json=asked)

    async def list_voices(self) -> Sequence[VoiceInfo]:
        """Ask for the speakers of the server. Raises EngineError."""
        found = await self.ask_json("GET", "speakers_list")
        return [VoiceInfo(one, one) for one in found if isinstance(one, str)]
