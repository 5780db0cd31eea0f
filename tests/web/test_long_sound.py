"""Long recordings and noise through every way in: in parts, and only what somebody says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import ClassVar

import httpx
import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import MIC_RATE, Pcm, wav_bytes
from open_llm_vtuber.engines.asr.base import ASREngine
from open_llm_vtuber.engines.asr.moonshine_asr import MoonshineASR
from open_llm_vtuber.engines.asr.recognition import transcribe_all
from open_llm_vtuber.engines.base import EngineConfig, EngineError, Resources
from tests.conftest import Serve
from tests.support.client import client, of_type, resampled, sound
from tests.support.engines import LoudVAD
from tests.support.live import Live, conf, live
from tests.support.words import word_error_rate
from tests.test_spoken_turns import SENTENCES

pytestmark = pytest.mark.anyio


class SegmentASR(ASREngine[EngineConfig]):
    """Hears how long each segment was; takes ten seconds."""

    name: ClassVar[str] = "segment_asr"
    Config = EngineConfig
    max_segment_s = 10.0

    async def load(self, resources: Resources) -> None:
        return

    async def transcribe(self, pcm: Pcm) -> str:
        return f"{len(pcm) / MIC_RATE:.1f}s"


class CountingASR(SegmentASR):
    """Takes its time, and counts the segments."""

    name: ClassVar[str] = "counting_asr"
    begun: ClassVar[int] = 0

    async def transcribe(self, pcm: Pcm) -> str:
        CountingASR.begun += 1
        await asyncio.sleep(0.2)
        return "Words."


@pytest.fixture(scope="module")
def measuring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    values = conf(asr="tests.web.test_long_sound:SegmentASR")
    with live(tmp_path_factory.mktemp("measuring"), values) as server:
        yield server


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("listening"), conf(tts="hibari_tts")) as server:
        yield server


def asr(server: Live, pcm: Pcm) -> str:
    files = {"file": ("a.wav", wav_bytes(pcm, MIC_RATE))}
    answer = httpx.post(server.url + "/asr", files=files, timeout=300)
    assert answer.status_code == 200, answer.text
    text: str = answer.json()["text"]
    return text


async def spoken(server: Live, pcm: Pcm) -> tuple[str, list[str]]:
    """Record as a documented client does; return what was heard, and the errors."""
    async with client(server.url) as one:
        await one.record(pcm)
        messages = await one.turn(timeout_s=300)
    heard = [m["text"] for m in of_type(messages, "user-input-transcription")]
    assert len(heard) <= 1
    return "".join(heard), [m["message"] for m in of_type(messages, "error")]


def words(speech: Path) -> Pcm:
    names = ("synth_flite_slt.wav", "human_jfk.wav", "synth_espeak_f3.wav")
    parts = [soundfile.read(speech / name, dtype="float32")[0] for name in names]
    return np.concatenate([part for pcm in parts for part in (pcm, np.zeros(8000, np.float32))])


async def test_no_engine_is_given_more_than_it_bears(measuring: Live, speech: Path) -> None:
    pcm = np.tile(words(speech), 4)
    for text in (await asyncio.to_thread(asr, measuring, pcm), (await spoken(measuring, pcm))[0]):
        lengths = [float(part.removesuffix("s")) for part in text.split()]
        assert max(lengths) <= SegmentASR.max_segment_s
        assert len(pcm) * 0.8 <= sum(lengths) * MIC_RATE <= len(pcm) * 1.01
        assert len(lengths) <= len(pcm) / MIC_RATE / SegmentASR.max_segment_s * 2 + 1


async def test_a_minute_of_speech_is_written_down_in_its_own_words(listening: Live) -> None:
    async with client(listening.url) as one:
        messages = await one.say(" ".join(SENTENCES))
    said = np.concatenate([resampled(*sound(m)) for m in of_type(messages, "audio")])
    assert len(said) > 3 * MIC_RATE * MoonshineASR.max_segment_s
    transcript = " ".join(m["display_text"]["text"] for m in of_type(messages, "audio"))
    heard = [await asyncio.to_thread(asr, listening, said), (await spoken(listening, said))[0]]
    assert word_error_rate([transcript] * 2, heard) <= 0.1, heard


def test_nobody_writes_down_what_nobody_waits_for(serve: Serve, speech: Path) -> None:
    server = serve(conf(asr="tests.web.test_long_sound:CountingASR", vad="silero_vad"))
    files = {"file": ("a.wav", wav_bytes(np.tile(words(speech), 10), MIC_RATE))}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(server.url + "/asr", files=files, timeout=httpx.Timeout(60, read=1.0))
    while server.server.decoding.files:
        time.sleep(0.05)
    assert 1 <= CountingASR.begun < 15


@pytest.mark.parametrize(("patience_s", "fails"), [(1.5, False), (0.05, True)])
async def test_the_time_limit_is_that_of_one_segment(patience_s: float, fails: bool) -> None:
    asr = CountingASR(EngineConfig())
    voice = np.full(MIC_RATE, 0.1, np.float32)

    async def said() -> AsyncIterator[Pcm]:
        for _ in range(100):
            yield voice

    work = transcribe_all(asr, LoudVAD(EngineConfig()), said(), patience_s)
    if fails:
        with pytest.raises(EngineError, match="asr_timeout_s"):
            await work
    else:  # ten segments take 2 s
        assert len((await work).split()) >= 10


def pink(rng: np.random.Generator, count: int) -> np.ndarray:
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise: np.ndarray = np.fft.irfft(spectrum, count)
    noise /= np.abs(noise).max()
    return noise


def noises() -> dict[str, np.ndarray]:
    rng, seconds = np.random.default_rng(1), np.arange(2 * MIC_RATE) / MIC_RATE
    keys = np.zeros(len(seconds))
    for at in range(3000, len(keys), 2500):
        keys[at : at + 80] += rng.normal(size=80) * 0.5 * np.exp(-np.arange(80) / 15)
    return {
        "silence": np.zeros(len(seconds)),
        "room": rng.normal(size=len(seconds)) * 0.0012,
        "fan": rng.normal(size=len(seconds)) * 0.01,
        "hum": 0.05 * np.sin(2 * np.pi * 50 * seconds),
        "keys": keys,
        "breath": pink(rng, len(seconds)) * 0.1 * np.clip(np.sin(np.pi * seconds), 0, 1),
        "chord": 0.1 * sum(np.sin(2 * np.pi * f * seconds) for f in (261, 329, 392)),
        "a long roar": pink(rng, 20 * MIC_RATE) * 0.3,
    }


@pytest.mark.parametrize("name", noises())
async def test_noise_is_nothing_said(measuring: Live, name: str) -> None:
    noise = noises()[name].astype(np.float32)
    assert await asyncio.to_thread(asr, measuring, noise) == ""
    heard, errors = await spoken(measuring, noise)
    assert heard == ""
    assert errors == ["No words could be heard in the recording."]
    async with client(measuring.url) as one:
        await one.send("mic-stream-start")
        await one.socket.send((noise * 32767).astype("<i2").tobytes())
        await one.send("mic-stream-stop")
        assert await one.settled() == []


@pytest.mark.parametrize("loss_db", [0, 20, 30])
async def test_quiet_speech_is_speech(measuring: Live, speech: Path, loss_db: int) -> None:
    for file in sorted(speech.glob("*.wav")):
        pcm = soundfile.read(file, dtype="float32")[0] * np.float32(10 ** (-loss_db / 20))
        assert await asyncio.to_thread(asr, measuring, pcm), file.name


async def test_without_a_vad_long_sound_is_cut_by_its_loudness(
    tmp_path: Path, speech: Path
) -> None:
    values = conf(asr="tests.web.test_long_sound:SegmentASR", vad="tests.web.failing:FailingVAD")
    pcm = np.tile(words(speech), 2)
    with live(tmp_path, values) as server:
        lengths = asr(server, pcm).split()
        assert asr(server, np.zeros(MIC_RATE, np.float32)) == ""
    assert len(lengths) > 2
    assert max(float(length.removesuffix("s")) for length in lengths) <= SegmentASR.max_segment_s
