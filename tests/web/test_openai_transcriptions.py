"""/v1/audio/transcriptions with OpenAI's SDK, against a running server with real ears."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import openai
import pytest
import soundfile
from openai.types.audio import TranscriptionTextDoneEvent

from open_llm_vtuber.decoding import decoded
from tests.conftest import Serve
from tests.support.live import Live, conf, live
from tests.web.openai_sdk import sdk
from tests.web.test_security import quiet

pytestmark = pytest.mark.anyio
JFK = "ask not what your country can do for you"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(tmp_path_factory.mktemp("ears"), conf(), pages=False) as server:
        yield server


def long_sound(speech: Path) -> bytes:
    """Return a recording with a pause and the same words again: longer than one caption."""
    with (speech / "human_jfk.wav").open("rb") as file:
        pcm = decoded(file, 60)
    whole = np.concatenate([pcm, np.zeros(32_000, np.float32), pcm])
    out = io.BytesIO()
    soundfile.write(out, whole, 16_000, format="WAV")
    return out.getvalue()


def plain(text: str) -> str:
    return re.sub(r"[^a-z ]", "", text.lower())


async def test_words_come_as_json_text_and_events(running: Live, speech: Path) -> None:
    file = speech / "human_jfk.wav"
    async with sdk(running) as client:
        whole = await client.audio.transcriptions.create(model="whisper-1", file=file)
        text = await client.audio.transcriptions.create(
            model="whisper-1", file=file, response_format="text"
        )
        events = [
            event
            async for event in await client.audio.transcriptions.create(
                model="whisper-1", file=file, stream=True
            )
        ]
    assert JFK in plain(whole.text)
    assert text.strip() == whole.text
    done = events[-1]
    assert isinstance(done, TranscriptionTextDoneEvent)
    deltas = [one.delta for one in events if one.type == "transcript.text.delta"]
    assert "".join(deltas) == done.text == whole.text


async def test_segments_have_times_within_the_sound(running: Live, speech: Path) -> None:
    data = long_sound(speech)
    async with sdk(running) as client:
        verbose = await client.audio.transcriptions.create(
            model="whisper-1",
            file=("long.wav", data),
            response_format="verbose_json",
            language="en",
        )
    assert verbose.language == "en"
    assert verbose.segments
    assert len(verbose.segments) >= 3
    assert abs(verbose.duration - 24) < 1
    ends = [0.0]
    for segment in verbose.segments:
        assert ends[-1] <= segment.start < segment.end <= verbose.duration
        ends.append(segment.end)
    assert plain(verbose.text).count(JFK) == 2


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_captions_name_their_times(running: Live, speech: Path, form: str) -> None:
    answer = httpx.post(
        f"{running.url}/v1/audio/transcriptions",
        files={"file": ("long.wav", long_sound(speech))},
        data={"model": "m", "response_format": form},
        timeout=120,
    )
    assert answer.status_code == 200, answer.text
    point = "," if form == "srt" else "."
    clock = rf"\d\d:\d\d:\d\d\{point}\d\d\d"
    assert len(re.findall(rf"^{clock} --> {clock}$", answer.text, re.MULTILINE)) >= 3
    assert answer.text.startswith("1\n" if form == "srt" else "WEBVTT\n\n")


async def test_what_is_no_sound_is_refused_and_says_why(serve: Serve) -> None:
    server = serve(quiet())
    async with sdk(server) as client:
        for data in (b"", b"RIFF", b"x" * 500):
            with pytest.raises(openai.BadRequestError) as caught:
                await client.audio.transcriptions.create(model="m", file=("a.wav", data))
            assert caught.value.param == "file"


def test_a_file_over_the_limit_names_it(serve: Serve) -> None:
    values = quiet()
    values["system_config"]["limits"]["max_upload_bytes"] = 200_000
    answer = httpx.post(
        f"{serve(values).url}/v1/audio/transcriptions",
        files={"file": ("a.wav", b"x" * 300_000)},
        data={"model": "m"},
    )
    assert answer.status_code == 413
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert "max_upload_bytes" in error["message"]


def test_a_form_without_a_file_names_it(serve: Serve) -> None:
    server = serve(quiet())
    missing = httpx.post(f"{server.url}/v1/audio/transcriptions", data={"model": "m"})
    assert missing.status_code == 400
    assert missing.json()["error"]["param"] == "file"
