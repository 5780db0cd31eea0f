"""Azure's voices (Speech service): many languages, a key; the text leaves this computer."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar
from xml.sax.saxutils import escape, quoteattr

from pydantic import Field

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import OptionalAddress
from ..base import EngineConfig, per_call
from .base import VoiceInfo
from .http_tts import HttpTTS, HttpTTSConfig, listed
from .scripts import scripts_of

FORMAT = "raw-24khz-16bit-mono-pcm"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AzureConfig(HttpTTSConfig):
    """Keys of the section `azure_tts`."""

    api_key: str = Field("", repr=False, description="The key of your Speech resource.")
    region: str = Field(
        "eastus",
        pattern=r"^[a-z0-9]+$",
        description="Where your resource is; one of China, such as chinanorth2, is Azure China's.",
    )
    voice: str = per_call(
        "en-US-AshleyNeural", description="`run_server.py --voices` lists those of the region."
    )
    pitch: str = per_call(
        "26",
        description="How much higher, in percent; or as SSML has it: +50Hz, high.",
    )
    rate: str = per_call(
        "1", description="How often as fast as normal; or as SSML has it: +20%, slow."
    )
    endpoint: OptionalAddress = Field(
        "", description="The address of the service, where it is not that of the region."
    )


class AzureTTS(HttpTTS[AzureConfig]):
    """A sentence is one request of the REST API: SSML there, samples back."""

    name: ClassVar[str] = "azure_tts"
    about = About("service", "over 140", "terms of Microsoft Azure", tested="with a stand-in")
    Config = AzureConfig
    concurrency = 8
    needed: ClassVar = {
        "api_key": "create a Speech resource in the Azure portal and copy one of its two keys"
    }

    def __init__(self, config: AzureConfig) -> None:
        super().__init__(config)
        self._speak(config.voice)

    def with_config(self, config: EngineConfig) -> AzureTTS:
        """Return this engine with the voice of another character."""
        view = super().with_config(config)
        view._speak(view.config.voice)
        return view

    def _speak(self, voice: str) -> None:
        self.scripts = scripts_of(voice)
        self.other_voices = (
            f"{voice} speaks one language. Choose a voice of the other, or a multilingual one "
            "(tts_config.azure_tts.voice in conf.yaml)."
        )

    def service(self) -> Service:
        """Return who is asked."""
        region = self.config.region
        tail = "tts.speech.azure.cn" if region.startswith("china") else "tts.speech.microsoft.com"
        return self.keyed_service(
            "Azure's speech service",
            self.config.endpoint or f"https://{region}.{tail}",
            self.config.api_key,
            address_key="endpoint" if self.config.endpoint else "region",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {
            "Ocp-Apim-Subscription-Key": self.config.api_key.strip(),
            "User-Agent": "open-llm-vtuber",
        }

    def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Return the speech for `text` as it comes. Raises EngineError."""
        headers = {"Content-Type": "application/ssml+xml", "X-Microsoft-OutputFormat": FORMAT}
        ssml = self._ssml(text).encode()
        return self.ask_sound(
            "POST",
            "cognitiveservices/v1",
            raw_rate=self.sample_rate,
            headers=headers,
            content=ssml,
        )

    def _ssml(self, text: str) -> str:
        config = self.config
        language = "-".join(config.voice.split("-")[:2]) or "en-US"
        pitch, rate = config.pitch.strip(), config.rate.strip()
        if _NUMBER.fullmatch(pitch):
            pitch = f"{'' if pitch[0] in '+-' else '+'}{pitch}%"
        return (
            "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' "
            f"xml:lang={quoteattr(language)}><voice name={quoteattr(config.voice)}>"
            f"<prosody pitch={quoteattr(pitch)} rate={quoteattr(rate)}>"
            f"{escape(_NOT_XML.sub(' ', text))}</prosody></voice></speak>"
        )

    async def list_voices(self) -> Sequence[VoiceInfo]:
        """Ask for the voices of the region. Raises EngineError."""
        found = await self.ask_json("GET", "cognitiveservices/voices/list")
        return [
            VoiceInfo(
                row["ShortName"],
                row.get("DisplayName") or row["ShortName"],
                (row["Locale"], *(row.get("SecondaryLocaleList") or ())),
                gender if (gender := row.get("Gender", "").lower()) in ("female", "male") else "",
            )
            for row in listed(found)
        ]
