"""The binary frames of `speech-chunks`, read as docs/protocol.md has them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from open_llm_vtuber.audio import Pcm


@dataclass(frozen=True)
class SpeechFrame:
    """One of them."""

    segment: int
    rate: int
    last: bool
    pcm: Pcm


def read_frame(frame: bytes) -> SpeechFrame:
    """Read a frame. Fails at one that is not as documented."""
    kind, flags, zero, segment, rate = struct.unpack_from("<BBHII", frame)
    assert (kind, flags & ~1, zero) == (1, 0, 0)
    samples = np.frombuffer(frame, "<i2", offset=12).astype(np.float32) / np.float32(32767)
    return SpeechFrame(segment, rate, bool(flags & 1), samples)


def joined(frames: Iterable[SpeechFrame]) -> Pcm:
    """Return the sound of a whole segment, whose only last frame is the last one."""
    parts = list(frames)
    assert [one.last for one in parts] == [False] * (len(parts) - 1) + [True]
    assert len({(one.segment, one.rate) for one in parts}) == 1
    return np.concatenate([one.pcm for one in parts])
