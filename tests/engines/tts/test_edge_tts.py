"""edge_tts without its service: the sound it sends is decoded, and its absence is explained."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pydantic import ValidationError

from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.tts.base import VoiceInfo
from open_llm_vtuber.engines.tts.edge_tts import EdgeConfig, EdgeTTS
from open_llm_vtuber.engines.tts.speech import Speech, Word
from open_llm_vtuber.weights.store import WeightStore

from .edge_server import EdgeService

pytestmark = pytest.mark.anyio


async def drained(chunks: AsyncGenerator[Speech, None]) -> None:
    async for _ in chunks:
        pass


def mp3(rate: int) -> bytes:
    samples = np.sin(np.arange(rate) * 2 * np.pi * 220 / rate) * 0.3
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="MP3")
    return file.getvalue()


async def test_the_mp3_of_the_service_becomes_samples(edge: EdgeService) -> None:
    engine = EdgeTTS(EdgeConfig(proxy=edge.proxy))
    edge.sound = mp3(24_000)
    pcm = await engine.in_turn("Hello.")
    assert pcm.dtype == np.float32
    assert 0.9 < len(pcm) / engine.sample_rate < 1.2
    assert 0.25 < np.abs(pcm).max() < 0.35


async def test_sound_of_another_rate_is_resampled(edge: EdgeService) -> None:
    engine = EdgeTTS(EdgeConfig(proxy=edge.proxy))
    edge.sound = mp3(16_000)
    pcm = await engine.in_turn("Hello.")
    assert 0.9 < len(pcm) / engine.sample_rate < 1.2


async def test_sound_that_is_none_is_told_without_the_words_of_a_library(
    edge: EdgeService,
) -> None:
    edge.sound = b"ID3 and nothing more" * 100
    with pytest.raises(EngineError, match="what was sent is no sound"):
        await anext(EdgeTTS(EdgeConfig(proxy=edge.proxy)).synthesize("Hello."))


async def test_offline_it_loads_and_says_why_it_is_silent(tmp_path: Path) -> None:
    engine = EdgeTTS(EdgeConfig())
    await engine.load(WeightStore(tmp_path, offline=True))
    with pytest.raises(EngineError, match="--offline"):
        await anext(engine.synthesize("Hello."))


async def test_the_service_speaks_in_many_pieces(edge: EdgeService) -> None:
    engine = EdgeTTS(EdgeConfig(voice="zh-CN-XiaoyiNeural", proxy=edge.proxy))
    pcm = await engine.in_turn("你好 & <你>。")
    assert 2.5 < len(pcm) / engine.sample_rate < 6
    (request,) = edge.requests
    assert "XiaoyiNeural" in request
    assert "你好 &amp; &lt;你&gt;。" in request


@pytest.mark.parametrize("fault", ["refused", "closed", "silent", "garbled"])
async def test_what_goes_wrong_is_told(edge: EdgeService, fault: str) -> None:
    edge.fault = fault
    engine = EdgeTTS(EdgeConfig(proxy=edge.proxy))
    with pytest.raises(EngineError, match="online voice did not answer") as told:
        await anext(engine.synthesize("Hello."))
    assert "Error" not in str(told.value)  # the names of a library's errors tell a person nothing


async def test_it_is_heard_before_the_service_has_sent_all(edge: EdgeService) -> None:
    edge.pieces = 3
    async with aclosing(EdgeTTS(EdgeConfig(proxy=edge.proxy)).synthesize("Hello.")) as chunks:
        assert len((await anext(chunks)).pcm)
        assert edge.answering  # it waits with the rest
        edge.goes_on.set()
        assert len([chunk async for chunk in chunks]) > 3


async def test_pitch_rate_and_volume_are_what_it_is_asked_for(edge: EdgeService) -> None:
    config = EdgeConfig(proxy=edge.proxy, pitch="+12Hz", rate="-10%", volume="+5%")
    assert [chunk async for chunk in EdgeTTS(config).synthesize("Hello.")]
    assert "<prosody pitch='+12Hz' rate='-10%' volume='+5%'>" in edge.requests[0]


@pytest.mark.parametrize(
    ("key", "value"), [("pitch", "+12%"), ("pitch", "12Hz"), ("rate", "fast"), ("volume", "5")]
)
def test_what_the_service_would_not_take_is_told_at_the_start(key: str, value: str) -> None:
    with pytest.raises(ValidationError, match=key):
        EdgeConfig.model_validate({key: value})


async def test_it_lists_the_voices_of_the_service(edge: EdgeService) -> None:
    voices = await EdgeTTS(EdgeConfig(proxy=edge.proxy)).voices()
    assert voices[1] == VoiceInfo(
        "zh-CN-XiaoyiNeural",
        "Microsoft Xiaoyi Online (Natural) - Chinese (Mainland)",
        ("zh-CN",),
        "female",
    )
    edge.fault = "refused"
    with pytest.raises(EngineError, match=r"did not answer.*\(status 403\)"):
        await EdgeTTS(EdgeConfig(proxy=edge.proxy)).voices()


async def test_a_sentence_that_is_broken_off_is_told(edge: EdgeService) -> None:
    edge.fault = "broken"
    chunks = EdgeTTS(EdgeConfig(proxy=edge.proxy)).synthesize("Hello.")
    assert len((await anext(chunks)).pcm)
    with pytest.raises(EngineError, match="broke off in the middle") as told:
        await drained(chunks)
    assert told.value.fault.code == "service-failed"


async def test_a_long_text_is_whole_although_it_is_asked_for_in_parts(edge: EdgeService) -> None:
    engine = EdgeTTS(EdgeConfig(proxy=edge.proxy))
    assert [pcm async for pcm in engine.synthesize("Hello there. " * 500)]
    assert len(edge.requests) > 1


async def test_its_words_come_with_the_sound_they_begin_in(edge: EdgeService) -> None:
    edge.words = [(5, "Hello", 0.1, 0.3), (5, "there", 0.45, 0.25), (30, "friend", 1.2, 0.5)]
    engine = EdgeTTS(EdgeConfig(proxy=edge.proxy))
    parts = [part async for part in engine.synthesize("Hello there, friend.")]
    assert [[word.text for word in part.words] for part in parts if part.words] == [
        ["Hello", "there"],
        ["friend"],
    ]
    first = next(index for index, part in enumerate(parts) if part.words)
    assert sum(len(part.pcm) for part in parts[:first]) < 0.9 * engine.sample_rate
    assert (await engine.whole_in_turn("Hello there, friend.")).words == (
        Word("Hello", 0.1, 0.4),
        Word("there", 0.45, 0.7),
        Word("friend", 1.2, 1.7),
    )


async def test_the_words_of_a_long_text_go_on_where_its_parts_begin(edge: EdgeService) -> None:
    edge.words = [(0, "Hello", 0.1, 0.3)]
    engine = EdgeTTS(EdgeConfig(proxy=edge.proxy))
    # The service sends 48 kbit/s, by which the package knows how long a part is.
    edge.sound = mp3(24_000)
    words = (await engine.whole_in_turn("Hello there. " * 500)).words
    assert len(words) == len(edge.requests) > 1
    starts = [word.start_s for word in words]
    assert np.allclose(np.diff(starts), len(edge.sound) * 8 / 48_000, atol=0.001)
