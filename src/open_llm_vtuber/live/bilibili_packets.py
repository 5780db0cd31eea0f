"""The packets of Bilibili's live chat, as bytes; no I/O.

A packet is a header of 16 bytes (length of the packet, length of the header, version, operation,
sequence; big-endian) and a body. Version 0 is JSON, 1 a number, 2 packets compressed with zlib, 3
with brotli, which comes only to whom asked for it (`protover`).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

HEADER = struct.Struct(">IHHII")
HEARTBEAT, HEARTBEAT_REPLY, MESSAGE, ENTER, ENTERED = 2, 3, 5, 7, 8
ZLIB = 2
MAX_UNPACKED_BYTES = 4 * 2**20
"""Of what comes compressed: a small packet can unfold to gigabytes."""
MAX_DEPTH = 2
"""Packets within packets."""


@dataclass(frozen=True)
class Packet:
    """One packet that is not compressed."""

    operation: int
    body: bytes


class PacketError(Exception):
    """What came is no packet."""


def packed(operation: int, content: Any = None) -> bytes:
    """Return a packet with some JSON, or with nothing."""
    body = b"" if content is None else orjson.dumps(content)
    return HEADER.pack(HEADER.size + len(body), HEADER.size, 1, operation, 1) + body


def unpacked(data: bytes, depth: int = 0) -> Iterator[Packet]:
    """Yield the packets in a frame, unfolded. Raises PacketError, after those that are whole."""
    at = 0
    while at < len(data):
        if len(data) - at < HEADER.size:
            raise PacketError("the header is cut off")
        length, header, version, operation, _ = HEADER.unpack_from(data, at)
        if not HEADER.size <= header <= length <= len(data) - at:
            raise PacketError("the lengths are wrong")
        body, at = data[at + header : at + length], at + length
        if operation == MESSAGE and version == ZLIB:
            if depth == MAX_DEPTH:
                raise PacketError("it is folded too deep")
            yield from unpacked(_inflated(body), depth + 1)
        elif operation == MESSAGE and version > ZLIB:
            raise PacketError(f"its version is {version}")
        else:
            yield Packet(operation, body)


def _inflated(body: bytes) -> bytes:
    reader = zlib.decompressobj()
    try:
        found = reader.decompress(body, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise PacketError("it is not compressed as it says") from error
    if reader.unconsumed_tail or not reader.eof:
        raise PacketError("it is cut off, or far too large")
    return found
