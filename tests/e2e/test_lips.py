"""The mouth follows the vowels of a person's recording, whose times were found by ear and eye."""

from __future__ import annotations

import base64
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest

from open_llm_vtuber.audio import MIC_RATE
from tests.e2e.browser import Browsers
from tests.support.avatar_page import served, stage

from .conftest import recording

pytestmark = pytest.mark.browser

OPEN, WIDE, ROUND, SHUT = "open", "wide", "round", "shut"

SOUNDS: dict[str, list[tuple[float, float, str, str]]] = {
    # he was not an ill-disposed young man
    "human_sns_0880": [
        (0.00, 0.20, "before the first word", SHUT),
        (0.29, 0.32, "hE", WIDE),
        (0.38, 0.44, "WAs", ROUND),
        (0.50, 0.55, "waS", SHUT),
        (0.63, 0.77, "nOt", OPEN),
        (1.38, 1.46, "diLL- before disposed", ROUND),
        (1.57, 1.67, "diSposed", SHUT),
        (1.77, 1.84, "dispOsed, its beginning", OPEN),
        (1.88, 1.98, "dispOsed, its end", ROUND),
        (2.05, 2.10, "disposeD", SHUT),
        (2.31, 2.37, "Man", SHUT),
        (2.46, 2.53, "mAn", WIDE),
        (2.54, 2.62, "mAn", OPEN),
        (2.85, 3.00, "after the last word", SHUT),
    ],
    # go forward ten meters
    "human_goforward": [
        (0.00, 0.45, "before the first word", SHUT),
        (0.56, 0.63, "gO", ROUND),
        (0.68, 0.76, "Forward", SHUT),
        (0.81, 0.92, "fOrward", ROUND),
        (1.14, 1.24, "Ten", SHUT),
        (1.34, 1.40, "tEn", OPEN),
        (1.60, 1.68, "mEters", WIDE),
        (1.97, 2.06, "meterS", SHUT),
        (2.40, 2.70, "after the last word", SHUT),
    ],
}


def test_the_mouth_follows_the_vowels_of_a_recording(avatar_page: Path, browsers: Browsers) -> None:
    wrong: list[str] = []
    with served(avatar_page) as url, stage(browsers, url) as page:
        for name, sounds in SOUNDS.items():
            pcm = np.ascontiguousarray(recording(name), dtype="<f4")
            samples = base64.b64encode(pcm.tobytes()).decode()
            for begin, end, what, shape in sounds:
                times = np.arange(begin, end, 1 / 60).tolist()
                mouths = page.evaluate(
                    "given => avatarPage.mouths(...given)", [samples, MIC_RATE, times]
                )
                mouth = {key: fmean(one[key] for one in mouths) for key in (OPEN, WIDE, ROUND)}
                if not fits(mouth, shape):
                    seen = ", ".join(f"{key} {value:.2f}" for key, value in mouth.items())
                    wrong.append(f"{name}, {what}, should be {shape}: {seen}")
    assert wrong == []


def fits(mouth: dict[str, float], shape: str) -> bool:
    """Whether a mean shape is the wanted one."""
    if shape == SHUT:
        return mouth[OPEN] < 0.2
    if shape == OPEN:
        return mouth[OPEN] > 0.5 and mouth[ROUND] < 0.25
    other = WIDE if shape == ROUND else ROUND
    return mouth[OPEN] > 0.15 and mouth[shape] > 0.4 and mouth[other] < 0.25
