"""/v1/audio/speech with OpenAI's SDK, against a running server."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any, Literal

import httpx
import numpy as np
import openai
import pytest

from open_llm_vtuber.audio import MIC_RATE
from open_llm_vtuber.decoding import decoded
from tests.conftest import Serve
from tests.support.live import Live, conf, live
from tests.web.openai_sdk import sdk
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio
Format = Literal["mp3", "opus", "flac", "wav"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    values = quiet()
    values["character_config"]["tts_config"]["tone_tts"] = {"seconds": 1.0}
    with live(tmp_path_factory.mktemp("speech"), values, pages=False) as server:
        yield server


def pitch_hz(pcm: np.ndarray[Any, np.dtype[np.float32]], rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(pcm))
    return float(spectrum.argmax() * rate / len(pcm))


@pytest.mark.parametrize("kind", ["mp3", "opus", "flac", "wav"])
async def test_each_format_is_a_file_of_that_sound(running: Live, kind: Format) -> None:
    async with sdk(running) as client:
        answer = await client.audio.speech.create(
            model="tts-1", voice="alloy", input="Hello. How are you?", response_format=kind
        )
    pcm = decoded(io.BytesIO(answer.content), 10)
    assert abs(len(pcm) / MIC_RATE - 2.0) < 0.1
    assert abs(pitch_hz(pcm, MIC_RATE) - 220) < 2


async def test_pcm_is_24_khz_without_a_header(running: Live) -> None:
    async with sdk(running) as client:
        answer = await client.audio.speech.create(
            model="tts-1", voice="alloy", input="Hello.", response_format="pcm"
        )
    pcm = np.frombuffer(answer.content, "<i2").astype(np.float32)
    assert len(pcm) == 24_000
    assert abs(pitch_hz(pcm, 24_000) - 220) < 2


@pytest.mark.parametrize("speed", [0.5, 2.0])
async def test_speed_changes_the_length_and_not_the_pitch(running: Live, speed: float) -> None:
    async with sdk(running) as client:
        answer = await client.audio.speech.create(
            model="tts-1",
            voice="alloy",
            input="One. Two.",
            response_format="wav",
            speed=speed,
        )
    pcm = decoded(io.BytesIO(answer.content), 20)
    assert abs(len(pcm) / MIC_RATE - 2.0 / speed) < 0.15
    assert abs(pitch_hz(pcm, MIC_RATE) - 220) < 2


async def _take(client: openai.AsyncOpenAI, text: str, got: bytearray) -> None:
    async with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=text, response_format="pcm"
    ) as answer:
        async for piece in answer.iter_bytes():
            got += piece


async def test_the_first_bytes_leave_before_the_last_sentence_is_made(serve: Serve) -> None:
    values = quiet()
    values["character_config"]["tts_config"]["tone_tts"] = {"seconds": 0.5}
    server = serve(values)
    text = " ".join(["A sentence."] * 20 + ["And here we BREAK."])
    got = bytearray()
    async with sdk(server) as client:
        with pytest.raises(Exception, match=r"closed|incomplete|payload"):
            await _take(client, text, got)
    assert len(got) == 20 * 24_000


def test_events_carry_the_same_file(running: Live) -> None:
    body = {
        "model": "m",
        "voice": "alloy",
        "input": "Hello.",
        "response_format": "pcm",
        "stream_format": "sse",
    }
    answer = httpx.post(f"{running.url}/v1/audio/speech", json=body)
    events = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    told = [httpx.Response(200, content=one).json() for one in events]
    assert told[-1]["type"] == "speech.audio.done"
    assert set(told[-1]["usage"]) == {"input_tokens", "output_tokens", "total_tokens"}
    deltas = [one for one in told if one["type"] == "speech.audio.delta"]
    assert len(b"".join(base64.b64decode(one["audio"]) for one in deltas)) == 48_000


async def test_a_voice_may_be_a_character_and_no_other_name(running: Live) -> None:
    async with sdk(running) as client:
        await client.audio.speech.create(model="m", voice="Tester", input="Hello.")
        with pytest.raises(openai.BadRequestError) as caught:
            await client.audio.speech.create(model="m", voice="nobody", input="Hello.")
    assert caught.value.param == "voice"
    assert caught.value.code == "voice_not_found"


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"input": ""}, "input"),
        ({"response_format": "aac"}, "response_format"),
        ({"speed": 9}, "speed"),
        ({"input": None}, "input"),
        ({"voice": 3}, "voice"),
    ],
)
def test_what_is_wrong_names_its_field(running: Live, changes: dict[str, Any], param: str) -> None:
    body = {"model": "m", "voice": "alloy", "input": "Hello.", **changes}
    answer = httpx.post(f"{running.url}/v1/audio/speech", json=body)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["param"].startswith(param)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"input": "a" "b"}', b"null"])
def test_what_is_no_request_is_told_like_any_failure(running: Live, body: bytes) -> None:
    answer = httpx.post(f"{running.url}/v1/audio/speech", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


async def test_a_text_without_words_or_over_the_limit_is_refused(serve: Serve) -> None:
    server = serve(quiet(limits={"max_text_chars": 100}))
    async with sdk(server) as client:
        with pytest.raises(openai.APIStatusError, match="nothing to be said"):
            await client.audio.speech.create(model="m", voice="alloy", input="***")
        with pytest.raises(openai.BadRequestError, match="max_text_chars"):
            await client.audio.speech.create(model="m", voice="alloy", input="word " * 50)


async def test_a_failing_voice_is_a_500_without_internals(running: Live) -> None:
    async with sdk(running) as client:
        with pytest.raises(openai.InternalServerError) as caught:
            await client.audio.speech.create(model="m", voice="alloy", input="CRASH now.")
    assert "library's own words" not in str(caught.value)


async def test_no_more_answers_at_once_than_turns(serve: Serve) -> None:
    values = conf(asr="tests.support.engines:MuteASR", vad=None, max_turns=1)
    values["character_config"]["tts_config"]["tone_tts"] = {"seconds": 0.5, "delay_s": 1.0}
    server = serve(values)
    async with sdk(server) as client:
        slow = client.audio.speech.with_streaming_response.create(
            model="m", voice="alloy", input="One. " * 30, response_format="pcm"
        )
        async with slow as answer:
            pieces = answer.iter_bytes(1000)
            assert await anext(pieces)
            with pytest.raises(openai.RateLimitError, match="max_turns"):
                await client.audio.speech.create(model="m", voice="alloy", input="Two.")
