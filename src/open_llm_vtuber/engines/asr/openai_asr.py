"""Services and servers with OpenAI's transcription API, Groq's Whisper among them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from ...http_errors import Service
from ...values import HARMLESS
from ..about import About
from ..account import Address, OtherAddresses, is_own_key, other_addresses
from ..base import C, EngineConfig, per_call
from .http_asr import HttpASR, text_of

OPENAI = "https://api.openai.com/v1"
GROQ = "https://api.groq.com/openai/v1"


class TranscriptionsASR(HttpASR[C]):
    """One `POST /audio/transcriptions` for each segment."""

    path: ClassVar[str] = "audio/transcriptions"

    @abstractmethod
    def fields(self) -> dict[str, object]:
        """Return the fields of the form; those that are empty are not sent."""

    def service(self) -> Service:
        """Return who is asked."""
        fields = self.fields()
        return self.keyed_service(
            f"The ASR service {fields['model']}",
            self.address(),
            self.secret(),
            others=self.others(),
            not_found="has no such model, or no audio/transcriptions there",
        )

    @abstractmethod
    def address(self) -> str:
        """Return where the API is, up to and without '/audio/transcriptions'."""

    def others(self) -> Sequence[str]:
        """Return where the same API is as well."""
        return ()

    @abstractmethod
    def secret(self) -> str:
        """Return the key of the account; it may be none."""

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        key = self.secret()
        return {"Authorization": f"Bearer {key}"} if is_own_key(key) else {}

    def request(self, wav: bytes) -> dict[str, Any]:
        """Return what a request for the words of a WAV file has."""
        fields = {"response_format": "json", **self.fields()}
        return {
            "files": {"file": ("speech.wav", wav, "audio/wav")},
            "data": {name: str(value) for name, value in fields.items() if value not in ("", None)},
        }

    def words(self, answer: Any) -> str:
        """Return the words of an answer."""
        return text_of(answer["text"])


class OpenAIASRConfig(EngineConfig):
    """Keys of the section `openai_asr`."""

    base_url: Address = Field(
        OPENAI,
        description="The address of the API, up to and without '/audio/transcriptions': OpenAI's, "
        "or that of a server of your own (speaches, vLLM, LocalAI, whisper.cpp ...).",
    )
    other_base_urls: OtherAddresses = other_addresses()
    api_key: str = Field(
        "", repr=False, description="The key of your account; a server of your own may need none."
    )
    model: str = Field(
        "gpt-transcribe",
        json_schema_extra=HARMLESS,
        description="The model, as the service spells it.",
    )
    language: str | None = per_call(None, description="Such as en or zh; empty to detect it.")
    prompt: str | None = per_call(None, description="Words that tell the model what to expect.")
    temperature: float | None = per_call(
        None, ge=0, le=1, description="How freely words are chosen; the service decides if unset."
    )

    @field_validator("temperature", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value


class OpenAIASR(TranscriptionsASR[OpenAIASRConfig]):
    """OpenAI, or any server with its transcription API."""

    name: ClassVar[str] = "openai_asr"
    about = About("server", "of the model", "of the server", tested="with a stand-in")
    Config = OpenAIASRConfig

    def needs(self) -> Mapping[str, str]:
        """Return which keys it cannot do without."""
        ours = urlsplit(self.config.base_url).hostname != urlsplit(OPENAI).hostname
        return {} if ours else {"api_key": "https://platform.openai.com/api-keys has it"}

    def fields(self) -> dict[str, object]:
        """Return the fields of the form."""
        config = self.config
        return {
            "model": config.model,
            "language": config.language,
            "prompt": config.prompt,
            "temperature": config.temperature,
        }

    def address(self) -> str:
        """Return where the API is."""
        return self.config.base_url

    def others(self) -> Sequence[str]:
        """Return where the same API is as well."""
        return self.config.other_base_urls

    def secret(self) -> str:
        """Return the key of the account."""
        return self.config.api_key.strip()


class GroqWhisperConfig(EngineConfig):
    """Keys of the section `groq_whisper_asr`."""

    api_key: str = Field("", repr=False, description="Your Groq API key.")
    model: str = Field(
        "whisper-large-v3-turbo",
        json_schema_extra=HARMLESS,
        description="One of Groq's Whisper models.",
    )
    lang: str | None = per_call(None, description="Such as en or zh; empty to detect it.")
    base_url: Address = Field(GROQ, description="The address of Groq's API.")


class GroqWhisperASR(TranscriptionsASR[GroqWhisperConfig]):
    """Whisper at Groq."""

    name: ClassVar[str] = "groq_whisper_asr"
    about = About("service", "99", "terms of Groq", tested="with a stand-in")
    Config = GroqWhisperConfig
    needed: ClassVar = {"api_key": "https://console.groq.com/keys has it"}

    def fields(self) -> dict[str, object]:
        """Return the fields of the form."""
        return {"model": self.config.model, "language": self.config.lang}

    def address(self) -> str:
        """Return where the API is."""
        return self.config.base_url

    def secret(self) -> str:
        """Return the key of the account."""
        return self.config.api_key.strip()
