"""whisper.cpp, and OpenAI's package: which file is taken, and what is told where there is none."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import soundfile

from open_llm_vtuber.engines.asr.openai_whisper import OpenAIWhisper, WhisperConfig
from open_llm_vtuber.engines.asr.whisper_cpp import CATALOGUED, WhisperCpp, WhisperCppConfig
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.weights.catalogue import (
    Catalogue,
    Entry,
    HubSource,
    WeightFile,
    packaged_catalogue,
)
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

from .ggml import write_ggml

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def ggml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ggml") / "ggml-mine.bin"
    write_ggml(await WeightStore(PROJECT / "models").weights("whisper-base"), file)
    return file


async def loaded(store: WeightStore, **keys: Any) -> WhisperCpp:
    engine = WhisperCpp(WhisperCppConfig.model_validate({"num_threads": 1, **keys}))
    await engine.run(engine.import_packages)
    await engine.load(store)
    return engine


def test_each_size_is_in_the_catalogue() -> None:
    for size in CATALOGUED:
        (entry,) = packaged_catalogue().alternatives(f"whisper-cpp-{size}")
        assert [file.name for file in entry.files] == [f"ggml-{size}.bin"]


async def test_a_file_of_ones_own_is_taken_and_the_language_is_found(
    ggml: Path, tmp_path: Path, speech: Path
) -> None:
    folder = tmp_path / "models" / "whisper"
    folder.mkdir(parents=True)
    (folder / "ggml-mine.bin").symlink_to(ggml)
    store = WeightStore(tmp_path / "models", offline=True)
    engine = await loaded(store, model_name="mine", language="", prompt="")
    assert engine.config.language == "auto"
    chinese, _ = soundfile.read(speech / "zh_pangram.wav", dtype="float32")
    assert "天地" in await engine.in_turn(chinese)
    english, _ = soundfile.read(speech / "human_goforward.wav", dtype="float32")
    assert "forward" in (await engine.in_turn(english)).lower()
    await engine.close()


async def test_a_size_is_that_of_the_catalogue(ggml: Path, tmp_path: Path) -> None:
    place = tmp_path / "models" / "whisper-cpp-base" / "ggml-base.bin"
    place.parent.mkdir(parents=True)
    place.symlink_to(ggml)
    data = ggml.read_bytes()
    file = WeightFile(name=place.name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    source = HubSource(repository="somebody/small")
    entry = Entry(name="whisper-cpp-base", licence="MIT", files=(file,), sources=(source,))
    store = WeightStore(tmp_path / "models", catalogue=Catalogue(entries=(entry,)), offline=True)
    engine = await loaded(store, model_name="base")
    assert (place.parent / ".verified.json").is_file()
    await engine.close()


async def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    store = WeightStore(tmp_path / "models", offline=True)
    with pytest.raises(EngineError, match=r"no model 'gigantic'.*large-v3-turbo"):
        await loaded(store, model_name="gigantic")
    with pytest.raises(EngineError, match=r"ggml-tiny\.bin"):
        await loaded(store, model_name="tiny")


async def test_a_file_that_is_no_model_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "wrong.bin").write_bytes(b"<html>404</html>" * 100)
    with pytest.raises(EngineError, match=r"wrong\.bin cannot be opened"):
        await loaded(WeightStore(tmp_path / "models"), model_name="wrong.bin")


async def test_a_model_that_is_damaged_ends_nothing_and_the_librarys_reason_is_told(
    tmp_path: Path,
) -> None:
    (tmp_path / "wrong.bin").write_bytes(b"lmgg" + b"\xff" * 4000)  # it aborts over this one
    with pytest.raises(EngineError, match=r"cannot be opened: GGML_ASSERT.* failed"):
        await loaded(WeightStore(tmp_path / "models"), model_name="wrong.bin")


async def test_openais_package_is_asked_for_by_name() -> None:
    engine = OpenAIWhisper(WhisperConfig())
    with pytest.raises(EngineError, match="uv pip install openai-whisper"):
        await engine.run(engine.import_packages)
    await engine.close()
