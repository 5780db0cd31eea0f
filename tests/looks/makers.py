"""Archives as people pack them, and as nobody should."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

from open_llm_vtuber.cards import png
from tests.support.live import PROJECT

WREN = PROJECT / "live2d-models" / "wren"
MOC = (WREN / "wren.moc3").read_bytes()
PICTURE = png.plain(8, 8, (200, 30, 60))


def model3(**references: Any) -> bytes:
    """Return a .model3.json with these references besides moc and picture."""
    files = {"Moc": "cat.moc3", "Textures": ["cat.png"], **references}
    return json.dumps({"Version": 3, "FileReferences": files}).encode()


def expressions(*names: str) -> list[dict[str, str]]:
    return [{"Name": name, "File": f"{name}.exp3.json"} for name in names]


def cat(*names: str, at: str = "cat/") -> dict[str, bytes]:
    """Return the files of a Live2D model with expressions of these names."""
    files = {
        f"{at}cat.model3.json": model3(Expressions=expressions(*names)),
        f"{at}cat.moc3": MOC,
        f"{at}cat.png": PICTURE,
    }
    return files | {f"{at}{name}.exp3.json": b'{"Type": "Live2D Expression"}' for name in names}


def wrens_rig() -> dict[str, bytes]:
    """Return the files of an open rig."""
    return {one: (WREN / one).read_bytes() for one in ("wren.rig.json", "wren.texture.webp")}


def zipped(files: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP of files by path."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def zipped_as(files: Mapping[str, bytes], encoding: str) -> bytes:
    """Return a ZIP whose names are in an encoding that it does not tell."""
    plain = {
        f"{index:04d}".ljust(len(name.encode(encoding)), "_"): name
        for index, name in enumerate(files)
    }
    data = zipped({short: files[name] for short, name in plain.items()}, zipfile.ZIP_STORED)
    for short, name in plain.items():
        data = data.replace(short.encode(), name.encode(encoding))
    return data


def linked(name: str, target: str) -> bytes:
    """Return a ZIP with a symbolic link in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        archive.writestr(info, target)
        for file, data in cat().items():
            archive.writestr(file, data)
    return made.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large."""
    return PICTURE[:16] + struct.pack(">II", width, height) + PICTURE[24:]
