"""Sound in bytes of any size: as when it is read whole, and known as early as it can be."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile

from open_llm_vtuber.audio import Pcm, wav_bytes
from open_llm_vtuber.stream_decoding import MAX_SOUNDLESS_BYTES, SoundStream

RATE = 24_000
TONE: Pcm = (np.sin(np.arange(RATE * 2) * 2 * np.pi * 220 / RATE) * 0.3).astype(np.float32)


def encoded(name: str, rate: int = RATE, subtype: str | None = None, channels: int = 1) -> bytes:
    file = io.BytesIO()
    pcm = np.interp(np.arange(2 * rate) / rate, np.arange(len(TONE)) / RATE, TONE)
    sound = np.repeat(pcm[:, None], channels, axis=1)
    soundfile.write(file, sound, rate, format=name, subtype=subtype)
    return file.getvalue()


class Endless(SoundStream):
    """A stream whose end nobody waits for."""

    def end(self) -> Pcm:
        return np.zeros(0, np.float32)


def through(data: bytes, size: int, stream: SoundStream | None = None) -> list[Pcm]:
    stream = stream or SoundStream(RATE)
    fed = [stream.feed(data[start : start + size]) for start in range(0, len(data), size)]
    return [*fed, stream.end()]


SOUNDS = {
    "wav": encoded("WAV", subtype="PCM_16"),
    "wav of bytes": encoded("WAV", subtype="PCM_U8"),
    "wav of floats": encoded("WAV", subtype="FLOAT"),
    "wav of 32 bits": encoded("WAV", subtype="PCM_32"),
    "extensible wav": encoded("WAVEX", subtype="PCM_16", channels=2),
    "stereo wav": encoded("WAV", channels=2),
    "wav of another rate": encoded("WAV", rate=44_100),
    "mp3": encoded("MP3"),
    "stereo mp3": encoded("MP3", channels=2),
    "mp3 of another rate": encoded("MP3", rate=44_100),
    "mp3 with a tag": b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + encoded("MP3"),
    "ogg": encoded("OGG", subtype="OPUS"),
    "flac": encoded("FLAC"),
}


@pytest.mark.parametrize("size", [7, 720, 10**6], ids=["few", "some", "all at once"])
@pytest.mark.parametrize("name", SOUNDS)
def test_what_comes_in_pieces_is_the_sound(name: str, size: int) -> None:
    pcm = np.concatenate(through(SOUNDS[name], size))
    assert pcm.dtype == np.float32
    assert abs(len(pcm) / RATE - 2) < 0.12  # an encoder of MP3 adds silence
    middle = pcm[RATE // 2 : RATE * 3 // 2]
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) == 220
    assert 0.27 < np.abs(middle).max() < 0.33


@pytest.mark.parametrize("name", ["wav", "wav of another rate", "mp3", "mp3 of another rate"])
def test_it_sounds_before_it_is_whole(name: str) -> None:
    data = SOUNDS[name]
    parts = through(data[: len(data) // 2], 720)
    assert len(np.concatenate(parts[:-1])) / RATE > 0.7


@pytest.mark.parametrize("size", [0, 2**32 - 1, 2**31 - 1])
def test_a_wav_that_does_not_know_its_length_is_read_to_its_end(size: int) -> None:
    data = bytearray(wav_bytes(TONE, RATE))
    data[40:44] = struct.pack("<I", size)
    assert len(np.concatenate(through(bytes(data), 100))) == len(TONE)


def test_what_follows_the_samples_of_a_wav_is_no_sound() -> None:
    data = wav_bytes(TONE, RATE) + b"LIST" + bytes(1000)
    assert len(np.concatenate(through(data, 100))) == len(TONE)


def noted(extra: bytes) -> bytes:
    """A WAV file with something before its format."""
    data = wav_bytes(TONE, RATE)
    return data[:12] + extra + data[12:]


@pytest.mark.parametrize("size", [7, 10**6])
@pytest.mark.parametrize("length", [0, 3, 4])
def test_what_stands_before_the_format_of_a_wav_is_passed_over(length: int, size: int) -> None:
    note = b"NOTE" + struct.pack("<I", length) + b"\xff" * (length + length % 2)
    np.testing.assert_allclose(np.concatenate(through(noted(note), size)), TONE, atol=1e-4)


def test_a_wav_whose_samples_never_begin_is_given_up() -> None:
    note = b"NOTE" + struct.pack("<I", 2**20) + bytes(2**16)
    with pytest.raises(ValueError, match="no sound"):
        SoundStream(RATE).feed(noted(note)[: 2**16 + 20])


@pytest.mark.parametrize(("channels", "read"), [(8, True), (9, False), (0, False)])
def test_a_wav_has_as_many_channels_as_there_are_ears_for(channels: int, read: bool) -> None:
    data = bytearray(wav_bytes(TONE, RATE))
    data[22:24] = struct.pack("<H", channels)
    if read:
        assert len(np.concatenate(through(bytes(data), 1000))) == len(TONE) // channels
    else:
        with pytest.raises(ValueError, match="no sound"):
            through(bytes(data), 1000)


@pytest.mark.parametrize(("rate", "read"), [(4_000, True), (3_999, False), (384_000, True)])
def test_a_rate_is_one_that_sound_has(rate: int, read: bool) -> None:
    data = bytearray(wav_bytes(TONE, RATE))
    data[24:28] = struct.pack("<I", rate)
    if read:
        length = len(np.concatenate(through(bytes(data), 10**6)))
        assert length == pytest.approx(len(TONE) * RATE / rate, abs=2)
    else:
        with pytest.raises(ValueError, match="no sound"):
            through(bytes(data), 10**6)


@pytest.mark.parametrize("size", [1, 3, 4096])
def test_samples_without_a_header_are_read_whatever_they_are_cut_into(size: int) -> None:
    data = (TONE * 32767).astype("<i2").tobytes()
    pcm = np.concatenate(through(data, size, SoundStream(RATE, raw_rate=RATE)))
    np.testing.assert_allclose(pcm, TONE, atol=1e-4)


def test_samples_of_another_rate_are_resampled() -> None:
    data = (TONE * 32767).astype("<i2").tobytes()
    pcm = np.concatenate(through(data, 999, SoundStream(16_000, raw_rate=RATE)))
    assert len(pcm) == 32_000


def test_a_broken_frame_costs_only_itself() -> None:
    data = bytearray(SOUNDS["mp3"])
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    assert len(np.concatenate(through(bytes(data), 720))) / RATE > 1.8


@pytest.mark.parametrize(
    "data",
    [
        b"<html>busy</html>",
        b'{"error": "no"}',
        b"no",
        b"ID3 and nothing more" * 100,
        b"OggS and nothing more",
        b"RIFF----WAVEfmt ",
        b"RIFF----WAVEdata" + bytes(100),
        wav_bytes(TONE[:100], 1),
    ],
)
def test_what_is_no_sound_is_told(data: bytes) -> None:
    with pytest.raises(ValueError, match="no sound"):
        through(data, 720)


@pytest.mark.parametrize("data", [wav_bytes(TONE, RATE), SOUNDS["mp3"], b"OggS" + bytes(2**24)])
def test_there_is_an_end_to_it(data: bytes) -> None:
    with pytest.raises(ValueError, match="longer than one sentence"):
        through(data, 2**20, SoundStream(RATE, max_s=1.0))


def test_nothing_is_silence() -> None:
    assert [len(part) for part in through(b"", 1)] == [0]


@pytest.mark.parametrize("start", [SOUNDS["wav"], b"ID3" + bytes(100)], ids=["wav", "mp3"])
def test_bytes_without_end_that_are_no_sound_are_given_up(start: bytes) -> None:
    with pytest.raises(ValueError, match="no sound"):
        through(start + bytes(2 * MAX_SOUNDLESS_BYTES), 2**16, Endless(RATE))
