"""Text frames as JSON, bounded before they are read: small values take many times their bytes."""

from __future__ import annotations

from typing import Any

import orjson

MOST_PARTS = 50_000
"""Arrays and objects of a message, about, and its values if it is no sound. An array takes 60
bytes, and all of them together stop the server while the garbage collector looks at them. They are
counted by brackets and commas, those in texts as well."""
MOST_QUOTES = 100
"""Of a message with sound, which is numbers but for a few names; texts take longer to read."""
MOST_SAMPLES = 1_000_000
"""Of sound in one message, 62 s at 16 kHz: reading them stops the server for a tenth of a second.
"""


class ProtocolError(Exception):
    """A frame that is not a message; the text tells the sender what was wrong with it."""


def read_frame(frame: str | bytes) -> Any:
    """Return the JSON in a text frame. Raises ProtocolError."""
    if len(frame) > 2 * MOST_PARTS:  # a shorter one can not hold more of them
        _look_over(frame.encode() if isinstance(frame, str) else frame)
    try:
        return orjson.loads(frame)
    except orjson.JSONDecodeError as error:
        raise ProtocolError(f"This message is not valid JSON ({error}).") from None


def _look_over(text: bytes) -> None:
    if text.count(b"[") + text.count(b"{") > MOST_PARTS:
        raise _too_many(MOST_PARTS, "no message needs so many")
    values = text.count(b",")
    if values <= MOST_PARTS:
        return
    if b'"audio"' not in text or text.count(b'"') > MOST_QUOTES:
        raise _too_many(MOST_PARTS, "no message needs so many")
    if values > MOST_SAMPLES:
        raise _too_many(MOST_SAMPLES, "send the sound in several")


def _too_many(most: int, advice: str) -> ProtocolError:
    return ProtocolError(f"This message has more than {most} parts and was not read; {advice}.")
