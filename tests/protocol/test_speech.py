"""The binary frames of speech, byte for byte as docs/protocol.md shows them."""

from __future__ import annotations

import re

import numpy as np

from open_llm_vtuber.protocol.speech import speech_frame
from tests.support.live import PROJECT


def test_frames_are_those_of_the_documentation() -> None:
    text = (PROJECT / "docs" / "protocol.md").read_text("utf-8")
    shown = re.findall(r"^    ((?:[0-9a-f]{2} +)+)(?=\S)", text, re.MULTILINE)
    pcm = np.array([1000, -1000], np.float32) / 32767
    sound = speech_frame(7, 24_000, np.nextafter(pcm, pcm * 2))
    end = speech_frame(7, 24_000, np.zeros(0, np.float32), last=True)
    assert [bytes.fromhex(one) for one in shown] == [sound, end]
