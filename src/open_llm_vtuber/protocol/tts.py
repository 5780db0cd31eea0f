"""What is said on /tts-ws."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class TTSRequest(BaseModel):
    """A text to be spoken."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(examples=["Hello there. How are you?"])


class TTSPartial(BaseModel):
    """A sentence is ready."""

    status: Literal["partial"] = "partial"
    audioPath: str = Field(examples=["cache/tts-5f2a.wav"])  # noqa: N815 - as documented
    """Below the server's address."""
    text: str


class TTSComplete(BaseModel):
    """The whole text was spoken."""

    status: Literal["complete"] = "complete"


class TTSError(BaseModel):
    """The text could not be spoken, or the message was none."""

    status: Literal["error"] = "error"
    message: str
