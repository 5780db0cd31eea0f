"""The binary frames of the extension `speech-chunks`: the sound of a line, a part in each."""

from __future__ import annotations

import struct

from ..audio import Pcm, to_pcm16

HEADER = struct.Struct("<BBHII")
"""Kind, flags, zero, segment, rate in Hz; 16-bit PCM follows."""
SPEECH = 1
"""The kind of such a frame."""
LAST = 1
"""The flag of the last frame of a segment."""


def speech_frame(segment: int, rate: int, pcm: Pcm, *, last: bool = False) -> bytes:
    """Return the next part of a segment, whose `audio` message named it."""
    header = HEADER.pack(SPEECH, LAST if last else 0, 0, segment, rate)
    return header + to_pcm16(pcm).tobytes()
