"""What a VRM file says of itself, of version 0 and 1: name, faces, terms, and a small picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .errors import LookError
from .found import Expression, Found
from .glb import Glb, read
from .json_values import listed, mapping, text, whole

OLD_NAMES: Mapping[str, str] = {
    "joy": "happy",
    "angry": "angry",
    "sorrow": "sad",
    "fun": "relaxed",
    "neutral": "neutral",
    "a": "aa",
    "i": "ih",
    "u": "ou",
    "e": "ee",
    "o": "oh",
    "blink": "blink",
    "blink_l": "blinkLeft",
    "blink_r": "blinkRight",
    **{f"look{way}": f"look{way.capitalize()}" for way in ("up", "down", "left", "right")},
}
"""Presets of version 0, and what version 1 and the renderer call them."""
NO_FACES = frozenset(OLD_NAMES.values()) - {"happy", "angry", "sad", "relaxed", "neutral"}
"""What the voice, the blinking and the gaze move."""
_FACES = ("neutral", "happy", "angry", "sad", "relaxed", "surprised")
_MEANT = {"happy": "joy", "angry": "anger", "sad": "sadness", "surprised": "surprise"}
_UNREAD = {
    "KHR_draco_mesh_compression": "its meshes are compressed (Draco)",
    "EXT_meshopt_compression": "its meshes are compressed (meshopt)",
    "KHR_texture_basisu": "its pictures are compressed (Basis)",
}
MAX_THUMBNAIL_BYTES = 4 * 2**20


def vrm_of(path: Path, file: str) -> Found:
    """Return what a VRM is. `file` is its path as it is told. It blocks. Raises LookError."""
    glb = read(path)
    extensions = mapping(glb.json, "extensions")
    new, old = mapping(extensions, "VRMC_vrm"), mapping(extensions, "VRM")
    if not new and not old:
        raise LookError(
            f"{path.name} is a 3D file, but no VRM: it does not say which bones are whose. "
            "Export it as VRM."
        )
    for one in listed(glb.json.get("extensionsRequired")):
        if reason := _UNREAD.get(str(one)):
            raise LookError(f"{path.name} cannot be drawn here: {reason}. Export it without that.")
    bones = mapping(new or old, "humanoid").get("humanBones")
    if not bones:
        raise LookError(f"{path.name} has no bones of a person, so it cannot be moved.")
    meta = mapping(new or old, "meta")
    name = text(meta.get("name") or meta.get("title"), 80) or Path(file).stem
    faces = _new_faces(new) if new else _old_faces(old)
    names = [one for one in dict.fromkeys(faces) if one not in NO_FACES]
    return Found(
        kind="vrm",
        file=file,
        name=name,
        expressions=tuple(Expression(one, one, _MEANT.get(one)) for one in names),
        missing=() if names else ("It has no expressions: its face moves only as it talks.",),
        licence="\n".join(_terms(meta)),
        thumbnail=_thumbnail(glb, meta),
    )


def _new_faces(vrm: Mapping[str, Any]) -> Iterator[str]:
    expressions = mapping(vrm, "expressions")
    preset = mapping(expressions, "preset")
    yield from (one for one in _FACES if one in preset)
    yield from (text(one) for one in mapping(expressions, "custom") if text(one))


def _old_faces(vrm: Mapping[str, Any]) -> Iterator[str]:
    for one in listed(mapping(vrm, "blendShapeMaster").get("blendShapeGroups")):
        if isinstance(one, dict):
            preset = text(one.get("presetName")).lower()
            name = OLD_NAMES.get(preset) or text(one.get("name"))
            if name:
                yield name


def _terms(meta: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the file says may be done with it, a line each."""
    authors = [text(one) for one in listed(meta.get("authors"))[:20]] or [text(meta.get("author"))]
    named = {
        "By": ", ".join(filter(None, authors)),
        "Copyright": text(meta.get("copyrightInformation")),
        "Licence": text(meta.get("licenseUrl") or meta.get("licenseName")),
        "More": text(meta.get("otherLicenseUrl")),
        "Who may appear as this": text(meta.get("avatarPermission") or meta.get("allowedUserName")),
        "Commercial use": text(meta.get("commercialUsage") or meta.get("commercialUssageName")),
        "May be passed on": _said(meta.get("allowRedistribution")),
        "May be changed": text(meta.get("modification")),
        "Credit": text(meta.get("creditNotation")),
    }
    yield from (f"{label}: {said}" for label, said in named.items() if said)


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else ""


def _thumbnail(glb: Glb, meta: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return where in the file its small picture is, and its length; None without one."""
    index = whole(meta.get("thumbnailImage"), -1)
    if index < 0:
        texture = mapping(listed(glb.json.get("textures")), whole(meta.get("texture"), -1))
        index = whole(texture.get("source"), -1)
    if not 0 <= index < len(listed(glb.json.get("images"))):
        return None
    start, length = glb.picture(index)
    return (start, length) if length <= MAX_THUMBNAIL_BYTES else None
