"""A spoken turn in Japanese, with ears and a voice of this computer."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import Serve
from tests.engines.tts.ears import open_ears
from tests.support.client import client, of_type, resampled, sound
from tests.support.live import conf
from tests.support.words import letter_error_rate

pytestmark = pytest.mark.anyio

SENTENCE = "今日はいい天気ですね"


async def test_she_hears_and_speaks_japanese_offline(serve: Serve) -> None:
    sections = {"faster_whisper": {"model_path": "base", "language": "ja"}}
    server = serve(conf(asr="faster_whisper", vad=None, tts="open_jtalk_tts", sections=sections))
    async with client(server.url) as one:
        (audio,) = of_type(await one.say(f"{SENTENCE}。"), "audio")
        # What she said is what she hears, and says again.
        await one.record(resampled(*sound(audio)))
        messages = await one.turn(timeout_s=120)
    heard = of_type(messages, "user-input-transcription")[0]["text"]
    assert letter_error_rate(SENTENCE, heard) <= 0.15, heard
    again, rate = sound(of_type(messages, "audio")[0])
    ears = await open_ears()
    words = await asyncio.to_thread(ears.heard, again, rate, "ja")
    assert letter_error_rate(SENTENCE, words) <= 0.15, words
