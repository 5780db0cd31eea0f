"""sherpa-onnx with a real voice: understood, its keys at work, and wrong files told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.tts.sherpa_onnx_tts import SherpaOnnxTTS, SherpaOnnxTTSConfig
from open_llm_vtuber.weights.store import WeightStore
from tests.support.words import letter_error_rate

from .ears import Ears
from .sherpa_voice import sherpa_voice

pytestmark = pytest.mark.anyio

TEXT = "The weather has been fine all day."


async def test_what_it_says_is_understood_and_as_fast_as_asked(ears: Ears, tmp_path: Path) -> None:
    keys = await sherpa_voice(tmp_path, TEXT)
    stock = {"vits_data_dir": None, "vits_dict_dir": "", "tts_rule_fsts": None, "sid": 1}
    engine = SherpaOnnxTTS(SherpaOnnxTTSConfig.model_validate({**keys, **stock}))
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(tmp_path))
    pcm = await engine.in_turn(TEXT)
    heard = await asyncio.to_thread(ears.heard, pcm, engine.sample_rate, "en")
    assert letter_error_rate(TEXT, heard) <= 0.15, heard
    fast = engine.with_config(SherpaOnnxTTSConfig.model_validate({**keys, "speed": "2.0"}))
    assert 0.4 < len(await fast.in_turn(TEXT)) / len(pcm) < 0.85
    await engine.close()
    del keys["vits_lexicon"]  # with the data of espeak-ng in its place, as voices of Piper have it
    silent = await told(tmp_path, **keys, vits_data_dir=str(tmp_path))
    assert "makes no sound" in silent
    assert "piper_tts" in silent


async def told(folder: Path, **keys: str) -> str:
    engine = SherpaOnnxTTS(SherpaOnnxTTSConfig.model_validate(keys))
    try:
        with pytest.raises(EngineError) as error:
            await engine.load(WeightStore(folder))
    finally:
        await engine.close()
    return str(error.value)


async def test_files_that_are_missing_or_wrong_are_told(tmp_path: Path) -> None:
    assert "set tts_config.sherpa_onnx_tts.vits_model" in await told(tmp_path)
    model = tmp_path / "v.onnx"
    keys = {"vits_model": str(model)}
    assert f"there is no {model} (tts_config.sherpa_onnx_tts.vits_model)" in await told(
        tmp_path, **keys
    )
    model.write_bytes(b"no model")
    assert "tokens.txt (tts_config.sherpa_onnx_tts.vits_tokens)" in await told(tmp_path, **keys)
    (tmp_path / "tokens.txt").write_text("a 1\n")
    fst = tmp_path / "number.fst"
    assert f"there is no {fst} " in await told(tmp_path, **keys, tts_rule_fsts=f"{model}, {fst}")
    assert f"{model} cannot be opened with the files" in await told(tmp_path, **keys)
    crashing = await sherpa_voice(tmp_path, TEXT, kind="ljspeech")
    assert "joe.onnx cannot be opened with the files" in await told(tmp_path, **crashing)
