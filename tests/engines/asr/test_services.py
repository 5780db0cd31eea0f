"""The services: what they are asked, what is made of what they answer, and what is told of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.utils import accept_key

from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.engines.asr.base import AnyASR, ASREngine
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.registry import find
from open_llm_vtuber.engines.web_socket import CLOSE_S
from open_llm_vtuber.weights.store import WeightStore
from tests.engines.http_server import listening
from tests.support.waiting import until

from .vendor_server import HEARD, KEY, Vendor, keys_of, vendor_server

pytestmark = pytest.mark.anyio

NAMES = ("openai_asr", "groq_whisper_asr", "azure_asr", "deepgram_asr")
NO_KEYS = {
    "openai_asr": "",
    "groq_whisper_asr": "",
    "azure_asr": "azure_api_key",
    "deepgram_asr": "your key",
}


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with vendor_server() as server:
        yield server


async def loaded(name: str, folder: Path, **keys: Any) -> AnyASR:
    engine_class = find("asr", name)
    engine = engine_class(engine_class.Config.model_validate(keys))
    await engine.run(engine.import_packages)
    await engine.load(WeightStore(folder))
    assert isinstance(engine, ASREngine)
    return engine


def loud(seconds: float) -> Pcm:
    wave = 0.3 * np.sin(np.arange(int(seconds * MIC_RATE)) / 10)
    return wave.astype(np.float32)


async def pieces(pcm: Pcm, size: int = 1600) -> AsyncGenerator[Pcm, None]:
    for start in range(0, len(pcm), size):
        yield pcm[start : start + size]
        await asyncio.sleep(0)


@pytest.mark.parametrize("name", NAMES)
async def test_it_is_asked_once_for_what_was_said(
    name: str, vendor: Vendor, tmp_path: Path
) -> None:
    asr = await loaded(name, tmp_path, **keys_of(vendor.url)[name])
    assert asr.repeat_cost is None
    assert await asr.in_turn(loud(1.5)) == HEARD
    assert [asked.seconds for asked in vendor.asked] == [1.5]
    assert KEY in " ".join(vendor.asked[0].headers.values())
    await asr.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("address", "free"), [("https://asr.test", False), ("http://127.0.0.1:9", True)]
)
async def test_only_a_service_of_this_computer_is_sure_to_be_free(
    name: str, address: str, free: bool, tmp_path: Path
) -> None:
    asr = await loaded(name, tmp_path, **keys_of(address)[name])
    assert asr.speculates is free
    await asr.close()


@pytest.mark.parametrize("name", NAMES)
async def test_for_silence_it_is_not_asked(name: str, vendor: Vendor, tmp_path: Path) -> None:
    asr = await loaded(name, tmp_path, **keys_of(vendor.url)[name])
    for length in (0, 100, MIC_RATE):
        assert await asr.in_turn(np.zeros(length, np.float32)) == ""
    assert vendor.asked == []
    await asr.close()


@pytest.mark.parametrize("name", NAMES)
async def test_where_no_key_is_it_is_told_before_the_first_word(name: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=rf"asr_config\.{name}\.api_key in conf.yaml"):
        await loaded(name, tmp_path, api_key=NO_KEYS[name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("status", "told"),
    [(401, "api_key"), (402, "quota is used up"), (429, "no more requests"), (500, "500")],
)
async def test_a_refusal_is_one_line_without_the_key(
    name: str, status: int, told: str, vendor: Vendor, tmp_path: Path
) -> None:
    asr = await loaded(name, tmp_path, **keys_of(vendor.url)[name])
    vendor.status = status
    with pytest.raises(EngineError) as error:
        await asr.in_turn(loud(1.0))
    assert told in str(error.value)
    assert KEY not in str(error.value)
    assert "\n" not in str(error.value)
    await asr.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"text": 5, "combinedPhrases": [{}], "results": 1}']
)
async def test_what_is_no_transcript_is_told(
    name: str, body: bytes, vendor: Vendor, tmp_path: Path
) -> None:
    asr = await loaded(name, tmp_path, **keys_of(vendor.url)[name])
    vendor.body = body
    with pytest.raises(EngineError, match="no transcript"):
        await asr.in_turn(loud(1.0))
    await asr.close()


async def test_the_form_of_openai(vendor: Vendor, tmp_path: Path) -> None:
    url = f"{vendor.url}/v1"
    more = {"model": "whisper-1", "language": "de", "prompt": "Mili.", "temperature": "0.2"}
    asr = await loaded("openai_asr", tmp_path, base_url=url, **more)
    await asr.in_turn(loud(1.0))
    (asked,) = vendor.asked
    assert asked.path == "/v1/audio/transcriptions"
    assert asked.fields == {**more, "response_format": "json"}
    assert "authorization" not in asked.headers  # a server of one's own, without a key
    await asr.close()
    asr = await loaded("openai_asr", tmp_path, base_url=url, api_key=KEY, language="", prompt="")
    await asr.in_turn(loud(1.0))
    asked = vendor.asked[-1]
    assert asked.fields == {"model": "gpt-transcribe", "response_format": "json"}
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    await asr.close()


async def test_the_form_of_groq(vendor: Vendor, tmp_path: Path) -> None:
    keys = keys_of(vendor.url)["groq_whisper_asr"]
    asr = await loaded("groq_whisper_asr", tmp_path, lang="ja", **keys)
    await asr.in_turn(loud(1.0))
    assert vendor.asked[0].fields == {
        "model": "whisper-large-v3-turbo",
        "language": "ja",
        "response_format": "json",
    }
    await asr.close()


async def test_the_form_of_azure(vendor: Vendor, tmp_path: Path) -> None:
    keys = keys_of(vendor.url)["azure_asr"]
    asr = await loaded("azure_asr", tmp_path, **keys)
    await asr.in_turn(loud(1.0))
    asked = vendor.asked[0]
    assert asked.query == {"api-version": "2024-11-15"}
    assert asked.headers["ocp-apim-subscription-key"] == KEY
    assert json.loads(asked.fields["definition"]) == {"locales": ["en-US", "zh-CN"]}
    await asr.close()
    asr = await loaded("azure_asr", tmp_path, languages="ja-JP", **keys)
    await asr.in_turn(loud(1.0))
    assert json.loads(vendor.asked[1].fields["definition"]) == {"locales": ["ja-JP"]}
    await asr.close()


async def deepgram(vendor: Vendor, folder: Path, **more: Any) -> AnyASR:
    return await loaded("deepgram_asr", folder, **keys_of(vendor.url)["deepgram_asr"], **more)


async def test_deepgram_follows_who_speaks(vendor: Vendor, tmp_path: Path) -> None:
    asr = await deepgram(vendor, tmp_path, language="en")
    assert asr.streams
    heard = [words async for words in asr.follow(pieces(loud(2.2)))]
    assert heard[0] == "Go"
    assert heard[-1] == HEARD
    assert all(HEARD.startswith(words) for words in heard)
    (asked,) = vendor.asked
    assert asked.seconds == pytest.approx(2.2)
    assert asked.headers["authorization"] == f"Token {KEY}"
    assert asked.query == {
        "model": "nova-3",
        "language": "en",
        "smart_format": "true",
        "encoding": "linear16",
        "sample_rate": "16000",
        "channels": "1",
        "interim_results": "true",
    }
    await asr.close()


@pytest.mark.parametrize(
    ("breaks", "told"),
    [("closes", "broke off"), ("error", "It says: no luck"), ("malformed", "no transcript")],
)
async def test_a_stream_that_breaks_is_told(
    breaks: str, told: str, vendor: Vendor, tmp_path: Path
) -> None:
    asr = await deepgram(vendor, tmp_path)
    vendor.breaks = breaks
    with pytest.raises(EngineError, match=told) as error:
        async for _ in asr.follow(pieces(loud(5.0))):
            pass
    assert KEY not in str(error.value)
    await asr.close()


async def test_a_stream_that_is_refused_is_told(vendor: Vendor, tmp_path: Path) -> None:
    asr = await deepgram(vendor, tmp_path)
    vendor.status = 401
    with pytest.raises(EngineError, match=r"refuses the asr_config\.deepgram_asr\.api_key"):
        await anext(asr.follow(pieces(loud(1.0))))
    await asr.close()


async def test_a_service_that_is_not_there_is_told(tmp_path: Path) -> None:
    asr = await loaded("deepgram_asr", tmp_path, base_url="http://127.0.0.1:9", api_key=KEY)
    with pytest.raises(EngineError, match="cannot be reached"):
        await anext(asr.follow(pieces(loud(1.0))))
    await asr.close()


async def endless() -> AsyncGenerator[Pcm, None]:
    while True:
        yield loud(0.1)
        await asyncio.sleep(0.005)


async def test_a_stream_that_is_given_up_is_closed(vendor: Vendor, tmp_path: Path) -> None:
    asr = await deepgram(vendor, tmp_path)
    following = asr.follow(endless())
    assert await anext(following) == "Go"
    await following.aclose()
    await until(lambda: vendor.answering == 0)
    assert vendor.closed_streams == 1
    await asr.close()


async def test_an_engine_that_is_closed_ends_its_streams(vendor: Vendor, tmp_path: Path) -> None:
    asr = await deepgram(vendor, tmp_path)
    following = asr.follow(endless())
    assert await anext(following) == "Go"
    await asr.close()
    with pytest.raises(EngineError, match="closed while it was used"):
        async for _ in following:
            pass
    await until(lambda: vendor.answering == 0)


async def test_a_service_that_never_says_goodbye_keeps_nobody(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(
            line for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key")
        )
        accept = accept_key(key.partition(":")[2].strip())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        await writer.drain()
        heard.append(await reader.read(2**16))
        while await reader.read(2**16):
            pass
        writer.close()

    async def follow() -> None:
        async for _ in asr.follow(pieces(loud(1.0))):
            pass

    async with listening(mute) as port:
        asr = await loaded("deepgram_asr", tmp_path, base_url=f"127.0.0.1:{port}", api_key=KEY)
        following = [asyncio.create_task(follow()) for _ in range(3)]
        await until(lambda: len(heard) == 3)
        closing = asyncio.create_task(asr.close())
        # Three after one another, or as long as websockets itself waits, would be no less.
        later = asyncio.create_task(asyncio.sleep(CLOSE_S * 2.5))
        first, _ = await asyncio.wait([closing, later], return_when=asyncio.FIRST_COMPLETED)
        assert first == {closing}
        await asyncio.gather(*following, return_exceptions=True)
        later.cancel()
