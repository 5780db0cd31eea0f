"""MiniMax' voices: Chinese and many other languages; a key; the text leaves this computer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, ClassVar

import orjson
from pydantic import Field, field_validator

from ...audio import Pcm
from ...http_errors import Service
from ..about import About
from ..account import Address
from ..base import EngineError, per_call
from .base import VoiceInfo
from .http_tts import HttpTTS, HttpTTSConfig, listed

_STATUSES = {1004: 401, 2049: 401, 1002: 429, 1039: 429, 1041: 429}
"""What its own codes would be in HTTP, where that says more than its words."""
_KINDS = ("system_voice", "voice_cloning", "voice_generation")
_LAST = 2
"""The status of the piece that ends a stream; its sound would be all of it once more."""


class MiniMaxConfig(HttpTTSConfig):
    """Keys of the section `minimax_tts`."""

    group_id: str = Field(
        "", description="The id of your account's group; newer accounts need none."
    )
    api_key: str = Field("", repr=False, description="Your MiniMax API key.")
    model: str = per_call("speech-02-turbo", description="speech-02-turbo, speech-2.6-hd, ...")
    voice_id: str = per_call("male-qn-qingse", description="`run_server.py --voices` lists them.")
    pronunciation_dict: str = per_call(
        "", description='How words are read, as JSON: {"tone": ["处理/(chu3)(li3)"]}.'
    )
    speed: float = per_call(1.0, ge=0.5, le=2, description="1 is natural.")
    volume: float = per_call(1.0, gt=0, le=10, description="1 is natural.")
    pitch: int = per_call(0, ge=-12, le=12, description="Higher or lower, in semitones.")
    base_url: Address = Field(
        "https://api.minimaxi.com",
        description="Where the service is; https://api.minimax.io for accounts outside of China.",
    )

    @field_validator("pronunciation_dict")
    @classmethod
    def _is_json(cls, text: str) -> str:
        tones(text)
        return text


def tones(text: str) -> list[str]:
    """Return how words are read, of what is written in conf.yaml. Raises ValueError."""
    if not text.strip():
        return []
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError('expected JSON such as {"tone": ["处理/(chu3)(li3)"]}') from error
    found = found.get("tone") if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError('expected a list of texts, as in {"tone": ["处理/(chu3)(li3)"]}')
    return found


class MiniMaxTTS(HttpTTS[MiniMaxConfig]):
    """A sentence is one request, answered with events that hold samples in hexadecimal."""

    name: ClassVar[str] = "minimax_tts"
    about = About("service", "over 40", "terms of MiniMax", tested="with a stand-in")
    Config = MiniMaxConfig
    needed: ClassVar = {"api_key": "make one in MiniMax' console, under API keys"}

    def service(self) -> Service:
        """Return who is asked."""
        return self.keyed_service(
            "MiniMax",
            self.config.base_url,
            self.config.api_key,
        )

    def headers(self) -> dict[str, str]:
        """Return what every request says."""
        return {"Authorization": f"Bearer {self.config.api_key.strip()}"}

    async def synthesize(self, text: str) -> AsyncGenerator[Pcm, None]:
        """Yield the speech for `text` as it comes. Raises EngineError."""
        pieces = self._pieces(self._asked(text))
        async with aclosing(pieces), aclosing(self.decoded(pieces, self.sample_rate)) as sound:
            async for pcm in sound:
                yield pcm

    def _asked(self, text: str) -> dict[str, Any]:
        config = self.config
        asked: dict[str, Any] = {
            "model": config.model,
            "text": text,
            "stream": True,
            "stream_options": {"exclude_aggregated_audio": True},
            "voice_setting": {
                "voice_id": config.voice_id,
                "speed": config.speed,
                "vol": config.volume,
                "pitch": config.pitch,
            },
            "audio_setting": {"format": "pcm", "sample_rate": self.sample_rate, "channel": 1},
        }
        if tone := tones(config.pronunciation_dict):
            asked["pronunciation_dict"] = {"tone": tone}
        return asked

    async def _pieces(self, asked: dict[str, Any]) -> AsyncGenerator[bytes, None]:
        group = {"GroupId": group} if (group := self.config.group_id.strip()) else {}
        async with aclosing(
            self.ask_events("POST", "v1/t2a_v2", params=group, json=asked)
        ) as events:
            async for _, event in events:
                self._succeeded(event)
                data = event.get("data") or {}
                if not isinstance(data, dict):
                    raise self.odd_answer("what cannot be read")
                if data.get("status") == _LAST:
                    continue
                try:
                    yield bytes.fromhex(data.get("audio") or "")
                except (TypeError, ValueError) as error:
                    raise self.odd_answer("sound that is not hexadecimal") from error

    def _succeeded(self, answer: Any) -> None:
        """Raise EngineError where an answer is a refusal: its status in HTTP is always 200."""
        if not isinstance(answer, dict):
            raise self.odd_answer("what cannot be read")
        said = answer.get("base_resp")
        if isinstance(said, dict) and isinstance(code := said.get("status_code"), int) and code:
            words = f"{said.get('status_msg') or ''} ({code})".strip()
            raise EngineError(*self.http.service.refused(_STATUSES.get(code, 400), words))

    def said_instead(self, said: bytes) -> EngineError:
        """Return what a text means that came instead of sound."""
        try:
            self._succeeded(orjson.loads(said))
        except orjson.JSONDecodeError:
            pass
        except EngineError as error:
            return error
        return super().said_instead(said)

    async def list_voices(self) -> Sequence[VoiceInfo]:
        """Ask for the voices of the account. Raises EngineError."""
        found = await self.ask_json("POST", "v1/get_voice", json={"voice_type": "all"})
        self._succeeded(found)
        return [
            VoiceInfo(row["voice_id"], row.get("voice_name") or row["voice_id"])
            for row in listed(found, *_KINDS)
        ]
