"""What every ASR engine keeps to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.asr.base import AnyASR, ASREngine
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.weights.store import WeightStore
from tests.engines import contract
from tests.support.live import PROJECT

from .ggml import write_ggml
from .moonshine_files import moonshine_keys
from .vendor_server import Vendor, keys_of, vendor_server

Keys = dict[str, dict[str, Any]]
"""The sections of engines by name."""

pytestmark = pytest.mark.anyio

LOCAL = ("moonshine_asr", "faster_whisper", "sherpa_onnx_asr", "whisper_cpp")
SERVICES = ("openai_asr", "groq_whisper_asr", "azure_asr", "deepgram_asr")
NAMES = (*LOCAL, *SERVICES)
SAME = {"fun_asr", "parakeet_asr"}
"""What sherpa_onnx_asr is, with a model that no registry has: test_sherpa_onnx.py."""
ABSENT = {"whisper"}
"""What is not installed here, for its size."""
WHISPER = {"language": "en"}


@pytest.fixture(scope="module")
async def vendor() -> AsyncIterator[Vendor]:
    async with vendor_server() as server:
        yield server


@pytest.fixture(scope="module")
async def keys(tmp_path_factory: pytest.TempPathFactory, vendor: Vendor) -> Keys:
    """The keys of the engines that cannot be without."""
    sherpa = await moonshine_keys(tmp_path_factory.mktemp("sherpa"))
    ggml = tmp_path_factory.mktemp("ggml") / "base.bin"
    write_ggml(await WeightStore(PROJECT / "models").weights("whisper-base"), ggml)
    whisper = {"model_name": str(ggml), "num_threads": 1, **WHISPER}
    return {"sherpa_onnx_asr": sherpa, "whisper_cpp": whisper, **keys_of(vendor.url)}


async def loaded(name: str, keys: Keys) -> AnyASR:
    engine_class = find("asr", name)
    engine = engine_class(engine_class.Config.model_validate(keys.get(name, {})))
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(PROJECT / "models"))
    assert isinstance(engine, ASREngine)
    return engine


@pytest.fixture(scope="module", params=NAMES)
async def asr(request: pytest.FixtureRequest, keys: Keys) -> AsyncIterator[AnyASR]:
    engine = await loaded(request.param, keys)
    yield engine
    await engine.close()


@pytest.fixture
def busy(asr: AnyASR) -> AnyASR:
    """The same, for many calls whose words do not matter: to Whisper their language is told.

    It would look for it anew in each, which takes as long once more.
    """
    if asr.name != "faster_whisper":
        return asr
    return asr.with_config(asr.config.model_copy(update=WHISPER))


@pytest.fixture
def said(speech: Path) -> Pcm:
    pcm, rate = soundfile.read(speech / "human_goforward.wav", dtype="float32")
    assert rate == MIC_RATE
    sound: Pcm = pcm
    return sound


def test_the_suite_runs_over_every_engine() -> None:
    contract.covers("asr", {*NAMES, *SAME, *ABSENT})


async def test_it_writes_down_what_was_said(asr: AnyASR, said: Pcm) -> None:
    assert "forward" in (await asr.in_turn(said)).lower()


@pytest.mark.parametrize("length", [0, 1, 100, MIC_RATE])
async def test_silence_of_any_length_is_borne(asr: AnyASR, length: int) -> None:
    assert len(await asr.in_turn(np.zeros(length, np.float32))) < 20


async def test_as_much_as_it_says_that_it_bears(asr: AnyASR, said: Pcm) -> None:
    samples = int((asr.max_segment_s or 30.0) * MIC_RATE)
    text = await asr.in_turn(np.resize(said, samples))
    assert "forward" in text.lower()


async def test_a_cancelled_segment_leaves_nothing(
    busy: AnyASR, said: Pcm, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "pace_s", 0.2)
    await contract.cancelled(
        busy,
        "transcribe",
        lambda: busy.in_turn(said),
        monkeypatch,
        (lambda: vendor.answering) if busy.name in SERVICES else None,
    )


@pytest.mark.parametrize("name", NAMES)
async def test_it_can_be_closed_while_it_writes(name: str, keys: Keys, said: Pcm) -> None:
    asr = await loaded(name, {**keys, "faster_whisper": WHISPER})
    await contract.closed_while_busy(asr, lambda: asr.in_turn(said))


async def test_no_more_segments_are_at_work_than_it_takes(
    busy: AnyASR, said: Pcm, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contract.counted(busy, "transcribe", lambda: busy.in_turn(said), monkeypatch)
