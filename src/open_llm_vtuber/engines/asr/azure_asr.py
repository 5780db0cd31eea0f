"""Azure AI Speech: its fast transcription, which detects which of several languages is spoken."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from pydantic import Field, field_validator

from ...http_errors import Service
from ..about import About
from ..account import OptionalAddress
from ..base import EngineConfig, per_call
from .http_asr import HttpASR, text_of

API_VERSION = "2024-11-15"


class AzureASRConfig(EngineConfig):
    """Keys of the section `azure_asr`."""

    api_key: str = Field("", repr=False, description="A key of your Speech resource.")
    region: str = Field("eastus", description="The region of your Speech resource.")
    languages: list[str] = per_call(
        ["en-US", "zh-CN"],
        description="What may be spoken; which of it is, is detected. One alone is faster.",
    )
    endpoint: OptionalAddress = Field(
        "",
        description="The address of your resource, where it has one of its own "
        "(https://NAME.cognitiveservices.azure.com); empty: that of the region.",
    )

    @field_validator("languages", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value


class AzureASR(HttpASR[AzureASRConfig]):
    """Azure AI Speech, in the regions that have its fast transcription."""

    name: ClassVar[str] = "azure_asr"
    about = About("service", "over 100", "terms of Microsoft Azure", tested="with a stand-in")
    Config = AzureASRConfig
    path: ClassVar[str] = f"speechtotext/transcriptions:transcribe?api-version={API_VERSION}"

    needed: ClassVar = {
        "api_key": "the Azure portal has it, at your Speech resource, under Keys and Endpoint",
        "region": "the Azure portal has it beside the key",
    }

    def service(self) -> Service:
        """Return who is asked."""
        region = self.config.region.strip().lower()
        domain = "azure.cn" if region.startswith("china") else "microsoft.com"
        return self.keyed_service(
            "Azure AI Speech",
            self.config.endpoint or f"https://{region}.api.cognitive.{domain}",
            self.config.api_key,
            address_key="endpoint" if self.config.endpoint else "region",
            not_found="has no fast transcription in this region",
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {"Ocp-Apim-Subscription-Key": self.config.api_key.strip()}

    def request(self, wav: bytes) -> dict[str, Any]:
        """Return what a request for the words of a WAV file has."""
        definition = orjson.dumps({"locales": self.config.languages}).decode()
        return {
            "files": {"audio": ("speech.wav", wav, "audio/wav")},
            "data": {"definition": definition},
        }

    def words(self, answer: Any) -> str:
        """Return the words of an answer."""
        return " ".join(text_of(phrase["text"]) for phrase in answer["combinedPhrases"])
