"""Open JTalk: understood, and its keys at work."""

from __future__ import annotations

import asyncio

import pytest

from open_llm_vtuber.engines.tts.open_jtalk_tts import OpenJTalkConfig, OpenJTalkTTS
from tests.support.words import letter_error_rate

from .ears import Ears

pytestmark = pytest.mark.anyio


async def test_what_it_says_is_understood_and_as_fast_as_asked(ears: Ears) -> None:
    engine = OpenJTalkTTS(OpenJTalkConfig())
    await engine.run(engine.import_packages)
    text = "今日はいい天気ですね。"
    pcm = await engine.in_turn(text)
    heard = await asyncio.to_thread(ears.heard, pcm, engine.sample_rate, "ja")
    assert letter_error_rate(text, heard) <= 0.15, heard
    fast = await engine.with_config(OpenJTalkConfig(speed=2.0)).in_turn(text)
    assert 0.4 < len(fast) / len(pcm) < 0.6
    high = await engine.with_config(OpenJTalkConfig(half_tone=6)).in_turn(text)
    assert abs(len(high) - len(pcm)) < 0.05 * len(pcm)
    assert (high[: len(pcm) // 2] != pcm[: len(high) // 2][: len(pcm) // 2]).any()
    await engine.close()
