"""CosyVoice: Chinese and other languages, cloned voices too, on a server of one's own (a page)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from pydantic import Field

from ..about import About
from ..account import Address
from ..base import per_call
from .gradio_tts import GradioConfig, GradioTTS


class CosyVoiceConfig(GradioConfig):
    """Keys of the section `cosyvoice_tts`."""

    client_url: Address = Field("http://127.0.0.1:50000/", description="The address of the page.")
    mode_checkbox_group: str = per_call(
        "预训练音色",
        description="What the page is to do, in its words: 预训练音色, 3s极速复刻, ...",
    )
    sft_dropdown: str = per_call("中文女", description="A voice that the model has.")
    prompt_text: str = per_call("", description="What is said in the recording.")
    prompt_wav_upload_url: str = per_call(
        "", description="A recording of the voice: an address, or a file."
    )
    prompt_wav_record_url: str = per_call("", description="Another one, where the page has it.")
    instruct_text: str = per_call("", description="How it should speak, in words.")
    seed: int = per_call(0, ge=0, description="What chance begins with.")


ConfigT = TypeVar("ConfigT", bound=CosyVoiceConfig)


class CosyVoicePage(GradioTTS[ConfigT]):
    """The page of CosyVoice (webui.py), of either generation."""

    about = About(
        "server", "Chinese, English, Japanese, Korean", "Apache-2.0", tested="with a stand-in"
    )

    def page_url(self) -> str:
        """Return the address of the page."""
        return self.config.client_url

    async def inputs(self, text: str) -> Sequence[Any]:
        """Return what the page's function is given for a sentence. Raises EngineError."""
        config = self.config
        return (
            text,
            config.mode_checkbox_group,
            config.sft_dropdown,
            config.prompt_text,
            await self._file(config.prompt_wav_upload_url),
            await self._file(config.prompt_wav_record_url),
            config.instruct_text,
            config.seed,
        )


class CosyVoiceTTS(CosyVoicePage[CosyVoiceConfig]):
    """The page of CosyVoice (webui.py), as it was before its second generation."""

    name: ClassVar[str] = "cosyvoice_tts"
    Config = CosyVoiceConfig
