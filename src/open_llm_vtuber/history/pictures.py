"""A picture that was shown with a message, as it is stored and as a data URL; pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

_DATA_URL = re.compile(r"data:image/[\w.+-]+(?:;[\w=.+-]+)*;base64,")
_BEGINNINGS = (
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/gif", b"GIF8"),
)
_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Picture:
    """The bytes of a file; it is called by the SHA-256 of them."""

    name: str
    mime_type: str
    data: bytes

    @property
    def data_url(self) -> str:
        """Return it as a model and a page take it."""
        return f"data:{self.mime_type};base64,{base64.b64encode(self.data).decode()}"


def is_name(text: str) -> bool:
    """Whether a picture can be called like this."""
    return _NAME.fullmatch(text) is not None


def picture_of(data_url: str) -> Picture | None:
    """Return the picture of a data URL; None for what is no JPEG, PNG, GIF or WebP.

    What it is, its bytes say: what the URL says of it is not believed.
    """
    head = _DATA_URL.match(data_url)
    if head is None:
        return None
    try:
        data = base64.b64decode(data_url[head.end() :])
    except (binascii.Error, ValueError):
        return None
    mime_type = _type_of(data)
    return Picture(sha256(data).hexdigest(), mime_type, data) if mime_type else None


def pictures_of(data_urls: Iterable[str]) -> list[Picture]:
    """Return those that can be stored, in order."""
    return [one for one in map(picture_of, data_urls) if one]


def _type_of(data: bytes) -> str:
    for mime_type, beginning in _BEGINNINGS:
        if data.startswith(beginning):
            return mime_type
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""
