"""The log-mel spectrogram that models of the Whisper family take.

80 bands on Slaney's scale (linear below 1 kHz, logarithmic above), windows of 25 ms every 10 ms: as
OpenAI's whisper/audio.py and its tables define it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from ...audio import MIC_RATE, Pcm

WINDOW, HOP, BANDS = 400, 160, 80
_LINEAR_HZ = 1000.0
"""Up to here a mel is 200 / 3 Hz; above, 27 mels are a factor of 6.4."""


def log_mel(pcm: Pcm) -> npt.NDArray[np.float32]:
    """Return the spectrogram of `pcm` (float32, 16 kHz) as BANDS x one column for each 10 ms."""
    padded = np.pad(pcm, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:-1]
    spectrum = np.fft.rfft(frames * _window())
    power = spectrum.real**2 + spectrum.imag**2
    logs = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    found: npt.NDArray[np.float32] = ((np.maximum(logs, logs.max() - 8) + 4) / 4).astype(np.float32)
    return found


@cache
def _window() -> Pcm:
    periodic: Pcm = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    return periodic


@cache
def _filters() -> npt.NDArray[np.float64]:
    """Return a triangle for each band, of one area: BANDS x bins of the spectrum."""
    step = np.log(6.4) / 27
    linear = _LINEAR_HZ * 3 / 200
    highest = linear + np.log(MIC_RATE / 2 / _LINEAR_HZ) / step
    mels = np.linspace(0, highest, BANDS + 2)
    logarithmic = _LINEAR_HZ * np.exp(step * np.maximum(mels - linear, 0))
    corners = np.where(mels < linear, mels * 200 / 3, logarithmic)
    bins = np.fft.rfftfreq(WINDOW, 1 / MIC_RATE)
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rise, fall = (bins - low) / (middle - low), (high - bins) / (high - middle)
    filters: npt.NDArray[np.float64] = np.maximum(0, np.minimum(rise, fall)) * 2 / (high - low)
    return filters
