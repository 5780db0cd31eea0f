"""The voices behind a Gradio page: what its function is given, and what becomes of its result."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from open_llm_vtuber.audio import Pcm
from open_llm_vtuber.engines.base import EngineError

from .vendor_server import Sound, VendorServer, opened, vendor_server, wav
from .vendors import COSYVOICE, COSYVOICE2, SPARK

pytestmark = pytest.mark.anyio

CALL = "POST /gradio_api/call/generate_audio"
RESULT = "GET /gradio_api/call/generate_audio/e1"
UPLOADED = {"path": "/tmp/gradio/0e7d/voice.wav", "meta": {"_type": "gradio.FileData"}}


def remote(url: str) -> dict[str, Any]:
    return {"path": url, "meta": {"_type": "gradio.FileData"}}


@pytest.fixture
async def server(long_speech: Pcm) -> AsyncIterator[VendorServer]:
    async with vendor_server(COSYVOICE2, long_speech) as running:
        yield running


async def inputs(server: VendorServer, folder: Path, **keys: Any) -> Any:
    """Have it say a sentence, and return what the page's function was given."""
    tts = await opened(server, folder, **keys)
    pcm = await tts.in_turn("Hello.")
    await tts.close()
    assert abs(len(pcm) / tts.sample_rate - len(server.speech) / 24_000) < 0.1
    (call,) = [one for one in server.asked if one.route.startswith("POST /gradio_api/call/")]
    return call.json["data"]


async def test_the_page_of_cosyvoice_is_given_what_it_takes(
    long_speech: Pcm, tmp_path: Path
) -> None:
    async with vendor_server(COSYVOICE, long_speech) as server:
        url = "https://host/voice.wav"
        data = await inputs(server, tmp_path, prompt_wav_upload_url=url, seed="7")
        assert data == ["Hello.", "预训练音色", "中文女", "", remote(url), None, "", 7]


async def test_the_page_of_cosyvoice_2_is_given_what_it_takes(
    server: VendorServer, tmp_path: Path
) -> None:
    data = await inputs(server, tmp_path, prompt_text="你好", stream=True, speed="1.5")
    assert data == ["Hello.", "3s极速复刻", "", "你好", None, None, "", 0, True, 1.5]


async def test_the_page_of_spark_clones_a_voice(long_speech: Pcm, tmp_path: Path) -> None:
    async with vendor_server(SPARK, long_speech) as server:
        data = await inputs(server, tmp_path)
        assert data == ["Hello.", "", remote("https://a/voice.wav"), None]


async def test_the_page_of_spark_makes_a_voice(long_speech: Pcm, tmp_path: Path) -> None:
    routes = {
        name.replace("voice_clone", "voice_creation"): answer
        for name, answer in (SPARK.speech | SPARK.lists).items()  # type: ignore[operator]
    }
    row = replace(
        SPARK,
        speech={name: one for name, one in routes.items() if callable(one)},
        lists={name: one for name, one in routes.items() if not callable(one)},
    )
    async with vendor_server(row, long_speech) as server:
        data = await inputs(server, tmp_path, api_name="/voice_creation", gender="male", pitch=5)
        assert data == ["Hello.", "male", 5, 3]


async def test_a_recording_of_this_computer_is_sent_once(
    server: VendorServer, tmp_path: Path
) -> None:
    (tmp_path / "voice.wav").write_bytes(b"RIFF of a voice")
    tts = await opened(server, tmp_path, prompt_wav_upload_url="voice.wav")
    await tts.in_turn("Hello.")
    await tts.in_turn("Again.")
    await tts.close()
    (upload,) = [one for one in server.asked if one.route == "POST /gradio_api/upload"]
    assert b"RIFF of a voice" in upload.body
    assert b'name="files"; filename="voice.wav"' in upload.body
    calls = [one.json["data"] for one in server.asked if one.route == CALL]
    assert [(data[0], data[4]) for data in calls] == [("Hello.", UPLOADED), ("Again.", UPLOADED)]
    assert [one.route for one in server.asked].count("GET /config") == 1


async def test_a_page_that_was_started_anew_is_sent_the_recording_again(
    server: VendorServer, tmp_path: Path
) -> None:
    (tmp_path / "voice.wav").write_bytes(b"RIFF of a voice")
    tts = await opened(server, tmp_path, prompt_wav_upload_url="voice.wav")
    await tts.in_turn("Hello.")
    gone = b'event: error\ndata: "voice.wav is no file of ours"\n\n'
    answer = {RESULT: lambda asked, pcm: Sound("text/event-stream", gone)}
    server.vendor = replace(COSYVOICE2, speech=answer)
    with pytest.raises(EngineError, match="is no file of ours"):
        await tts.in_turn("Are you there?")
    server.vendor = COSYVOICE2
    await tts.in_turn("Again.")
    await tts.close()
    assert [one.route for one in server.asked].count("POST /gradio_api/upload") == 2


async def test_a_recording_that_is_not_there_is_named(server: VendorServer, tmp_path: Path) -> None:
    tts = await opened(server, tmp_path, prompt_wav_upload_url="gone.wav")
    with pytest.raises(EngineError, match=r"gone\.wav cannot be read: No such file"):
        await tts.in_turn("Hello.")
    await tts.close()


async def test_a_page_of_an_older_version_has_no_prefix(
    server: VendorServer, tmp_path: Path, long_speech: Pcm
) -> None:
    file = b'event: complete\ndata: [{"path": "/tmp/g r/audio.wav", "url": "http://else/"}]\n\n'
    server.vendor = replace(
        COSYVOICE2,
        lists={
            "GET /config": {"version": "4.44.1"},
            "POST /call/generate_audio": {"event_id": "e"},
        },
        speech={
            "GET /call/generate_audio/e": lambda asked, pcm: Sound("text/event-stream", file),
            "GET /file=/tmp/g%20r/audio.wav": lambda asked, pcm: Sound("audio/wav", wav(pcm)),
        },
    )
    tts = await opened(server, tmp_path)
    np.testing.assert_allclose(await tts.in_turn("Hello."), long_speech, atol=1e-3)
    await tts.close()


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (b'event: error\ndata: "no model"\n\n', "could not make the sound: no model"),
        (b'event: error\ndata: {"error": "no model"}\n\n', "could not make the sound: no model"),
        (b"event: error\ndata: null\n\n", "its own log says why"),
        (b"event: complete\ndata: [null]\n\n", "no file as the result"),
        (b"event: complete\ndata: {}\n\n", "no file as the result"),
        (b"event: heartbeat\ndata: null\n\n", "no result"),
        (b"event: complete\ndata: [\n\n", "events that cannot be read"),
    ],
)
async def test_a_page_that_fails_is_told(
    server: VendorServer, tmp_path: Path, events: bytes, told: str
) -> None:
    answer = {RESULT: lambda asked, pcm: Sound("text/event-stream", events)}
    server.vendor = replace(COSYVOICE2, speech=answer)
    tts = await opened(server, tmp_path)
    with pytest.raises(EngineError, match=told):
        await tts.in_turn("Hello.")
    await tts.close()


async def test_a_function_that_the_page_has_not_is_named(
    server: VendorServer, tmp_path: Path
) -> None:
    tts = await opened(server, tmp_path, api_name="/other")
    with pytest.raises(
        EngineError, match=r"no function /other \(tts_config.cosyvoice2_tts.api_name"
    ):
        await tts.in_turn("Hello.")
    await tts.close()
