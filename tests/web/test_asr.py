"""POST /asr against a running server."""

from __future__ import annotations

import io

import httpx
import numpy as np
import pytest
import soundfile

from open_llm_vtuber.decoding import decoded
from tests.conftest import Serve
from tests.web.test_security import quiet


def recording(kind: str, rate: int, channels: int, seconds: float = 1.0) -> bytes:
    tone = 0.5 * np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * 440 / rate)
    file = io.BytesIO()
    soundfile.write(file, np.stack([tone] * channels, axis=1), rate, format=kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (48_000, 2), (44_100, 2), (8_000, 1)])
def test_any_recording_becomes_16_khz_mono(kind: str, rate: int, channels: int) -> None:
    pcm = decoded(io.BytesIO(recording(kind, rate, channels)), 10)
    assert pcm.dtype == np.float32
    assert abs(len(pcm) - 16_000) < 1600
    spectrum = np.abs(np.fft.rfft(pcm[4000:12_000]))
    assert abs(int(spectrum.argmax()) * 2 - 440) <= 4


def test_a_recording_that_is_too_long_is_refused() -> None:
    decoded(io.BytesIO(recording("WAV", 16_000, 1, 1.0)), 1)
    with pytest.raises(ValueError, match="longer than 1 s"):
        decoded(io.BytesIO(recording("WAV", 16_000, 1, 1.1)), 1)


def test_the_answers_of_asr(serve: Serve) -> None:
    values = quiet()
    values["system_config"]["limits"]["max_upload_bytes"] = 200_000
    url = serve(values).url + "/asr"
    good = recording("WAV", 48_000, 2, 0.5)
    answer = httpx.post(url, files={"file": ("a.wav", good)})
    assert (answer.status_code, answer.json()) == (200, {"text": ""})
    empty = recording("WAV", 16_000, 1, 0)
    for data in (b"", b"RIFF", b"x" * 500, empty, good[:60][:44] + b"\0"):
        answer = httpx.post(url, files={"file": ("a.wav", data)})
        assert answer.status_code == 400, data[:50]
        assert "error" in answer.json()
    missing = httpx.post(url)
    assert missing.status_code == 422
    assert "detail" in missing.json()
    large = httpx.post(url, files={"file": ("a.wav", b"x" * 300_000)})
    assert large.status_code == 413
    assert "max_upload_bytes" in large.json()["error"]


def test_a_failing_engine_is_a_500_without_internals(serve: Serve) -> None:
    values = quiet()
    values["character_config"]["asr_config"]["asr_model"] = "tests.web.failing:FailingASR"
    good = recording("WAV", 16_000, 1, 0.5)
    answer = httpx.post(serve(values).url + "/asr", files={"file": ("a.wav", good)})
    assert answer.status_code == 500
    told = answer.json()
    assert set(told) == {"error", "code", "about"}
    assert (told["code"], told["about"]) == ("engine-failed", "asr")
