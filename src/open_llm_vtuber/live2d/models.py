"""How the character is drawn: its entry of model_dict.json, as users keep it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from loguru import logger

from ..config import ConfigError
from ..config.source import read_text
from ..file_names import is_folder
from ..shipped import ours
from .files import FOLDER, absent, entries, faults, references, section

_PICTURES = (".png", ".jpg", ".jpeg")

ModelInfo = dict[str, Any]
"""The entry as it stands in the file: clients get all of its keys, also those we do not know."""


@dataclass(frozen=True)
class ModelFolder:
    """A folder that holds a model; its paths are below the server's address."""

    name: str
    path: str
    avatar: str | None


def load_model_info(folder: Path, name: str) -> ModelInfo:
    """Return the entry called `name` of `folder`/model_dict.json.

    Without such an entry it is described from the model's own folder. A file that cannot be read is
    logged and counts as none. It blocks.
    """
    for entry in _dictionary(folder / "model_dict.json"):
        if isinstance(entry, dict) and entry.get("name") == name and "url" in entry:
            return entry
    if not is_folder(folder / FOLDER / name):  # then it may be one of ours
        for entry in _dictionary(ours() / "model_dict.json"):
            if entry.get("name") == name:
                found: ModelInfo = entry
                return found
    return _described(folder, name)


def list_models(folder: Path) -> list[ModelFolder] | None:
    """Return the folders in `folder`/live2d-models that hold a model; None without that folder.

    It blocks.
    """
    home = folder / "live2d-models"
    if not home.is_dir():
        return None
    found = []
    for place in sorted(home.iterdir()):
        if place.is_dir() and place.name[0] != "." and (model := _model_file(place)):
            pictures = [place / f"{place.name}{suffix}" for suffix in _PICTURES]
            avatar = next((picture for picture in pictures if picture.is_file()), None)
            path = quote(model.relative_to(folder).as_posix())
            picture = quote(avatar.relative_to(folder).as_posix()) if avatar else None
            found.append(ModelFolder(place.name, path, picture))
    return found


def model_names(folder: Path, *, listed: bool = False) -> list[str]:
    """Return what `live2d_model_name` can say, sorted; `listed`: of this model_dict.json alone.

    It blocks.
    """
    entries = _dictionary(folder / "model_dict.json")
    entries += [] if listed else _dictionary(ours() / "model_dict.json")
    found = {
        str(one["name"])
        for one in entries
        if isinstance(one, dict) and one.get("name") and "url" in one
    }
    home = folder / FOLDER
    if not listed and home.is_dir():
        found |= {
            one.name
            for one in home.iterdir()
            if one.is_dir() and one.name[0] != "." and (_model_file(one) or _drawn_by_us(one))
        }
    return sorted(found, key=lambda name: (name.casefold(), name))


def _drawn_by_us(place: Path) -> tuple[str, Path] | None:
    """Return the VRM or the open rig in a folder, and the key that names it in an entry."""
    for key, pattern in (("vrm", "*.vrm"), ("rig", "*.rig.json")):
        if files := [file for file in place.rglob(pattern) if file.is_file()]:
            return key, min(files, key=lambda file: (len(file.parts), file.name))
    return None


def _model_file(place: Path) -> Path | None:
    """Return the model3.json in a folder or below it, as in `runtime/`; the nearest one."""
    own = place / f"{place.name}.model3.json"
    if own.is_file():
        return own
    files = [file for file in place.rglob("*.model3.json") if file.is_file()]
    return min(files, key=lambda file: (len(file.parts), file.name), default=None)


def _dictionary(path: Path) -> list[Any]:
    found, problem = _read_dictionary(path)
    if problem:
        logger.error("{}", problem)
    return found


def _read_dictionary(path: Path) -> tuple[list[Any], str]:
    """Return the entries of a model_dict.json, and what is wrong with the whole of it."""
    if not path.is_file():
        return [], ""
    try:
        found = orjson.loads(read_text(path))
    except (ConfigError, ValueError) as error:
        return [], f"{path.name} cannot be read, so no model of it is used: {error}"
    if not isinstance(found, list):
        return [], f"{path.name} must be a list of models: [{{...}}]"
    return found, ""


def _described(folder: Path, name: str) -> ModelInfo:
    """Return what a model's own folder tells of it; clients need at least a `url`."""
    home = folder / "live2d-models"
    place = home / name
    file = _model_file(place) if _is_inside(home, name) else None
    info: ModelInfo = {
        "name": name,
        "url": quote(f"/{FOLDER}/{name}/{name}.model3.json"),
        "kScale": 0.5,
        "initialXshift": 0,
        "initialYshift": 0,
        "idleMotionGroupName": "Idle",
        "emotionMap": {},
    }
    if file is None:
        if _is_inside(home, name) and (own := _drawn_by_us(place)):
            key, path = own
            info["url"] = info[key] = quote("/" + path.relative_to(folder).as_posix())
        return info
    rig = file.with_name(file.name.replace(".model3.json", ".rig.json"))
    if rig.is_file():  # an open rig, which needs nothing of Live2D's
        info["rig"] = quote("/" + rig.relative_to(folder).as_posix())
    info["url"] = quote("/" + file.relative_to(folder).as_posix())
    try:
        found = references(file)
    except (ConfigError, ValueError) as error:
        logger.warning("{} cannot be read: {}", file.name, error)
        return info
    motions = list(section(found, "Motions"))
    idle = [group for group in motions if group.lower() == "idle"]
    info["idleMotionGroupName"] = (idle or motions or ["Idle"])[0]
    info["emotionMap"] = {
        str(one["Name"]).lower(): index
        for index, one in enumerate(entries(found.get("Expressions")))
        if one.get("Name")
    }
    info["tapMotions"] = {}
    return info


def model_problems(folder: Path, name: str, info: ModelInfo) -> list[str]:
    """Return what is wrong with the files of the model that `info` describes. It blocks."""
    homes = (folder, ours())
    own, problem = _read_dictionary(folder / "model_dict.json")
    found = [problem] if problem else []
    found += [
        f'model_dict.json: the entry "{name}" has no url, so it is not used'
        for one in own
        if isinstance(one, dict) and one.get("name") == name and "url" not in one
    ]
    dictionaries = [*own, *_dictionary(ours() / "model_dict.json")]
    listed = [one["name"] for one in dictionaries if isinstance(one, dict) and "name" in one]
    if name not in listed and not any(
        _model_file(home / FOLDER / name) or _drawn_by_us(home / FOLDER / name)
        for home in homes
        if _is_inside(home / FOLDER, name)
    ):
        folders = [
            one.name for home in homes for one in (home / FOLDER).glob("[!.]*") if one.is_dir()
        ]
        return [*found, absent(name, [*map(str, listed), *folders], folder / FOLDER / name)]
    return [*found, *faults(homes, info)]


def _is_inside(home: Path, name: str) -> bool:
    place = home / name
    return is_folder(place) and place.resolve().parent == home.resolve()


def emotions(info: ModelInfo) -> dict[str, int | str]:
    """Return the words that stand for an expression, in lower case, and the expression of each."""
    table = info.get("emotionMap")
    if not isinstance(table, dict):
        return {}
    return {str(key).lower(): value for key, value in table.items() if isinstance(value, int | str)}
