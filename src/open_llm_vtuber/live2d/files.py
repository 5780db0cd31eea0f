"""What is wrong with the files of a Live2D model, each fault in a line for its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson

from ..config import ConfigError
from ..config.source import read_text
from ..file_names import is_folder, is_there

FOLDER = "live2d-models"
CUBISM_2 = ("*.model.json", "model.json", "model0.json")
MOST_LINES = 8
"""After so many missing files the others are only counted."""


def like(name: str, candidates: Iterable[str]) -> str:
    """Return `; did you mean ...?` for the candidate most like `name`, capitals aside, or ""."""
    by_lower = {one.lower(): one for one in candidates}
    near = get_close_matches(name.lower(), list(by_lower), n=1)
    return f'; did you mean "{by_lower[near[0]]}"?' if near else ""


def is_cubism_2(place: Path) -> bool:
    """Tell whether a folder holds a model of Cubism 2."""
    return any(next(place.rglob(pattern), None) for pattern in CUBISM_2)


def references(file: Path) -> dict[str, Any]:
    """Return the files that a .model3.json names; what is null or no section counts as none.

    Raises ConfigError or ValueError when it cannot be read.
    """
    model = orjson.loads(read_text(file))
    found = model.get("FileReferences") if isinstance(model, dict) else None
    if not isinstance(found, dict):
        raise ConfigError(["it has no FileReferences"])
    return found


def section(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a section of the references, {} if it is none."""
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[dict[str, Any]]:
    """Return a list of the references as it stands, {} in place of what is no entry."""
    return (
        [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []
    )


def faults(homes: Iterable[Path], info: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the model that `info` describes. It blocks.

    `homes` are the folders that may hold live2d-models/, in the order in which they are served.
    """
    name, places = str(info.get("name", "")), list(homes)
    lines = _no_file(places, name, info.get("rig"), "*.rig.json")
    lines += _no_file(places, name, info.get("vrm"), "*.vrm")
    url = info.get("url")
    if not isinstance(url, str) or "://" in url or url in (info.get("rig"), info.get("vrm")):
        return lines  # it is elsewhere, or drawn by us alone
    path = unquote(url).lstrip("/")
    if path.endswith((".model.json", "/model.json", "/model0.json")):
        return [_too_old(name)]
    lines += _no_file(places, name, url, "*.model3.json")
    file = next((home / path for home in places if is_there(home / path)), None)
    if file is None:
        return lines
    try:
        found = references(file)
    except (ConfigError, ValueError) as error:
        return [f"{path} cannot be read, so {name} cannot be drawn: {error}"]
    missing = list(_missing(file, found))
    if len(missing) > MOST_LINES:
        missing[MOST_LINES:] = [f"and {len(missing) - MOST_LINES} more files of it are missing"]
    return [*lines, *(f"{path}: {line}" for line in [*missing, *_unknown(info, found)])]


def _no_file(homes: list[Path], name: str, address: object, pattern: str) -> list[str]:
    """Return that an entry's address leads to no file of ours, with the nearest that there is."""
    if not isinstance(address, str) or "://" in address:
        return []
    path = unquote(address).lstrip("/")
    if any(is_there(home / path) for home in homes):
        return []
    found = [(home, one) for home in homes for one in (home / FOLDER).rglob(pattern)]
    known = (
        one.relative_to(home).as_posix()
        for home, one in found
        if not one.relative_to(home / FOLDER)
        .parts[0]
        .startswith(".")  # drafts, and what is deleted
    )
    return [f'The model "{name}": there is no {path}{like(path, known)}']


def _too_old(name: str) -> str:
    return (
        f'The model "{name}" is one of Cubism 2, which cannot be drawn: '
        "only those of Cubism 3 and newer can (.model3.json)"
    )


def absent(name: str, known: Iterable[str], place: Path) -> str:
    """Return why the model `name` is not there; `place` is where its folder would be."""
    if is_folder(place):
        return (
            _too_old(name) if is_cubism_2(place) else f"{FOLDER}/{name} holds no .model3.json file"
        )
    return (
        f'live2d_model_name: "{name}" is neither in model_dict.json nor a folder of {FOLDER}'
        f"{like(name, known)}"
    )


def _missing(file: Path, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each file that is named and not there."""
    textures = found.get("Textures")
    named = [found.get(key) for key in ("Moc", "Physics", "Pose", "DisplayInfo", "UserData")]
    named += textures if isinstance(textures, list) else []
    named += [one.get("File") for one in entries(found.get("Expressions"))]
    for group in section(found, "Motions").values():
        named += [one.get("File") for one in entries(group)]
    if not isinstance(found.get("Moc"), str):
        yield "it names no Moc, so it cannot be drawn"
    there: list[str] | None = None
    for path in dict.fromkeys(one for one in named if isinstance(one, str) and one):
        if is_there(file.parent / path):
            continue
        if there is None:
            every = file.parent.rglob("*")
            there = [one.relative_to(file.parent).as_posix() for one in every if one.is_file()]
        yield f'there is no "{path}"{like(path, there)}'


def _unknown(info: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each expression or motion that is called and not there."""
    expressions = entries(found.get("Expressions"))
    names = [str(one["Name"]) for one in expressions if one.get("Name")]
    for index, one in enumerate(expressions):
        if not one.get("Name"):
            yield f"expression {index} has no Name: it can be called by its number only"
    table = info.get("emotionMap")
    called = dict(table) if isinstance(table, dict) else {}
    if info.get("defaultEmotion") is not None:
        called["defaultEmotion"] = info["defaultEmotion"]
    for word, value in called.items() if expressions else ():
        known = value in names or (isinstance(value, int) and -1 <= value < len(expressions))
        known = known or (str(value).isdecimal() and int(value) < len(expressions))
        if not known:
            near = like(str(value), names)
            yield f'"{word}" means expression {value!r}, which there is not{near}'
    motions, idle = section(found, "Motions"), info.get("idleMotionGroupName")
    if motions and isinstance(idle, str) and idle not in motions and idle != "Idle":
        yield f'idleMotionGroupName: there is no group "{idle}" of motions{like(idle, motions)}'
