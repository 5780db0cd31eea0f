"""All files that the generator writes, as bytes by their path in the project."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image

from . import backgrounds, live2d
from .character import BEHAVIOUR, Character, drawn
from .design import Design
from .designs import DESIGNS
from .moc3 import moc3
from .open_rig import encoded, open_rig, texture
from .portrait import portrait


def png(picture: Image.Image) -> bytes:
    """Return a picture as a PNG file, as small as it gets without loss."""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def webp(picture: Image.Image) -> bytes:
    """Return a picture as a WebP file that looks the same, at a quarter of the size."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=92, method=6)
    return out.getvalue()


def folder(design: Design) -> str:
    """Return where the files of a character lie in the project."""
    return f"live2d-models/{design.name}"


def _entry(design: Design) -> dict[str, Any]:
    emotions = {one.name: index for index, one in enumerate(BEHAVIOUR.expressions)}
    emotions |= {
        "happiness": emotions["joy"], "laugh": emotions["laughter"], "smirk": emotions["smugness"],
        "disgust": emotions["anger"], "embarrassment": emotions["shyness"],
    }  # fmt: skip
    return {
        "name": design.name,
        "description": design.description,
        "url": f"/{folder(design)}/{design.name}.model3.json",
        "rig": f"/{folder(design)}/{design.name}.rig.json",
        "picture": f"/avatars/{design.name}.png",
        "kScale": 0.5,
        "initialXshift": 0,
        "initialYshift": 0,
        "idleMotionGroupName": "Idle",
        "defaultEmotion": emotions["neutral"],
        "emotionMap": emotions,
        "tapMotions": {"Head": {"TapHead": 1}, "Body": {"TapBody": 1}},
    }


def model_dict() -> bytes:
    """Return model_dict.json: how clients find them, and the words for their expressions."""
    entries = [_entry(design) for design in DESIGNS]
    return json.dumps(entries, indent=2).encode() + b"\n"


def all_files() -> dict[str, bytes]:
    """Draw everything and return all files; it takes about a minute."""
    files = {"model_dict.json": model_dict(), **backgrounds.files()}
    for design in DESIGNS:
        character = drawn(design)
        files |= model_files(character)
        files[f"avatars/{design.name}.png"] = png(portrait(character))
    return files


def model_files(character: Character) -> dict[str, bytes]:
    """Return both forms of a character."""
    design, behaviour = character.design, character.behaviour
    name = design.name
    files = {
        f"{name}.rig.json": encoded(open_rig(character.model, name, behaviour)),
        f"{name}.moc3": moc3(character.model, name),
        texture(name): webp(character.page),
        live2d.texture(name): png(character.page),
        **live2d.folder(character.model.rig, name, behaviour),
    }
    return {f"{folder(design)}/{file}": data for file, data in files.items()}
