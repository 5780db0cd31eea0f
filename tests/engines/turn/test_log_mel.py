"""The log-mel spectrogram, beside that of another implementation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from faster_whisper.feature_extractor import FeatureExtractor

from open_llm_vtuber.audio import MIC_RATE
from open_llm_vtuber.engines.turn.log_mel import log_mel


def test_it_is_the_spectrogram_of_whisper(speech: Path) -> None:
    pcm = soundfile.read(speech / "human_jfk.wav", dtype="float32")[0][: 8 * MIC_RATE]
    ours, theirs = log_mel(pcm), FeatureExtractor()(pcm, padding=0)
    assert ours.shape == (80, 800)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs[:, :800], atol=1e-3)
