"""A binary glTF file: its JSON, and the pictures in it, within bounds."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .errors import LookError, LookTooLargeError
from .json_values import listed, mapping, read_json, whole
from .pictures import HEAD_BYTES, MAX_ALL_PIXELS, pixels

MARK = b"glTF"
MAX_JSON_BYTES = 32 * 2**20
MOST_PICTURES = 256
_READABLE = frozenset({"image/png", "image/jpeg", "image/webp"})

_ANEW = "Export it anew as VRM in the program that made it."


@dataclass(frozen=True)
class Glb:
    """What is known of a file."""

    path: Path
    json: Mapping[str, Any]
    start: int
    """Where its binary part begins, bytes."""
    length: int
    """Of that part, bytes."""

    def picture(self, index: int) -> tuple[int, int]:
        """Return where in the file a picture is, and its length; bytes. Raises LookError."""
        image = mapping(listed(self.json.get("images")), index)
        if image.get("uri") is not None:
            raise LookError(
                f"{self.path.name} needs a file beside it, which a VRM does not. {_ANEW}"
            )
        view = mapping(listed(self.json.get("bufferViews")), whole(image.get("bufferView"), -1))
        offset, length = whole(view.get("byteOffset"), 0), whole(view.get("byteLength"), 0)
        if offset < 0 or length <= 0 or offset + length > self.length:
            raise LookError(f"{self.path.name} is damaged: a picture lies outside of it. {_ANEW}")
        return self.start + offset, length


def read(path: Path) -> Glb:
    """Return what is in a file, its pictures looked at. It blocks. Raises LookError and OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        glb = _opened(file, path, size)
        _check_pictures(file, glb)
    return glb


def _opened(file: IO[bytes], path: Path, size: int) -> Glb:
    head = file.read(20)
    if len(head) < 20 or head[:4] != MARK:
        raise LookError(f"{path.name} is no VRM: it does not begin as one.")
    version, whole_length, json_length, kind = struct.unpack("<4x2I2I", head)
    if version != 2 or kind != 0x4E4F534A:
        raise LookError(f"{path.name} is of a version of glTF that is not known here. {_ANEW}")
    if whole_length > size or 20 + json_length > size:
        raise LookError(f"{path.name} is cut off: get it once more.")
    if json_length > MAX_JSON_BYTES:
        raise LookTooLargeError(f"{path.name} describes more than a character has. {_ANEW}")
    try:
        json = read_json(file.read(json_length))
    except ValueError:
        json = None
    if not isinstance(json, dict):
        raise LookError(f"{path.name} is damaged: its description cannot be read. {_ANEW}")
    chunk = file.read(8)
    length = struct.unpack("<I4x", chunk)[0] if len(chunk) == 8 else 0
    start = 28 + json_length
    if start + length > size and length:
        raise LookError(f"{path.name} is cut off: get it once more.")
    buffers = listed(json.get("buffers"))
    if any(mapping(buffers, index).get("uri") is not None for index in range(len(buffers))):
        raise LookError(f"{path.name} needs a file beside it, which a VRM does not. {_ANEW}")
    return Glb(path, json, start, length)


def _check_pictures(file: IO[bytes], glb: Glb) -> None:
    images = listed(glb.json.get("images"))
    if len(images) > MOST_PICTURES:
        raise LookTooLargeError(f"{glb.path.name} holds more than {MOST_PICTURES} pictures.")
    total = 0
    for index in range(len(images)):
        start, length = glb.picture(index)
        kind = mapping(images, index).get("mimeType")
        if kind is not None and kind not in _READABLE:
            raise LookError(f"{glb.path.name} holds a picture that no browser reads. {_ANEW}")
        file.seek(start)
        total += pixels(file.read(min(length, HEAD_BYTES)), f"Picture {index} of {glb.path.name}")
    if total > MAX_ALL_PIXELS:
        raise LookTooLargeError(
            f"The pictures of {glb.path.name} are too large together: no graphics card holds them."
        )
