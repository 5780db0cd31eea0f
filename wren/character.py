"""Puts Wren together: draws all layers, packs them, rigs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from . import arms, body, face, hair, patches, symbols
from .atlas import Atlas
from .behaviour import Behaviour
from .drawing import Drawing
from .expressions import EXPRESSIONS
from .kit import Kit
from .motions import MOTIONS
from .parameters import PARAMETERS
from .physics import PHYSICS
from .rig import Compiled, compiled
from .rig_body import add_all

BEHAVIOUR = Behaviour(EXPRESSIONS, MOTIONS, PHYSICS)

_LAYERS: dict[str, Callable[[], Drawing]] = {
    "HairBack": hair.back,
    "HairSideR": lambda: hair.side(mirror=False),
    "HairSideL": lambda: hair.side(mirror=True),
    "HairFront": hair.front,
    "Tuft": hair.tuft,
    "Clip": hair.clip,
    "Neck": body.neck,
    "Top": body.top,
    "Cardigan": body.cardigan,
    "Headband": body.headband,
    "Headphones": body.headphones,
    "ArmUpper": arms.upper,
    "ArmLower": arms.lower,
    "HandRelaxed": arms.relaxed,
    "HandOpen": arms.open_hand,
    "HandChin": arms.chin_hand,
    "HandFist": arms.fist,
    "Face": face.face,
    "Nose": face.nose,
    "CheekR": lambda: face.blush(-1),
    "CheekL": lambda: face.blush(1),
    "TearR": lambda: symbols.tear(-1),
    "TearL": lambda: symbols.tear(1),
    "MirthR": lambda: symbols.mirth(-1),
    "MirthL": lambda: symbols.mirth(1),
    "Sweat": symbols.sweat,
    "Vein": symbols.vein,
    "Note": symbols.note,
}
"""What is drawn in place on the canvas, in full size."""

_COARSE: dict[str, Callable[[], Drawing]] = {
    "TintFear": face.tint_fear,
    "TintAnger": face.tint_anger,
    "TintGloom": face.tint_gloom,
    "TintFlush": face.tint_flush,
    "Sparkles": symbols.sparkles,
    "Surprise": symbols.surprise,
    "Thought": symbols.thought,
}
"""The same, in half size: soft colour, or signs that are rarely seen."""

_PATCHES: dict[str, Callable[[], Drawing]] = {
    "EyeWhite": patches.eye_white,
    "Iris": patches.iris,
    "Shine": patches.shine,
    "Sparkle": patches.sparkle,
    "Lash": lambda: patches.band("#4a1f1c", "#2a1114", 28),
    "LashLow": lambda: patches.band("#8a4a3a", "#6b3029"),
    "Brow": lambda: patches.band("#4f1f1b", "#3d1719", 28),
    "Fine": lambda: patches.band("#b8705c", "#b8705c"),
    "Line": lambda: patches.band("#6e2426", "#6e2426"),
    "Mouth": patches.mouth,
    "Teeth": patches.teeth,
    "Tongue": patches.tongue,
    "Gritted": patches.gritted,
}
"""What the rig gives a shape: the whole picture is stretched."""


@dataclass(frozen=True)
class Character:
    """Wren, drawn and rigged."""

    model: Compiled
    page: Image.Image
    behaviour: Behaviour


def wren() -> Character:
    """Draw and rig her; it takes some seconds."""
    atlas = Atlas()
    for name, draw in _LAYERS.items():
        atlas.add(name, draw().raster())
    for name, draw in _COARSE.items():
        atlas.add(name, draw().raster(0.5), 0.5)
    for name, draw in _PATCHES.items():
        atlas.add_whole(name, draw().raster())
    page = atlas.pack()
    kit = Kit(atlas)
    kit.rig.parameters = list(PARAMETERS)
    add_all(kit)
    return Character(compiled(kit.rig), page, BEHAVIOUR)
