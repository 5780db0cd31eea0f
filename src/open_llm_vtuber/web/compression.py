"""Files in a shorter form: one that lies beside them, or one that is made once and kept."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

SUFFIXES = frozenset({".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt"})
SMALLEST_BYTES = 1024
"""Less fits into one packet anyway."""
LARGEST_BYTES = 8 * 2**20
"""More would occupy a processor too long for who happens to ask first."""
KEPT_BYTES = 32 * 2**20
LEVEL = 9

BESIDE = {"br": ".br", "gzip": ".gz"}
"""In the order in which they are preferred."""

_Key = tuple[str, int, int]


def accepted(header: str) -> frozenset[str]:
    """Return the encodings that an Accept-Encoding header allows by name."""
    found = set()
    for part in header.split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(name.strip().lower())
    return frozenset(found)


class CompressedFiles:
    """Keeps what it has compressed, up to KEPT_BYTES; what was not asked for longest goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self._bytes = 0

    async def find(
        self, path: str, stat: os.stat_result, encodings: frozenset[str]
    ) -> tuple[str, Path | bytes] | None:
        """Return the encoding and the shorter form of a file, if it is worth while.

        It compresses in a thread: the event loop is not kept.
        """
        if Path(path).suffix.lower() not in SUFFIXES or stat.st_size < SMALLEST_BYTES:
            return None
        if beside := await asyncio.to_thread(_beside, path, stat, encodings):
            return beside
        if "gzip" not in encodings or stat.st_size > LARGEST_BYTES:
            return None
        key = (path, stat.st_mtime_ns, stat.st_size)
        content = self._kept.get(key)
        if content is None:
            content = await asyncio.to_thread(_compress, path)
            self._keep(key, content)
        else:
            self._kept.move_to_end(key)
        return ("gzip", content) if len(content) < stat.st_size else None

    def _keep(self, key: _Key, content: bytes) -> None:
        if key in self._kept:
            return
        self._kept[key] = content
        self._bytes += len(content)
        while self._bytes > KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest)


def _beside(
    path: str, stat: os.stat_result, encodings: frozenset[str]
) -> tuple[str, Path | bytes] | None:
    for encoding, suffix in BESIDE.items():
        other = Path(path + suffix)
        # An older one is that of an older file.
        if (
            encoding in encodings
            and other.is_file()
            and other.stat().st_mtime_ns >= stat.st_mtime_ns
        ):
            return encoding, other
    return None


def _compress(path: str) -> bytes:
    return gzip.compress(Path(path).read_bytes(), LEVEL, mtime=0)


def shorter_headers(whole: Mapping[str, str], encoding: str) -> dict[str, str]:
    """Return the headers of the shorter form of a file whose own headers are `whole`."""
    kept = {k: v for k, v in whole.items() if k not in ("content-length", "accept-ranges")}
    etag = whole["etag"].removesuffix('"') + f'-{encoding}"'
    return {**kept, "content-encoding": encoding, "etag": etag}
