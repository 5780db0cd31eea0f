"""Whether a .moc3 file is whole, as far as its header tells; pure.

Live2D's Core checks the rest, in the browser. Of the format, header and table of sections are used:
64 bytes with mark, version and byte order, then the places of the sections.
"""

from __future__ import annotations

import struct

from .errors import LookError

PLACES = 97
HEAD_BYTES = 64 + 4 * PLACES
"""What is looked at: the header, and the first places, which every version has."""
MARK = b"MOC3"
_NEWEST = 6


def check(head: bytes, size: int, name: str) -> None:
    """Refuse a file of `size` bytes that begins with `head` and is cut off or something else.

    Raises LookError.
    """
    if head[:4] != MARK or len(head) < 6:
        raise LookError(f"{name} is no model of Live2D's: it does not begin as one.")
    if not 1 <= head[4] <= _NEWEST:
        raise LookError(f"{name} is of a version of Live2D that is not known here ({head[4]}).")
    order = ">" if head[5] == 1 else "<"
    if len(head) < HEAD_BYTES:
        raise LookError(f"{name} is cut off: get the model once more.")
    places = struct.unpack(f"{order}{PLACES}I", head[64:HEAD_BYTES])
    if max(places) > size or not any(places):
        raise LookError(f"{name} is cut off: get the model once more.")
