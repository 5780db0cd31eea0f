"""pyttsx3 with espeak-ng: heard, its keys at work, and a system without voices told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.tts.pyttsx3_tts import Pyttsx3Config, Pyttsx3TTS
from open_llm_vtuber.weights.store import WeightStore
from tests.support.words import letter_error_rate

from .ears import Ears

pytestmark = pytest.mark.anyio

TEXT = "The weather has been fine all day."


async def loaded(folder: Path, **keys: object) -> Pyttsx3TTS:
    engine = Pyttsx3TTS(Pyttsx3Config.model_validate(keys))
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(folder))
    return engine


async def test_what_it_says_is_heard_and_as_its_keys_say(ears: Ears, tmp_path: Path) -> None:
    engine = await loaded(tmp_path, voice="gmw/en-us")
    pcm = await engine.in_turn(TEXT)
    heard = await asyncio.to_thread(ears.heard, pcm, engine.sample_rate, "en")
    assert letter_error_rate(TEXT, heard) <= 0.35, heard
    fast = engine.with_config(Pyttsx3Config(voice="gmw/en-us", rate=350))
    assert len(await fast.in_turn(TEXT)) < 0.75 * len(pcm)
    quiet = engine.with_config(Pyttsx3Config(voice="gmw/en-us", volume=0.3))
    assert (await quiet.in_turn(TEXT)).std() < 0.5 * pcm.std()
    german = {one.id: one for one in await engine.voices()}["gmw/de"]
    assert german.languages == ("de",)
    await engine.close()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"voice": "nobody"}, r"no voice 'nobody' \(tts_config.pyttsx3_tts.voice\)"),
        ({"driver": "sapi5"}, "voices cannot be used: .*apt install espeak-ng"),
    ],
)
async def test_a_system_without_it_is_told(tmp_path: Path, keys: dict[str, str], told: str) -> None:
    with pytest.raises(EngineError, match=told):
        await loaded(tmp_path, **keys)
