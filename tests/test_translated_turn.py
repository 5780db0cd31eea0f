"""A spoken turn in which she shows one language and speaks another; both are understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.conftest import Serve
from tests.engines.llm.openai_server import Reply, openai_server
from tests.engines.translate.services import TOKEN, translators
from tests.engines.tts.ears import open_ears
from tests.support.client import client, of_type, shown, sound
from tests.support.live import conf
from tests.support.words import letter_error_rate, word_error_rate

pytestmark = pytest.mark.anyio

SHOWN = "The weather is fine today, is it not?"
SPOKEN = "今日はいい天気ですね"
SAID = "go forward ten meters"


@asynccontextmanager
async def by_service() -> AsyncIterator[tuple[dict[str, Any], list[str]]]:
    """DeepLX: the section of the translator, and the texts that it was asked for."""
    async with translators() as service:
        service.said = f"{SPOKEN}。"
        section = {
            "deeplx_target_lang": "JA",
            "deeplx_api_endpoint": f"{service.url}/v2/translate",
            "deeplx_token": TOKEN,
        }
        texts: list[str] = []
        yield {"translate_provider": "deeplx", "deeplx": section}, texts
        assert {language for _, language in service.asked} == {"JA"}
        texts += [text for text, _ in service.asked]


@asynccontextmanager
async def by_model() -> AsyncIterator[tuple[dict[str, Any], list[str]]]:
    """A language model that does nothing but translate."""
    async with openai_server() as service:
        service.reply = Reply(tokens=("今日は", "いい天気", "ですね。"))
        section = {"llm_provider": "openai_compatible_llm", "target_lang": "Japanese"}
        texts: list[str] = []
        yield (
            {
                "translate_provider": "llm",
                "llm": section,
                "at": service.base_url,
            },
            texts,
        )
        asked = [one.body["messages"] for one in service.requests if one.body.get("messages")]
        assert all("Japanese" in str(messages) for messages in asked)
        texts += [messages[-1]["content"] for messages in asked]


@pytest.mark.parametrize("translator", [by_service, by_model], ids=["deeplx", "llm"])
async def test_she_shows_english_and_speaks_japanese(
    translator: Any, serve: Serve, speech: Path
) -> None:
    async with translator() as (chosen, texts):
        model = {"base_url": chosen.pop("at", "http://127.0.0.1:9/v1"), "model": "small"}
        sections = {"echo_llm": {"reply": SHOWN}, "openai_compatible_llm": model}
        values = conf(vad=None, tts="open_jtalk_tts", sections=sections)
        settings = values["character_config"]["agent_config"]["agent_settings"]
        settings["basic_memory_agent"]["faster_first_response"] = False  # it is to be one line
        values["character_config"]["tts_preprocessor_config"] = {
            "translator_config": {"translate_audio": True, **chosen}
        }
        server = await asyncio.to_thread(serve, values)
        async with client(server.url) as one:
            await one.record(soundfile.read(speech / "human_goforward.wav", dtype="float32")[0])
            messages = await one.turn(timeout_s=120)
            history = await one.ask(
                "fetch-and-set-history", "history-data", history_uid=one.history_uid
            )
    # The words of the person, and hers as they are shown and kept.
    (heard,) = of_type(messages, "user-input-transcription")
    assert word_error_rate([SAID], [heard["text"]]) <= 0.25, heard
    assert of_type(messages, "error") == []
    assert shown(messages).strip() == SHOWN
    assert [text.strip() for text in texts] == [SHOWN]
    assert [one["content"] for one in history["messages"]] == [heard["text"], SHOWN]
    # What sounds is the translation, as somebody understands it who does not know it.
    (audio,) = of_type(messages, "audio")
    pcm, rate = sound(audio)
    ears = await open_ears()
    words = await asyncio.to_thread(ears.heard, pcm, rate, "ja")
    assert letter_error_rate(SPOKEN, words) <= 0.15, words
