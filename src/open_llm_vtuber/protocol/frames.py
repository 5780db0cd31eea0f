"""Text frames as JSON, bounded before they are read: small values take many times their bytes."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import orjson

from ..faults import ErrorCode, FaultError, fault

Frame = str | bytes
"""A text frame, or a binary one."""

MOST_PARTS = 50_000
"""Arrays and objects of a message and the quotes around its texts and names. An array takes 60
bytes, and all of them together stop the server while the garbage collector looks at them. Brackets
and quotes within texts are counted as well."""
MOST_NUMBERS = 1_000_000
"""Of a message, as much as 62 s of sound at 16 kHz: reading them takes a tenth of a second. They
are counted by their commas."""


class ProtocolError(FaultError):
    """A frame that is not a message; the text tells the sender what was wrong with it."""

    code: ClassVar[ErrorCode] = "message-malformed"
    request_id: str | None = None
    """That of the frame, where it has one: who asked is told that nothing comes of it."""


_TYPE = re.compile(r'\s*\{\s*"type"\s*:\s*"([\w-]+)"')


def kind_of(frame: str) -> str:
    """Return the type of a message, "" if it does not begin with one.

    Frames of sound are megabytes: no more of one is read than says what it is.
    """
    found = _TYPE.match(frame)
    return found.group(1) if found else ""


def read_frame(frame: str) -> Any:
    """Return the JSON in a text frame. Raises ProtocolError."""
    if len(frame) > 2 * MOST_PARTS:  # a shorter one can not hold more of them
        _look_over(frame)
    try:
        return orjson.loads(frame)
    except orjson.JSONDecodeError as error:
        raise ProtocolError(f"This message is not valid JSON ({error}).") from None


def _look_over(frame: str) -> None:
    if _holds_more(frame, '[{"', MOST_PARTS):
        raise ProtocolError(
            f"This message has more than {MOST_PARTS} arrays, objects and quotes and was not read; "
            "no message needs so many.",
            fault("message-too-large", limit=MOST_PARTS),
        )
    if frame.count(",") > MOST_NUMBERS:
        raise ProtocolError(
            f"This message has more than {MOST_NUMBERS} numbers and was not read; send sound in "
            "several messages.",
            fault("message-too-large", limit=MOST_NUMBERS),
        )


def _holds_more(frame: str, signs: str, most: int) -> bool:
    """Whether there are more than `most` of these; where they are rare this costs little."""
    for sign in signs:
        at = frame.find(sign)
        while at >= 0:
            most -= 1
            if most < 0:
                return True
            at = frame.find(sign, at + 1)
    return False
