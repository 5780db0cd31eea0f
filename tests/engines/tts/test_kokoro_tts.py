"""Kokoro: its phonemes in three languages, and that they are understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.tts import kokoro_phonemes
from open_llm_vtuber.engines.tts.kokoro_tts import (
    MAX_PHONEMES,
    NAMES,
    KokoroConfig,
    KokoroTTS,
    phrases,
)
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT
from tests.support.words import letter_error_rate

from .ears import Ears

pytestmark = pytest.mark.anyio

SPOKEN = {
    "zf_xiaoxiao": ("zh", "你好，很高兴认识你。"),
    "jf_alpha": ("ja", "今日はいい天気ですね。"),
    "bf_emma": ("en", "It is a fine day."),
}


@pytest.fixture(scope="module")
async def kokoro() -> AsyncIterator[KokoroTTS]:
    engine = KokoroTTS(KokoroConfig())
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    yield engine
    await engine.close()


@pytest.mark.parametrize("voice", SPOKEN)
async def test_what_it_says_is_understood(kokoro: KokoroTTS, ears: Ears, voice: str) -> None:
    language, text = SPOKEN[voice]
    view = kokoro.with_config(KokoroConfig(voice=voice))
    assert view.speaks(text)
    pcm = await view.in_turn(text)
    heard = await asyncio.to_thread(ears.heard, pcm, view.sample_rate, language)
    assert letter_error_rate(text, heard) <= 0.15, heard


async def test_a_sentence_comes_clause_by_clause_and_faster_if_asked(kokoro: KokoroTTS) -> None:
    text = "It was a long day for me, and I am glad to be home."
    chunks = [chunk async for chunk in kokoro.synthesize(text)]
    assert len(chunks) == 2
    fast = kokoro.with_config(KokoroConfig(speed=2.0))
    assert len(await fast.in_turn(text)) < 0.7 * sum(map(len, chunks))


async def test_its_voices_are_those_it_can_read_for(kokoro: KokoroTTS) -> None:
    voices = {one.id: one for one in await kokoro.voices()}
    assert set(voices) == {name for name in NAMES if name[0] in "abzj"}
    assert voices["zf_xiaoxiao"].languages == ("zh-CN",)
    assert voices["bm_fable"].gender == "male"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"voice": "af_hart"}, r"no voice 'af_hart' \(tts_config.kokoro_tts.voice\): af_alloy"),
        ({"voice": "ff_siwis"}, "cannot read the language of ff_siwis aloud"),
        ({"language": "fr"}, r"does not know 'fr' \(tts_config.kokoro_tts.language\)"),
    ],
)
def test_a_wrong_key_is_told_before_the_first_word(keys: dict[str, str], told: str) -> None:
    engine = KokoroTTS(KokoroConfig.model_validate(keys))
    with pytest.raises(EngineError, match=told):
        engine.import_packages()


async def test_a_model_that_is_not_there_or_none_is_told(tmp_path: Path) -> None:
    store = WeightStore(PROJECT / "models")
    path = tmp_path / "kokoro.onnx"
    for told in ("there is no file .*kokoro.onnx .*model_path", "kokoro.onnx cannot be opened"):
        engine = KokoroTTS(KokoroConfig(model_path=str(path)))
        with pytest.raises(EngineError, match=told):
            await engine.load(store)
        await engine.close()
        path.write_bytes(b"no model")
    engine = KokoroTTS(KokoroConfig(model_path=str(PROJECT / "models/silero-vad-16k" / SILERO)))
    with pytest.raises(EngineError, match="is no export of Kokoro"):
        await engine.load(store)
    await engine.close()


SILERO = "silero_vad_16k_op15.onnx"


def test_the_language_is_that_of_the_key_or_of_the_voice() -> None:
    assert not KokoroTTS(KokoroConfig()).speaks("你好")
    assert KokoroTTS(KokoroConfig(language="zh")).speaks("你好, Anna")
    assert KokoroTTS(KokoroConfig(voice="jf_alpha")).speaks("こんにちは、元気？")
    assert not KokoroTTS(KokoroConfig(voice="jf_alpha")).speaks("안녕")


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("你好！", "ni↗xau↓!"),
        ("一个不对", "i↗kɤ↘ pu↗twei↘"),
        ("3.5元", "sa→ntjɛ↓n u↓ɥɛ↗n"),
        ("版本1.2.3", "pa↗npə↓n i↘tjɛ↓n ɚ↘. sa→n"),
        ("女儿去玩儿", "ny↓ɚ↗ ʨʰy↘ wa↗nɚ↗"),
        ("吃四日", "ꭧʰɨ→ sɨ↘ɻɨ↘"),
        ("我用Python。", "wo↓jʊ↘ŋ pˈIθˌɑn."),
        ("𠮷 🙂 ㌍", ""),
    ],
)
def test_chinese_is_read(text: str, phonemes: str) -> None:
    assert kokoro_phonemes.phonemizer("z")(text) == phonemes


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("こんにちは。", "koɲɲiʨiβa."),
        ("東京へ行きましょう！", "toːkʲoːe ikʲimaɕoː!"),
        ("ちょっと待って", "ʨoʔto maʔte"),
        ("新聞、3本", "ɕimbɯɴ, samboɴ"),
        ("Hello", "haɾoː"),
        ("🙂", ""),
    ],
)
def test_japanese_is_read(text: str, phonemes: str) -> None:
    assert kokoro_phonemes.phonemizer("j")(text) == phonemes


@pytest.mark.parametrize(
    ("kana", "phonemes"),
    [
        ("キャビュフュ", "kʲabʲɨɸʲɨ"),
        ("ティディトゥファヴァ", "tʲidʲitɯɸava"),
        ("シェジェチェ", "ɕeʥeʨe"),
        ("クァウィア", "kᵝaβia"),
        ("ンガンナ", "ŋɡanna"),
        ("ァッヂヅ", "aʔʥizɨ"),
    ],
)
def test_kana_have_their_sound(kana: str, phonemes: str) -> None:
    assert kokoro_phonemes.moras(kana) == phonemes


def test_phrases_are_neither_short_nor_too_long() -> None:
    assert list(phrases("ab, cd. " + "e" * 30 + "! fg")) == ["ab, cd. " + "e" * 30 + "! ", "fg"]
    words = "word " * 500
    parts = list(phrases(words))
    assert "".join(parts) == words
    assert all(0 < len(part) <= MAX_PHONEMES for part in parts)
    assert all(part.endswith(" ") for part in parts)
    assert [len(part) for part in phrases("x" * 1100)] == [509, 509, 82]
    assert np.sum([len(part) for part in phrases("a, " * 400)]) == 1200
