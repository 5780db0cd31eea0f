"""The voices that are services: what they ask, what is heard of it, what is told of failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import numpy as np
import openai
import pytest
import yaml
from pydantic import ValidationError

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.config import load_config
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.tts.azure_tts import AzureConfig, AzureTTS
from open_llm_vtuber.engines.tts.base import AnyTTS
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

from .vendor_server import Sound, Vendor, VendorServer, opened, samples, vendor_server
from .vendors import (
    AZURE,
    CARTESIA,
    ELEVENLABS,
    GPT_SOVITS,
    KEY,
    MINIMAX,
    OPENAI,
    PAGES,
    VENDORS,
    X_TTS,
)

pytestmark = pytest.mark.anyio


@pytest.fixture(params=VENDORS, ids=lambda vendor: vendor.engine)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    found: Vendor = request.param
    return found


@pytest.fixture
async def server(vendor: Vendor, long_speech: Pcm) -> AsyncIterator[VendorServer]:
    async with vendor_server(vendor, long_speech) as running:
        yield running


@pytest.fixture
async def tts(server: VendorServer, tmp_path: Path) -> AsyncIterator[AnyTTS]:
    engine = await opened(server, tmp_path)
    yield engine
    await engine.close()


async def test_it_asks_what_is_documented(tts: AnyTTS, server: VendorServer) -> None:
    await tts.in_turn("Hello.")
    (asked,) = server.asked
    wanted = dict(server.vendor.request)
    assert asked.route == wanted["route"]
    assert asked.query == wanted.get("query", {})
    if "json" in wanted:
        assert asked.json == wanted["json"]
    else:
        assert asked.body.decode() == wanted["body"]
    headers = dict(wanted.get("headers", {}))  # type: ignore[call-overload]
    if server.vendor.key:
        headers[server.vendor.key[0]] = server.vendor.key[1]
    assert headers.items() <= asked.headers.items()


async def test_what_is_heard_is_what_was_sent(tts: AnyTTS, server: VendorServer) -> None:
    pcm = await tts.in_turn("Hello.")
    assert abs(len(pcm) / tts.sample_rate - len(server.speech) / 24_000) < 0.15
    loudness = np.sqrt(np.mean(np.square(pcm)))
    assert 0.9 < loudness / np.sqrt(np.mean(np.square(server.speech))) < 1.1


async def test_it_is_heard_before_all_was_sent(tts: AnyTTS, server: VendorServer) -> None:
    server.hold = asyncio.Event()
    async with aclosing(tts.stream_in_turn("Hello.")) as chunks:
        assert len((await anext(chunks)).pcm)
        assert server.answering == 1
        server.hold.set()
        assert [chunk async for chunk in chunks]


@pytest.mark.parametrize("fault", ["key", "limit", "broken"])
async def test_a_refusal_is_told_in_one_line(tts: AnyTTS, server: VendorServer, fault: str) -> None:
    if fault not in server.vendor.refusals:
        pytest.skip("it has no such thing")
    server.fault = fault
    with pytest.raises(EngineError) as told:
        await tts.in_turn("Hello.")
    text = str(told.value)
    assert "\n" not in text
    assert KEY not in text
    codes = {"key": "key-wrong", "limit": "service-busy", "broken": "service-failed"}
    assert told.value.fault.code == codes[fault]
    if fault == "key":
        assert f"tts_config.{tts.name}.{server.vendor.secret}" in text
    server.fault = ""
    assert len(await tts.in_turn("Hello."))


async def test_a_quota_that_is_used_up_is_no_wrong_key(long_speech: Pcm, tmp_path: Path) -> None:
    async with vendor_server(ELEVENLABS, long_speech) as server:
        tts = await opened(server, tmp_path)
        server.fault = "quota"
        with pytest.raises(EngineError, match=r"quota is used up.*You have 5 credits") as told:
            await tts.in_turn("Hello.")
        assert told.value.fault.code == "quota-spent"
        assert "api_key" not in str(told.value)
        await tts.close()


async def test_a_page_is_no_sound(tts: AnyTTS, server: VendorServer) -> None:
    server.fault = "page"
    with pytest.raises(EngineError, match="no sound, but a text"):
        await tts.in_turn("Hello.")


async def test_an_answer_that_breaks_off_is_told(tts: AnyTTS, server: VendorServer) -> None:
    server.fault = "breaks off"
    with pytest.raises(EngineError, match="broke off in the middle"):
        await tts.in_turn("Hello.")


async def test_an_answer_without_sound_is_silence(tts: AnyTTS, server: VendorServer) -> None:
    server.fault = "nothing"
    try:
        assert len(await tts.in_turn("Hello.")) == 0
    except EngineError as told:
        assert "no sound" in str(told)


async def test_a_server_that_is_not_there_is_told_with_its_key(
    server: VendorServer, tmp_path: Path
) -> None:
    server.url = "http://127.0.0.1:9"
    tts = await opened(server, tmp_path)
    with pytest.raises(EngineError, match=rf"are refused.*tts_config\.{tts.name}\.\w+"):
        await tts.in_turn("Hello.")
    await tts.close()


@pytest.mark.parametrize("value", ["", "your key", "azure-api-key"])
async def test_a_key_that_is_missing_is_named_before_the_first_word(
    server: VendorServer, tmp_path: Path, value: str
) -> None:
    engine_class = find("tts", server.vendor.engine)
    for key in getattr(engine_class, "needed", {}):
        with pytest.raises(EngineError, match=rf"tts_config\.{engine_class.name}\.{key}"):
            await opened(server, tmp_path, **{key: value})
    assert server.asked == []


async def test_the_voices_are_those_it_lists(tts: AnyTTS, server: VendorServer) -> None:
    assert tuple(await tts.voices()) == server.vendor.voices
    if server.vendor.lists and "key" in server.vendor.refusals:
        server.fault = "key"
        with pytest.raises(EngineError, match="api_key"):
            await tts.voices()


@pytest.mark.parametrize(
    ("vendor", "route", "page"),
    [
        (CARTESIA, "GET /voices", {"data": [{"id": "one"}]}),
        (
            ELEVENLABS,
            "GET /v2/voices",
            {"voices": [{"voice_id": "one"}], "has_more": True, "next_page_token": "two"},
        ),
    ],
    ids=["cartesia", "elevenlabs"],
)
async def test_a_server_that_knows_no_pages_is_not_asked_again_and_again(
    long_speech: Pcm, tmp_path: Path, vendor: Vendor, route: str, page: object
) -> None:
    async with vendor_server(replace(vendor, lists={route: page}), long_speech) as server:
        tts = await opened(server, tmp_path)
        assert {one.id for one in await tts.voices()} == {"one"}
        assert len(server.asked) == 2
        await tts.close()


@pytest.mark.parametrize("form", [7, [1], {"voices": 5, "data": [{}]}, [{}]], ids=str)
async def test_a_list_of_voices_of_another_form_is_told(
    server: VendorServer, tmp_path: Path, form: object
) -> None:
    lists = dict.fromkeys(server.vendor.lists, form)
    server.vendor = replace(server.vendor, lists=lists)
    tts = await opened(server, tmp_path)
    try:
        assert not [one for one in await tts.voices() if not isinstance(one.id, str)]
    except EngineError as error:
        assert "a list of voices that cannot be read" in str(error) or "sent what" in str(error)
    await tts.close()


@pytest.mark.parametrize(
    "event", ['{"data": [1]}', '{"data": "x"}', "7", "null"], ids=["list", "text", "7", "null"]
)
async def test_odd_events_of_minimax_are_told(long_speech: Pcm, tmp_path: Path, event: str) -> None:
    def odd(asked: object, pcm: Pcm) -> Sound:
        return Sound("text/event-stream", b"x", lambda _: [f"data: {event}\n\n".encode()])

    route = str(MINIMAX.request["route"])
    async with vendor_server(replace(MINIMAX, speech={route: odd}), long_speech) as server:
        tts = await opened(server, tmp_path)
        with pytest.raises(EngineError, match="sent what cannot be read"):
            await tts.in_turn("Hello.")
        await tts.close()


@pytest.mark.parametrize("form", ["wav", "pcm"])
async def test_a_server_with_the_api_of_openai_sends_what_it_is_asked_for(
    long_speech: Pcm, tmp_path: Path, form: str
) -> None:
    async with vendor_server(OPENAI, long_speech) as server:
        tts = await opened(server, tmp_path, file_extension=form, instructions="Whisper.")
        pcm = await tts.in_turn("Hello.")
        np.testing.assert_allclose(pcm, long_speech, atol=1e-3)
        assert server.asked[0].json["instructions"] == "Whisper."
        await tts.close()


async def test_null_and_nothing_are_the_defaults(long_speech: Pcm, tmp_path: Path) -> None:
    async with vendor_server(replace(OPENAI, key=None), long_speech) as server:
        nothing = {"model": None, "voice": "", "api_key": None}
        address = f"{server.url.removeprefix('http://')}/v1/audio/speech"
        tts = await opened(server, tmp_path, base_url=address, **nothing)
        await tts.in_turn("Hello.")
        assert server.asked[0].json["model"] == "kokoro"
        assert "Authorization" not in server.asked[0].headers
        await tts.close()


async def test_a_server_that_lists_no_voices_has_none(long_speech: Pcm, tmp_path: Path) -> None:
    async with vendor_server(replace(OPENAI, lists={}), long_speech) as server:
        tts = await opened(server, tmp_path)
        assert list(await tts.voices()) == []
        await tts.close()


async def test_voices_may_be_listed_as_objects(long_speech: Pcm, tmp_path: Path) -> None:
    rows = {"voices": [{"id": "af", "name": "Default"}, {"name": "only"}]}
    listing = replace(OPENAI, lists={"GET /v1/audio/voices": rows})
    async with vendor_server(listing, long_speech) as server:
        tts = await opened(server, tmp_path)
        assert [(one.id, one.name) for one in await tts.voices()] == [
            ("af", "Default"),
            ("only", "only"),
        ]
        await tts.close()


async def test_samples_are_asked_for_where_the_plan_permits(
    long_speech: Pcm, tmp_path: Path
) -> None:
    route = str(ELEVENLABS.request["route"])
    raw = {route: lambda asked, pcm: Sound("audio/pcm", samples(pcm, 16_000))}
    async with vendor_server(replace(ELEVENLABS, speech=raw), long_speech) as server:
        tts = await opened(server, tmp_path, output_format="pcm_16000", language_code="de")
        pcm = await tts.in_turn("Hello.")
        assert tts.sample_rate == 16_000
        assert len(pcm) == len(long_speech) * 2 // 3
        assert server.asked[0].query == {"output_format": "pcm_16000"}
        assert server.asked[0].json["language_code"] == "de"
        await tts.close()


@pytest.mark.parametrize(
    ("pitch", "rate", "prosody"),
    [
        ("26", "1", 'pitch="+26%" rate="1"'),
        (26, 1.2, 'pitch="+26%" rate="1.2"'),
        ("-5", "+20%", 'pitch="-5%" rate="+20%"'),
        ("+50Hz", "slow", 'pitch="+50Hz" rate="slow"'),
    ],
)
async def test_what_is_said_in_ssml_is_text(
    long_speech: Pcm, tmp_path: Path, pitch: object, rate: object, prosody: str
) -> None:
    async with vendor_server(AZURE, long_speech) as server:
        tts = await opened(server, tmp_path, pitch=pitch, rate=rate)
        await tts.in_turn('1 < 2 & "3"\u0000 </voice>')
        ssml = server.asked[0].body.decode()
        assert f'<prosody {prosody}>1 &lt; 2 &amp; "3"  &lt;/voice&gt;</prosody>' in ssml
        await tts.close()


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("westus", "westus.tts.speech.microsoft.com"),
        ("chinanorth2", "chinanorth2.tts.speech.azure.cn"),
    ],
)
async def test_a_region_is_an_address(tmp_path: Path, region: str, host: str) -> None:
    tts = AzureTTS(AzureConfig(api_key=KEY, region=region))
    with pytest.raises(EngineError, match=host):
        await _unreachable(tts, tmp_path)


async def _unreachable(tts: AnyTTS, folder: Path) -> None:
    await tts.load(WeightStore(folder))
    try:
        await tts.in_turn("Hello.")
    finally:
        await tts.close()


async def test_offline_only_a_server_of_ones_own_is_asked(
    server: VendorServer, tmp_path: Path
) -> None:
    engine_class = find("tts", server.vendor.engine)
    store = WeightStore(tmp_path, offline=True)
    near = engine_class(engine_class.Config.model_validate(server.section))
    await near.load(store)
    await near.close()
    server.url = "https://voices.example.com"
    far = engine_class(engine_class.Config.model_validate(server.section))
    with pytest.raises(EngineError, match=f"{far.name} speaks through an online service"):
        await far.load(store)
    await far.close()


async def test_openais_own_package_asks_the_same(long_speech: Pcm, tmp_path: Path) -> None:
    async with vendor_server(OPENAI, long_speech) as server:
        tts = await opened(server, tmp_path)
        await tts.in_turn("Hello.")
        async with openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key=KEY) as official:
            await official.audio.speech.create(
                model="kokoro",
                voice="af_sky+af_bella",
                input="Hello.",
                response_format="mp3",
                speed=1.0,
            )
        await tts.close()
        ours, theirs = server.asked
        assert (ours.route, ours.query, ours.json) == (theirs.route, theirs.query, theirs.json)
        for name in ("Authorization", "Content-Type"):
            assert ours.headers[name] == theirs.headers[name]


async def test_an_account_of_minimax_needs_no_group(long_speech: Pcm, tmp_path: Path) -> None:
    async with vendor_server(MINIMAX, long_speech) as server:
        tts = await opened(server, tmp_path, group_id="")
        assert len(await tts.in_turn("Hello."))
        assert server.asked[0].query == {}
        await tts.close()


async def test_an_account_without_money_is_told(long_speech: Pcm, tmp_path: Path) -> None:
    async with vendor_server(MINIMAX, long_speech) as server:
        tts = await opened(server, tmp_path)
        server.fault = "poor"
        with pytest.raises(EngineError, match=r"insufficient balance \(1008\)"):
            await tts.in_turn("Hello.")
        with pytest.raises(EngineError, match=r"insufficient balance \(1008\)"):
            await tts.voices()
        await tts.close()


@pytest.mark.parametrize("text", ["not JSON", '{"tone": "one"}', "[1]"])
async def test_a_dictionary_that_is_none_is_told_at_the_start(
    long_speech: Pcm, tmp_path: Path, text: str
) -> None:
    async with vendor_server(MINIMAX, long_speech) as server:
        with pytest.raises(ValidationError, match="expected"):
            await opened(server, tmp_path, pronunciation_dict=text)


@pytest.mark.parametrize("vendor", [GPT_SOVITS, X_TTS], ids=lambda vendor: vendor.engine)
async def test_what_a_server_of_ones_own_refuses_is_told(tts: AnyTTS, server: VendorServer) -> None:
    server.fault = "refused"
    with pytest.raises(EngineError, match=r"tts failed|not supported"):
        await tts.in_turn("Hello.")


@pytest.mark.parametrize(
    ("written", "sent"), [("false", False), ("True", True), (True, True), ("3", 3), (2, 2)]
)
async def test_a_mode_may_be_written_as_it_comes(
    long_speech: Pcm, tmp_path: Path, written: object, sent: object
) -> None:
    async with vendor_server(GPT_SOVITS, long_speech) as server:
        tts = await opened(server, tmp_path, streaming_mode=written)
        await tts.in_turn("Hello.")
        assert server.asked[0].json["streaming_mode"] is sent
        await tts.close()


async def test_a_server_of_xtts_streams_where_that_is_wanted(
    long_speech: Pcm, tmp_path: Path
) -> None:
    async with vendor_server(X_TTS, long_speech) as server:
        tts = await opened(server, tmp_path, stream="true")
        await tts.in_turn("Hello & more.")
        assert server.asked[0].route == "GET /tts_stream"
        wanted = {"text": "Hello & more.", "speaker_wav": "female", "language": "en"}
        assert server.asked[0].query == wanted
        await tts.close()


@pytest.mark.parametrize("name", [one.engine for one in (*VENDORS, *PAGES)])
def test_every_key_of_the_documented_section_is_known(tmp_path: Path, name: str) -> None:
    stock = PROJECT / "tests" / "config" / "data" / "full.yaml"
    values = yaml.safe_load(stock.read_text("utf-8"))
    values["character_config"]["tts_config"]["tts_model"] = name
    (tmp_path / "conf.yaml").write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    warnings = load_config(tmp_path / "conf.yaml").warnings
    assert [one for one in warnings if "tts_config" in one] == []
