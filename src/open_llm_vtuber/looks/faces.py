"""The faces of a look that is kept: which it can show, and for which feelings it shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from ..config import ConfigError
from ..conversation.speaking.feelings import feeling_named
from ..file_names import is_plain
from ..live2d.files import FOLDER, entries, references
from ..live2d.models import ModelInfo
from .entry import default_emotion
from .errors import LookError
from .found import Expression, Found, Kind
from .json_values import text
from .mapping import FEELINGS
from .rig_file import rig_of
from .vrm import vrm_of


def kind_of(info: ModelInfo) -> Kind:
    """Return what draws a model."""
    return "vrm" if "vrm" in info else "rig" if "rig" in info else "live2d"


def faces_of(folder: Path, info: ModelInfo) -> tuple[Expression, ...]:
    """Return what the face of a model below `folder` can show, as its files say.

    It blocks, and changes nothing. Raises LookError and OSError.
    """
    kind = kind_of(info)
    path = _file(folder, info["url"] if kind == "live2d" else info.get(kind))
    if kind == "vrm":
        return vrm_of(path, path.name).expressions
    if kind == "rig":
        return rig_of(path, path.name).expressions
    try:
        named = entries(references(path).get("Expressions"))
    except (ConfigError, ValueError) as error:
        raise LookError(f"{path.name} cannot be read: {error}") from None
    return tuple(
        Expression(text(one.get("Name"), 80) or str(index), index)
        for index, one in enumerate(named)
    )


def chosen(info: ModelInfo, faces: Sequence[Expression]) -> dict[str, int | str]:
    """Return feeling -> expression, as the entry of a look says it in whatever words."""
    values = {one.value for one in faces}
    by_name: dict[int | str, int | str] = {one.name: one.value for one in faces}
    found: dict[str, int | str] = {}
    for word, value in _map_of(info).items():
        feeling = feeling_named(word)
        if feeling is None or not isinstance(value, int | str):
            continue
        shown = value if value in values else by_name.get(value)
        if shown is not None:
            found.setdefault(feeling, shown)
    return {feeling: found[feeling] for feeling in FEELINGS if feeling in found}


def changed(
    info: ModelInfo, faces: Sequence[Expression], emotions: Mapping[str, int | str]
) -> dict[str, Any]:
    """Return what of the entry of a look is another one where it shows these faces.

    Words of its `emotionMap` that name no feeling of ours stay. Raises LookError.
    """
    check(faces, emotions)
    before = _map_of(info)
    others = {word: value for word, value in before.items() if feeling_named(word) not in FEELINGS}
    change: dict[str, Any] = {"emotionMap": {**others, **emotions}}
    if "neutral" in emotions or any(feeling_named(word) == "neutral" for word in before):
        model = Found(kind_of(info), "", "", tuple(faces))
        change["defaultEmotion"] = default_emotion(model, emotions)
    return change


def check(faces: Sequence[Expression], emotions: Mapping[str, int | str]) -> None:
    """See that all that is chosen is there. Raises LookError."""
    values = {one.value for one in faces}
    for feeling, value in emotions.items():
        if feeling not in FEELINGS or value not in values:
            raise LookError(f"The look has no such expression for {feeling!r}.")


def _map_of(info: ModelInfo) -> Mapping[str, object]:
    found: object = info.get("emotionMap")
    return found if isinstance(found, dict) else {}


def _file(folder: Path, address: object) -> Path:
    """Return the file at an address below the folder of the looks. Raises LookError."""
    path = unquote(address).lstrip("/") if isinstance(address, str) else ""
    parts = PurePosixPath(path).parts
    inside = is_plain(path) and ".." not in parts and parts[:1] == (FOLDER,)
    if not inside or not (folder / path).is_file():
        raise LookError("The files of this look are not in live2d-models/.")
    return folder / path
