"""The texts in a PNG picture, read and written; the picture itself is not decoded. Pure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_TEXT_BYTES = 12 * 2**20
"""Of one text, when it is unpacked: a card of reading.MAX_JSON_BYTES as base64."""
MOST_CHUNKS = 20_000
MOST_TEXTS = 8
"""So many are unpacked."""
MAX_SIDE = 8192
"""Pixels; a larger picture is none that a page should draw."""
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_TOLD = _TEXTS | {b"eXIf", b"tIME"}
"""What says something besides the picture, such as where it was taken."""


def is_png(data: bytes) -> bool:
    """Return whether a file begins as a PNG does."""
    return data.startswith(SIGNATURE)


def texts(data: bytes, keywords: Collection[str]) -> dict[str, bytes]:
    """Return the texts of some keywords, the last of each; what is broken has none.

    Capitals do not count in a keyword, nor do checksums: a text that can be read is of more use
    than an error.
    """
    found: dict[str, bytes] = {}
    left = MOST_TEXTS
    for kind, body in _chunks(data):
        name, zero, _ = body[:80].partition(b"\0") if kind in _TEXTS else (b"", b"", b"")
        keyword = name.decode("latin-1").strip().lower()
        if not zero or keyword not in keywords or not left:
            continue
        left -= 1
        if (text := _unpacked(kind, body[len(name) + 1 :])) is not None:
            found[keyword] = text
    return found


def picture(data: bytes) -> bytes | None:
    """Return the picture without what it says besides; None where it is no picture to be drawn."""
    chunks = [(kind, body) for kind, body in _chunks(data) if kind not in _TOLD]
    kinds = {kind for kind, _ in chunks}
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or b"IDAT" not in kinds:
        return None
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        return None
    kept = [(kind, body) for kind, body in chunks if kind != b"IEND"]
    return SIGNATURE + b"".join(_chunk(*one) for one in [*kept, (b"IEND", b"")])


def with_texts(data: bytes, added: Mapping[str, bytes]) -> bytes:
    """Return a picture, as `picture` returns it, with texts of these keywords before its end."""
    end = _chunk(b"IEND", b"")
    if not data.endswith(end):
        raise ValueError("not a picture that ends as a PNG does")
    told = [_chunk(b"tEXt", name.encode("latin-1") + b"\0" + text) for name, text in added.items()]
    return data[: -len(end)] + b"".join(told) + end


def plain(width: int, height: int, rgb: tuple[int, int, int]) -> bytes:
    """Return a picture of one colour."""
    rows = (b"\0" + bytes(rgb) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(*one) for one in parts)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of each part, up to where the file is cut off."""
    at = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        if at + 8 > len(data):
            return
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if len(body) < length:
            return
        yield kind, body
        if kind == b"IEND":
            return
        at += length + 12


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _unpacked(kind: bytes, rest: bytes) -> bytes | None:
    """Return the text of what follows the keyword; None where it cannot be read, or is endless."""
    if kind == b"tEXt":
        return rest[:MAX_TEXT_BYTES]
    if kind == b"zTXt":
        return _inflated(rest[1:])
    flag, rest = rest[:1], rest[2:]
    parts = rest.split(b"\0", 2)  # language, keyword in it, text
    if len(parts) < 3:
        return None
    return _inflated(parts[2]) if flag == b"\1" else parts[2][:MAX_TEXT_BYTES]


def _inflated(data: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, MAX_TEXT_BYTES)
    except zlib.error:
        return None
    return text if unpacker.eof else None
