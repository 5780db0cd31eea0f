"""Spark-TTS: Chinese and English, cloned or made voices, on a server of one's own (its page)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from ..about import About
from ..account import Address
from ..base import per_call
from .gradio_tts import GradioConfig, GradioTTS

CREATES = "voice_creation"
"""The function of the page that makes a voice instead of cloning one."""


class SparkConfig(GradioConfig):
    """Keys of the section `spark_tts`."""

    api_url: Address = Field("http://127.0.0.1:6006/", description="The address of the page.")
    api_name: str = per_call(
        "voice_clone",
        description="voice_clone: the voice of a recording; voice_creation: one by gender, pitch "
        "and speed.",
    )
    prompt_wav_upload: str = per_call(
        "", description="The recording whose voice is cloned: an address, or a file."
    )
    gender: Literal["female", "male"] = per_call("female", description="Of a voice that is made.")
    pitch: int = per_call(3, ge=1, le=5, description="Of a voice that is made: 1 low, 5 high.")
    speed: int = per_call(3, ge=1, le=5, description="Of a voice that is made: 1 slow, 5 fast.")


class SparkTTS(GradioTTS[SparkConfig]):
    """The page of Spark-TTS (webui.py)."""

    name: ClassVar[str] = "spark_tts"
    about = About("server", "Chinese, English", "CC-BY-NC-SA-4.0 weights", tested="with a stand-in")
    Config = SparkConfig
    address_key = "api_url"

    def page_url(self) -> str:
        """Return the address of the page."""
        return self.config.api_url

    async def inputs(self, text: str) -> Sequence[Any]:
        """Return what the page's function is given for a sentence. Raises EngineError."""
        config = self.config
        if config.api_name.strip("/ ") == CREATES:
            return text, config.gender, config.pitch, config.speed
        recording = await self._file(config.prompt_wav_upload)
        return text, "", recording, None  # its words are not needed; nothing is recorded now
