"""The entry of model_dict.json for a look that a person added; pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from .found import Found

NO_EXPRESSION = -1
"""As `defaultEmotion`: the face as the model was drawn."""


def entry_of(
    found: Found,
    name: str,
    home: str,
    emotions: Mapping[str, int | str],
    picture: str | None,
) -> dict[str, Any]:
    """Return the entry of a model whose folder is served at `home`."""

    def address(file: str) -> str:
        return quote(f"{home}/{file}")

    entry: dict[str, Any] = {"name": name, "url": address(found.model3 or found.file)}
    if found.kind != "live2d":
        entry[found.kind] = address(found.file)
    if picture:
        entry["picture"] = address(picture)
    entry |= {
        "kScale": 0.5,
        "initialXshift": 0,
        "initialYshift": 0,
        "idleMotionGroupName": found.idle,
        "defaultEmotion": default_emotion(found, emotions),
        "emotionMap": dict(emotions),
        "tapMotions": {area: dict(groups) for area, groups in found.taps.items()},
    }
    return entry


def default_emotion(found: Found, emotions: Mapping[str, int | str]) -> int | str:
    """Return the expression that she returns to: the neutral one, or none at all."""
    if "neutral" in emotions:
        return emotions["neutral"]
    return 0 if found.kind == "rig" else NO_EXPRESSION


def root_of(found: Found) -> str:
    """Return the folder of a model's main file, "" where it is the topmost."""
    folder = PurePosixPath(found.file).parent.as_posix()
    return "" if folder == "." else folder


def without_root(path: str, root: str) -> str:
    """Return a path counted from the folder of the main file."""
    return path.removeprefix(f"{root}/") if root else path
