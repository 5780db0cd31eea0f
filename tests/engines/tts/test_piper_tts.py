"""Piper with a real voice: understood, its keys at work, and what is missing told."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.tts.piper_tts import PiperConfig, PiperTTS
from open_llm_vtuber.weights import Progress
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT
from tests.support.words import letter_error_rate
from tests.weights.hub_server import HubServer

from .ears import Ears

pytestmark = pytest.mark.anyio

JOE = "en_US-joe-medium"
TEXT = "The weather has been fine all day."


@pytest.fixture(scope="module")
async def piper() -> AsyncIterator[PiperTTS]:
    engine = PiperTTS(PiperConfig(model_path=JOE))
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    yield engine
    await engine.close()


async def test_what_it_says_is_understood(piper: PiperTTS, ears: Ears) -> None:
    pcm = await piper.in_turn(TEXT)
    heard = await asyncio.to_thread(ears.heard, pcm, piper.sample_rate, "en")
    assert letter_error_rate(TEXT, heard) <= 0.15, heard
    assert piper.sample_rate == 22_050
    assert piper.speaks("café")
    assert not piper.speaks("你好")
    assert [one.languages for one in await piper.voices()] == [("en-US",)]


async def test_each_sentence_is_a_chunk(piper: PiperTTS) -> None:
    assert len([chunk async for chunk in piper.synthesize(f"{TEXT} {TEXT}")]) == 2


async def test_its_keys_are_those_of_the_character(piper: PiperTTS) -> None:
    def speaking(**keys: object) -> PiperTTS:
        values = {"model_path": JOE, "noise_w": "0", "noise_scale": "0", **keys}
        return piper.with_config(PiperConfig.model_validate(values))

    normal = await speaking().in_turn(TEXT)
    assert np.abs(normal).max() == 1.0
    slow = await speaking(length_scale="1.5").in_turn(TEXT)
    assert 1.3 < len(slow) / len(normal) < 1.7
    assert np.abs(await speaking(volume=0.5).in_turn(TEXT)).max() == 0.5
    assert np.abs(await speaking(normalize_audio=False).in_turn(TEXT)).max() < 1.0
    with pytest.raises(EngineError, match=r"has 1 speakers, the first is 0 .*speaker_id"):
        await speaking(speaker_id=1).in_turn(TEXT)


async def test_a_voice_is_a_path_or_a_name_in_the_folder(tmp_path: Path) -> None:
    kept = await WeightStore(PROJECT / "models").weights(f"piper-{JOE}")
    (tmp_path / "piper").mkdir()
    for suffix in (".onnx", ".onnx.json"):
        shutil.copy(kept / f"{JOE}{suffix}", tmp_path / "piper" / f"mine{suffix}")
    for given in ("mine", str(tmp_path / "piper" / "mine.onnx")):
        engine = PiperTTS(PiperConfig(model_path=given))
        await engine.load(WeightStore(tmp_path, offline=True))
        assert (await engine.in_turn("Yes.")).any()
        await engine.close()


async def told(config: PiperConfig, folder: Path) -> str:
    engine = PiperTTS(config)
    try:
        with pytest.raises(EngineError) as error:
            await engine.load(WeightStore(folder, offline=True))
    finally:
        await engine.close()
    return str(error.value)


async def test_what_is_missing_or_no_voice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "v.onnx"
    missing = await told(PiperConfig(model_path=str(path)), tmp_path)
    assert f"there is no file {path}" in missing
    assert "rhasspy/piper-voices" in missing
    path.write_bytes(b"no model")
    assert f"there is no file {path}.json" in await told(
        PiperConfig(model_path=str(path)), tmp_path
    )
    (tmp_path / "v.onnx.json").write_text("{}")
    assert "no voice of Piper" in await told(PiperConfig(model_path=str(path)), tmp_path)
    stock = PiperConfig()
    assert "zh_CN-huayan-medium.onnx" in await told(stock, tmp_path)
    cuda = PiperConfig(model_path=str(path), use_cuda=True)
    assert "use_cuda" in await told(cuda, tmp_path)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (["a list"], "list"),
        ({"language": "en"}, "str"),
        ({"audio": {"sample_rate": 0}}, "its sample_rate is 0"),
        ({"audio": {"sample_rate": "much"}}, "much"),
        ({"espeak": {"voice": "zz-none"}}, "zz-none"),
        ({"num_speakers": 50}, "sid"),
        ({"phoneme_id_map": {"1": [99999]}, "phoneme_type": "text"}, ""),
    ],
    ids=str,
)
async def test_a_description_of_another_voice_is_told(
    tmp_path: Path, changes: object, why: str
) -> None:
    kept = await WeightStore(PROJECT / "models").weights(f"piper-{JOE}")
    (tmp_path / "v.onnx").symlink_to(kept / f"{JOE}.onnx")
    described = json.loads((kept / f"{JOE}.onnx.json").read_text("utf-8"))
    said = {**described, **changes} if isinstance(changes, dict) else changes
    (tmp_path / "v.onnx.json").write_text(json.dumps(said), "utf-8")
    text = await told(PiperConfig(model_path=str(tmp_path / "v.onnx")), tmp_path)
    assert "no voice of Piper, or damaged" in text
    assert why in text


async def test_another_model_is_told(tmp_path: Path) -> None:
    kept = await WeightStore(PROJECT / "models").weights(f"piper-{JOE}")
    other = await WeightStore(PROJECT / "models").weights("silero-vad-16k")
    (tmp_path / "v.onnx").symlink_to(next(other.glob("*.onnx")))
    shutil.copy(kept / f"{JOE}.onnx.json", tmp_path / "v.onnx.json")
    text = await told(PiperConfig(model_path=str(tmp_path / "v.onnx")), tmp_path)
    assert "no voice of Piper" in text


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HubServer]:
    """A hub that has a voice under the name of another."""
    kept = await WeightStore(PROJECT / "models").weights(f"piper-{JOE}")
    server = HubServer(
        {
            f"pt_PT-tugão-medium{suffix}": (kept / f"{JOE}{suffix}").read_bytes()
            for suffix in (".onnx", ".onnx.json")
        }
    )
    server.repository, server.folder = "rhasspy/piper-voices", "pt/pt_PT/tugão/medium/"
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    yield server
    server.close()


async def test_any_voice_is_fetched_by_its_name(hub: HubServer, tmp_path: Path) -> None:
    reports: list[Progress] = []
    engine = PiperTTS(PiperConfig(model_path="pt_PT-tugão-medium"))
    await engine.load(WeightStore(tmp_path / "models", report=reports.append))
    assert (await engine.in_turn("Yes.")).any()
    assert reports[-1].total_bytes > 60_000_000
    await engine.close()
    asked = len(hub.gets)
    # As the stock file names voices: where they would be, had they been fetched by hand.
    again = PiperTTS(PiperConfig(model_path="models/piper/pt_PT-tugão-medium.onnx"))
    await again.load(WeightStore(tmp_path / "models"))
    await again.close()
    assert len(hub.gets) == asked


async def test_a_voice_that_there_is_not_is_told(hub: HubServer, tmp_path: Path) -> None:
    engine = PiperTTS(PiperConfig(model_path="de_DE-nobody-medium"))
    with pytest.raises(EngineError, match=r"piper-de_DE-nobody-medium .*cannot be fetched") as told:
        await engine.load(WeightStore(tmp_path / "models"))
    assert "404" in str(told.value)
    await engine.close()
