"""Noise of six kinds and coughs, seeded, at a level in dB (0: the smallest 16-bit sample)."""

from __future__ import annotations

import numpy as np

from open_llm_vtuber.audio import MIC_RATE, Pcm

FULL_DB = 90.3
"""The level of a full-scale square wave."""
QUIET_DB = 45.0
"""Of the noise under speech: a room that is not quiet."""


def _at(pcm: np.ndarray[tuple[int], np.dtype[np.float64]], level_db: float) -> Pcm:
    power = np.sqrt(np.mean(pcm**2))
    scaled: Pcm = (pcm * 10 ** ((level_db - FULL_DB) / 20) / power).clip(-1, 1).astype(np.float32)
    return scaled


def noises(
    seconds: float, level_db: float, speech: list[Pcm], seed: int = 3
) -> list[tuple[str, Pcm]]:
    """Return each kind of noise, so many seconds of it; babble is made of `speech`."""
    rng = np.random.default_rng(seed)
    count = round(seconds * MIC_RATE)
    time = np.arange(count) / MIC_RATE
    white = rng.normal(size=count)
    spectrum = np.fft.rfft(white)
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    pink = np.fft.irfft(spectrum, count)
    hum = (
        sum(np.sin(2 * np.pi * 50 * k * time) / k for k in (1, 2, 3, 5))
        + rng.normal(size=count) * 0.02
    )
    return [
        ("white", _at(white, level_db)),
        ("pink", _at(pink, level_db)),
        ("hum", _at(np.asarray(hum), level_db)),
        ("clicks", _at(_clicks(rng, count), level_db)),
        ("tones", _at(_tones(rng, count), level_db)),
        ("babble", _at(_babble(rng, count, speech), level_db)),
    ]


def cough(rng: np.random.Generator, bursts: int) -> Pcm:
    """Return bursts of noise with the resonances of a throat, 0.15 to 0.35 s each, peak 1."""
    parts = []
    for _ in range(bursts):
        count = int(MIC_RATE * rng.uniform(0.15, 0.35))
        hertz = np.fft.rfftfreq(count, 1 / MIC_RATE)
        peaks = ((600, 150), (1400, 250), (2800, 500))
        gains = sum(1 / (1 + ((hertz - at) / width) ** 2) for at, width in peaks)
        noise = np.fft.irfft(np.fft.rfft(rng.normal(0, 1, count)) * gains, count)
        seconds = np.arange(count) / MIC_RATE
        noise *= np.minimum(1, seconds / 0.01) * np.exp(-seconds / 0.08)
        parts += [noise / np.abs(noise).max(), np.zeros(int(0.1 * MIC_RATE))]
    whole: Pcm = np.concatenate(parts).astype(np.float32)
    return whole


def coughs(seconds: float, level_db: float, seed: int = 3) -> Pcm:
    """Return so many seconds of somebody who coughs once to three times, every other second."""
    rng = np.random.default_rng(seed)
    found = rng.normal(size=round(seconds * MIC_RATE)) * 0.003
    at = 0
    while (at := at + int(rng.uniform(1, 3) * MIC_RATE)) < len(found):
        one = cough(rng, int(rng.integers(1, 4))) * rng.uniform(0.3, 1)
        piece = found[at : at + len(one)]
        piece += one[: len(piece)]
        at += len(one)
    return _at(found, level_db)


def _clicks(rng: np.random.Generator, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the keys of a keyboard: bursts of 5 to 15 ms, about five a second."""
    found = rng.normal(size=count) * 0.01
    at = 0
    while (at := at + int(rng.exponential(0.2) * MIC_RATE)) < count:
        length = int(rng.uniform(0.005, 0.015) * MIC_RATE)
        burst = rng.normal(size=length) * np.exp(-np.arange(length) / length * 4)
        piece = found[at : at + length]
        piece += rng.uniform(0.3, 1) * burst[: len(piece)]
    return found


def _tones(rng: np.random.Generator, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return notes with overtones, as of a piano next door."""
    found = np.zeros(count)
    at = 0
    while at < count:
        length = int(rng.uniform(0.2, 0.6) * MIC_RATE)
        pitch = 220 * 2 ** (rng.integers(-12, 24) / 12)
        time = np.arange(length) / MIC_RATE
        note = sum(np.sin(2 * np.pi * pitch * k * time) / k**2 for k in range(1, 6))
        piece = found[at : at + length]
        piece += (np.asarray(note) * np.exp(-4 * time))[: len(piece)]
        at += length // 2
    return found


def _babble(
    rng: np.random.Generator, count: int, speech: list[Pcm]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return many who speak at once: every recording, again and again, eight times over."""
    found = np.zeros(count)
    whole = np.concatenate(speech)
    for _ in range(8):
        found += np.resize(np.roll(whole, int(rng.integers(len(whole)))), count)
    return found
