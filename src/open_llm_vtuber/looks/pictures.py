"""How large a picture is once it is decoded, told by its first bytes; pure."""

from __future__ import annotations

import struct

from .errors import LookError, LookTooLargeError

MAX_SIDE = 16_384
MAX_PIXELS = 8192 * 8192 + 1
"""Of one picture: 256 MiB on the graphics card."""
MAX_ALL_PIXELS = 4 * MAX_PIXELS
HEAD_BYTES = 256 * 2**10
"""Of a picture's start, which must tell its size; in a JPEG other things may come first."""


def pixels(head: bytes, name: str) -> int:
    """Return how many pixels a picture has. `head` are its first bytes. Raises LookError."""
    size = size_of(head)
    if size is None:
        raise LookError(f"{name} is no picture that a page draws: PNG, JPEG and WebP are.")
    width, height = size
    if not 0 < width <= MAX_SIDE or not 0 < height <= MAX_SIDE or width * height > MAX_PIXELS:
        raise LookTooLargeError(
            f"{name} has {width} x {height} pixels: no page draws so many. Make it smaller."
        )
    return width * height


def size_of(head: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, JPEG or WebP; None where it is none of them."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR" and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    return _jpeg(head) if head[:3] == b"\xff\xd8\xff" else None


def _webp(head: bytes) -> tuple[int, int] | None:
    kind, body = head[12:16], head[20:]
    if len(body) < 10:
        return None
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(head):
        if head[at] != 0xFF:
            return None
        mark = head[at + 1]
        if mark == 0xFF:  # filling
            at += 1
            continue
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return None
