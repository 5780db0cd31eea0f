"""Supertonic: its package, on models of a few bytes in its format; never with its weights."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.tts.supertonic_tts import SupertonicConfig, SupertonicTTS
from open_llm_vtuber.weights.store import WeightStore

from .tiny_supertonic import CHARACTER_S, RATE, supertonic_hub

pytestmark = pytest.mark.anyio

TEXT = "The weather has been fine all day."


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[SupertonicTTS]:
    engine = SupertonicTTS(SupertonicConfig(speed=1.0))
    await engine.run(engine.import_packages)
    with supertonic_hub():
        await engine.load(WeightStore(tmp_path / "models"))
    yield engine
    await engine.close()


async def test_it_says_what_the_package_makes_of_a_text(voice: SupertonicTTS) -> None:
    pcm = await voice.in_turn(TEXT)
    assert voice.sample_rate == RATE
    written = len(f"<na>{TEXT}</na>")
    assert abs(len(pcm) / RATE - written * CHARACTER_S) < 0.01
    english = voice.with_config(SupertonicConfig(speed=2.0, language="en", voice="M5", steps=1))
    assert abs(len(await english.in_turn(TEXT)) * 2 - len(pcm)) < 0.01 * RATE


async def test_a_long_text_comes_in_parts(voice: SupertonicTTS) -> None:
    assert len([pcm async for pcm in voice.synthesize(f"{TEXT} " * 20)]) > 1


async def test_letters_that_it_does_not_know_are_left_out(voice: SupertonicTTS) -> None:
    assert len(await voice.in_turn("你好")) == 0
    heard = await voice.in_turn("Hi 你.")
    assert 0 < len(heard) < 1.5 * RATE


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"voice": "F9"}, r"tts_config\.supertonic_tts\.voice"),
        ({"voice": "mine.json"}, r"tts_config\.supertonic_tts\.voice"),
        ({"language": "xx"}, r"tts_config\.supertonic_tts\.language"),
    ],
)
async def test_a_voice_or_a_language_that_there_is_not_is_told(
    voice: SupertonicTTS, keys: dict[str, str], told: str
) -> None:
    with pytest.raises(EngineError, match=told):
        await voice.with_config(SupertonicConfig.model_validate(keys)).in_turn(TEXT)


async def test_a_voice_of_ones_own_is_a_file(voice: SupertonicTTS, tmp_path: Path) -> None:
    own = tmp_path / "mine.json"
    own.write_bytes((tmp_path / "models" / "supertonic-3-voices" / "F2.json").read_bytes())
    assert len(await voice.with_config(SupertonicConfig(voice="mine.json")).in_turn(TEXT))


async def test_it_is_fetched_once(tmp_path: Path) -> None:
    for offline in (False, True):
        engine = SupertonicTTS(SupertonicConfig())
        with supertonic_hub() as hub:
            await engine.load(WeightStore(tmp_path / "models", offline=offline))
            assert bool(hub.gets) is not offline
        await engine.close()
