"""Cards as programs of different makers write them, by hand after the public specifications."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from pathlib import Path

from open_llm_vtuber.cards import png

DATA = Path(__file__).parent / "data"
PICTURE = png.plain(8, 12, (200, 30, 60))


def json_card(name: str) -> bytes:
    """Return a card of data/ as it is."""
    return (DATA / f"{name}.json").read_bytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a part of a PNG."""
    crc = zlib.crc32(kind + body)
    return len(body).to_bytes(4, "big") + kind + body + crc.to_bytes(4, "big")


def in_png(*parts: bytes) -> bytes:
    """Return a picture with parts right before its end."""
    end = chunk(b"IEND", b"")
    return PICTURE.removesuffix(end) + b"".join(parts) + end


def text(keyword: str, card: bytes) -> bytes:
    """Return a card in a tEXt part, as specified."""
    return chunk(b"tEXt", keyword.encode() + b"\0" + base64.b64encode(card))


def charx(card: bytes, *, prefix: bytes = b"") -> bytes:
    """Return a CHARX with a picture, behind another one where a program puts it first."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", card)
        archive.writestr("assets/icon/images/main.png", PICTURE)
    return prefix + packed.getvalue()


def with_icon(card: bytes) -> bytes:
    """Return a card of version 3 whose picture is a file beside it."""
    return card.replace(b"ccdefault:", b"embeded://assets/icon/images/main.png")


FILES = {
    "keeper.png": in_png(text("chara", json_card("keeper_v1"))),
    "botanist.json": json_card("botanist_v2"),
    "smith.charx": charx(with_icon(json_card("smith_v3"))),
    "teahouse.png": in_png(text("Chara", json_card("teahouse_zh")), text("ccv3", b"{broken")),
    "robot.png": in_png(
        chunk(b"zTXt", b"chara\0\0" + zlib.compress(base64.b64encode(json_card("robot_older"))))
    ),
    "wrong_types.json": b"\xef\xbb\xbf" + json_card("wrong_types"),
    "almost_empty.png": in_png(
        chunk(b"iTXt", b"ccv3\0\1\0en\0\0" + zlib.compress(json_card("almost_empty")))
    ),
    "traps.json": json_card("traps"),
    "doubled.png": in_png(
        text("chara", json_card("keeper_v1")), text("ccv3", json_card("doubled"))
    ),
    "archive.png": in_png(
        chunk(b"tEXt", b"chara\0" + base64.urlsafe_b64encode(json_card("archive_big")).rstrip(b"="))
    ),
}
"""Ten cards; the names of their files tell nothing of what is in them."""
NAMES = {
    "keeper.png": "Maren",
    "botanist.json": "Odile",
    "smith.charx": "Ishara",
    "teahouse.png": "阿槿",
    "robot.png": "Unit 7",
    "wrong_types.json": "42",
    "almost_empty.png": "Nix",
    "traps.json": "no",
    "doubled.png": "Right",
    "archive.png": "Ars 📚",
}
"""What each calls herself."""
