"""The files that cards come in: PNG, JSON, and CHARX, which is a ZIP; each within bounds. Pure."""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from . import png
from .card import Card, CardError
from .reading import MAX_JSON_BYTES, parse

MAX_FILE_BYTES = 20 * 2**20
_KEYWORDS = ("ccv3", "chara")
"""Of the texts in a PNG that hold a card; the first that is there counts."""
MOST_ZIPPED = 2000
"""Files in a CHARX."""

_ANEW = "Export the character anew as PNG or JSON in the program that made it."
_EMBEDDED = re.compile(r"embedd?ed://(.+)", re.IGNORECASE)
_DIRECTORY = b"PK\5\6"
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(OSError, EOFError, ValueError),
)
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those of which no more is unpacked than is read."""


@dataclass(frozen=True)
class CardFile:
    """A card, and what came with it."""

    card: Card
    notes: tuple[str, ...] = ()
    """A line for each thing that was lost."""
    picture: bytes | None = None
    """Of the character: a PNG or a JPEG."""

    @property
    def suffix(self) -> str:
        """Return how the name of a file with the picture ends."""
        return ".png" if self.picture and png.is_png(self.picture) else ".jpg"


def read(data: bytes) -> CardFile:
    """Return the card in a file. It takes a thread some time; raises CardError."""
    if len(data) > MAX_FILE_BYTES:
        raise CardError(f"The file is larger than {MAX_FILE_BYTES // 2**20} MiB. {_ANEW}")
    if png.is_png(data):
        return _from_png(data)
    if data[:4] == b"PK\3\4" or (data[:3] == b"\xff\xd8\xff" and _DIRECTORY in data[-66_000:]):
        return _from_zip(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        card, notes = parse(data)
        return CardFile(card, tuple(notes))
    if data[:3] == b"\xff\xd8\xff" or data[:4] in (b"RIFF", b"GIF8"):
        raise CardError(
            "Only PNG pictures hold a card; this one was saved as something else, and the card is "
            f"lost. {_ANEW}"
        )
    raise CardError(f"This file is no character card: neither PNG nor JSON nor CHARX. {_ANEW}")


def _from_png(data: bytes) -> CardFile:
    texts = png.texts(data, _KEYWORDS)
    held = [texts[name] for name in _KEYWORDS if name in texts]
    if not held:
        raise CardError(
            "This picture holds no character card. Programs that save or shrink pictures throw it "
            f"away: take the original file. {_ANEW}"
        )
    picture = png.picture(data)
    lost = [] if picture else ["The picture cannot be used; the character has none."]
    failure = CardError("")
    for text in held:
        try:
            card, notes = parse(_decoded(text))
        except CardError as error:
            failure = error
            lost.append("The newer of two cards in the file is broken; the older one was read.")
            continue
        return CardFile(card, (*notes, *lost), picture)
    raise failure


def _decoded(text: bytes) -> bytes:
    """Return the JSON of a text that is base64, as the specifications want it, or plain JSON."""
    bare = text.strip()
    if bare[:1] == b"{":
        return bare
    bare = b"".join(bare.split()).replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except ValueError:
        raise CardError(f"The card in this picture is damaged. {_ANEW}") from None


def _from_zip(data: bytes) -> CardFile:
    try:
        with _opened(data) as archive:
            card, notes = parse(_member(archive, "card.json", MAX_JSON_BYTES))
            picture = _icon(archive, card)
    except KeyError:
        raise CardError(f"This ZIP is no CHARX: it has no card.json. {_ANEW}") from None
    except _DAMAGE:
        raise CardError(f"This CHARX is damaged, or locked with a password. {_ANEW}") from None
    if picture is None:
        notes.append("No picture was found that can be used: PNG and JPEG can.")
    notes.append("Of the files in the CHARX only the card and its picture are taken.")
    return CardFile(card, tuple(notes), picture)


def _opened(data: bytes) -> zipfile.ZipFile:
    """Open an archive whose list of files is short: it is read whole."""
    end = data.rfind(_DIRECTORY)
    if end < 0 or len(data) < end + 22:
        raise zipfile.BadZipFile
    _, count, size = struct.unpack("<HHI", data[end + 8 : end + 16])
    if count > MOST_ZIPPED or size > 2**20 or data[max(0, end - 20) :][:4] == b"PK\6\7":
        raise CardError(f"The CHARX has more than {MOST_ZIPPED} files. {_ANEW}")
    return zipfile.ZipFile(io.BytesIO(data))


def _member(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Return a file of an archive, not more than one byte over the limit. Raises KeyError."""
    if archive.getinfo(name).compress_type not in _PACKINGS:
        raise zipfile.BadZipFile
    with archive.open(name) as file:
        return file.read(max_bytes + 1)


def _icon(archive: zipfile.ZipFile, card: Card) -> bytes | None:
    """Return the picture of the character, the main one first."""
    for name in _icons(card.other.get("assets")):
        try:
            data = _member(archive, name, MAX_FILE_BYTES)
        except KeyError:
            continue
        if (found := usable_picture(data)) is not None:
            return found
    return None


def _icons(assets: object) -> Sequence[str]:
    if not isinstance(assets, list):
        return ()
    icons = [one for one in assets if isinstance(one, dict) and one.get("type") == "icon"]
    icons.sort(key=lambda one: one.get("name") != "main")
    found = (_EMBEDDED.fullmatch(str(one.get("uri"))) for one in icons[:4])
    return [match[1] for match in found if match]


def usable_picture(data: bytes) -> bytes | None:
    """Return a picture that a page draws, a PNG or JPEG; None where it is none."""
    if len(data) > MAX_FILE_BYTES:
        return None
    if png.is_png(data):
        return png.picture(data)
    return data if data[:3] == b"\xff\xd8\xff" else None
