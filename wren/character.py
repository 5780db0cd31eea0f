"""Puts a character together: draws all layers, packs them, rigs them."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from . import arms, body, face, patches, symbols
from .atlas import Atlas
from .behaviour import Behaviour
from .design import Design, Layer
from .expressions import EXPRESSIONS
from .kit import Kit
from .motions import MOTIONS
from .parameters import PARAMETERS
from .physics import PHYSICS
from .rig import Compiled, compiled
from .rig_body import add_all

BEHAVIOUR = Behaviour(EXPRESSIONS, MOTIONS, PHYSICS)

_LAYERS: dict[str, Layer] = {
    "Neck": body.neck,
    "ArmUpper": arms.upper,
    "ArmLower": arms.lower,
    "HandRelaxed": arms.relaxed,
    "HandOpen": arms.open_hand,
    "HandChin": arms.chin_hand,
    "HandFist": arms.fist,
    "Face": face.face,
    "Nose": face.nose,
    "CheekR": lambda p: face.blush(p, -1),
    "CheekL": lambda p: face.blush(p, 1),
    "TearR": lambda p: symbols.tear(p, -1),
    "TearL": lambda p: symbols.tear(p, 1),
    "MirthR": lambda p: symbols.mirth(p, -1),
    "MirthL": lambda p: symbols.mirth(p, 1),
    "Sweat": symbols.sweat,
    "Vein": symbols.vein,
    "Note": lambda _: symbols.note(),
}
"""What every character has, drawn in place on the canvas, in full size; a design adds its own."""

_COARSE: dict[str, Layer] = {
    "TintFear": face.tint_fear,
    "TintAnger": lambda _: face.tint_anger(),
    "TintGloom": lambda _: face.tint_gloom(),
    "TintFlush": face.tint_flush,
    "Sparkles": lambda _: symbols.sparkles(),
    "Surprise": symbols.surprise,
    "Thought": symbols.thought,
}
"""The same, in half size: soft colour, or signs that are rarely seen."""

_PATCHES: dict[str, Layer] = {
    "EyeWhite": patches.eye_white,
    "Iris": patches.iris,
    "Shine": lambda _: patches.shine(),
    "Sparkle": lambda _: patches.sparkle(),
    "Lash": lambda p: patches.band(p.lash, p.lash_tip, 28),
    "LashLow": lambda p: patches.band(p.lash_low, p.lash_low_tip),
    "Brow": lambda p: patches.band(p.brow, p.brow_tip, 28),
    "Fine": lambda _: patches.band("#b8705c", "#b8705c"),
    "Line": lambda _: patches.band("#6e2426", "#6e2426"),
    "Mouth": patches.mouth,
    "Teeth": patches.teeth,
    "Tongue": patches.tongue,
    "Gritted": patches.gritted,
}
"""What the rig gives a shape: the whole picture is stretched."""


@dataclass(frozen=True)
class Character:
    """A design, drawn and rigged."""

    design: Design
    model: Compiled
    page: Image.Image
    behaviour: Behaviour


def drawn(design: Design) -> Character:
    """Draw and rig a character; it takes some seconds."""
    atlas, colours = Atlas(), design.palette
    for name, draw in {**_LAYERS, **design.layers}.items():
        zoom = design.zoom.get(name, 1.0)
        atlas.add(name, draw(colours).raster(zoom), zoom)
    for name, draw in _COARSE.items():
        atlas.add(name, draw(colours).raster(0.5), 0.5)
    for name, draw in _PATCHES.items():
        atlas.add_whole(name, draw(colours).raster())
    page = atlas.pack()
    kit = Kit(atlas)
    kit.rig.parameters = list(PARAMETERS)
    add_all(kit, design.tuft_degrees)
    return Character(design, compiled(kit.rig), page, BEHAVIOUR)
