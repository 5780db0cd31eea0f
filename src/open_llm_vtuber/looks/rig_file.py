"""What an open rig says of itself; the page reads it in full before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .errors import LookError
from .found import Expression, Found
from .json_values import listed, mapping, names, read_json, text

VERSION = 1
MOST_TAPS = 50
"""Places of a model that answer a tap, and motions with which one does."""
KEYS = frozenset({"meshes", "warps", "parameters", "lipSync"})
"""By which a rig is known, whatever its file is called."""


def is_rig(value: object) -> bool:
    """Return whether some JSON is meant to be an open rig."""
    return isinstance(value, dict) and value.keys() >= KEYS


def rig_of(path: Path, file: str) -> Found:
    """Return what a rig is. It blocks. Raises LookError and OSError."""
    try:
        rig = read_json(path.read_bytes())
    except ValueError as error:
        raise LookError(f"{path.name} is no JSON: {error}.") from None
    if not isinstance(rig, dict) or rig.get("version") != VERSION:
        raise LookError(f"{path.name} is no open rig of version {VERSION}.")
    missing = list(_missing(path, rig.get("textures")))
    if missing:
        raise LookError(f"{path.name} cannot be drawn: {'; '.join(missing[:4])}.")
    faces = [text(one.get("name")) for one in listed(rig.get("expressions")) if _is_object(one)]
    groups = names(mapping(rig, "motions"))
    areas = [text(one.get("name")) for one in listed(rig.get("hitAreas")) if _is_object(one)]
    name = text(rig.get("name"), 80) or path.name.removesuffix(".json").removesuffix(".rig")
    return Found(
        kind="rig",
        file=file,
        name=name,
        expressions=tuple(Expression(one, index) for index, one in enumerate(faces)),
        missing=() if faces else ("It has no expressions: its face moves only as it talks.",),
        idle=next((one for one in groups if one.lower() == "idle"), "Idle"),
        taps=taps(areas, groups),
    )


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _missing(path: Path, textures: object) -> Iterator[str]:
    if not listed(textures):
        yield "it names no picture"
    there = {each.name for each in path.parent.iterdir() if each.is_file()}
    for one in listed(textures):
        if not isinstance(one, str) or Path(one).name != one or one in ("", ".", ".."):
            yield "a picture that it names does not lie beside it"
        elif one not in there:
            yield f'there is no "{one[:80]}" beside it'


def taps(areas: list[str], groups: list[str]) -> dict[str, dict[str, int]]:
    """Return which motions answer a tap where: those that are called so, of that area if any is."""
    tapped = [one for one in groups if one.lower().startswith("tap")][:MOST_TAPS]
    named = [area for area in areas if area][:MOST_TAPS]
    own = {area: [one for one in tapped if area.lower() in one.lower()] for area in named}
    chosen = own if any(own.values()) else dict.fromkeys(named, tapped)
    return {area: dict.fromkeys(some, 1) for area, some in chosen.items() if some}
