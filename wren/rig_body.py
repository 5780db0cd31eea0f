"""Rigs the body, the neck and the head's layers, back to front."""

from __future__ import annotations

import numpy as np

from .bends import (
    BODY_AXES,
    NECK,
    ROLL,
    hanging,
    lean,
    rotated,
    solid,
    standing,
    sway,
    tilt,
    turning,
)
from .geometry import Points
from .kit import Kit
from .rig import Axis, Values
from .rig_arms import add_arm, add_forearm
from .rig_eyes import add_brow, add_eye
from .rig_mouth import add_mouth

_TURN: tuple[Axis, ...] = (
    ("ParamAngleX", (-30.0, 0.0, 30.0)),
    ("ParamAngleY", (-30.0, 0.0, 30.0)),
)
_SWING = (-1.0, -0.5, 0.0, 0.5, 1.0)
_HEAD_BOX = (100.0, -140.0, 1100.0, 960.0)
_LEAN = (BODY_AXES[1], BODY_AXES[2])
_SWAY = (BODY_AXES[0], BODY_AXES[3])

_throat = solid(-30, 0.75)


def _neck(at: Points, v: Values) -> Points:
    """Move the neck: its upper end goes with the head, its lower end stays on the body."""
    up = np.clip((880 - at[:, 1]) / 170, 0, 1)[:, None] ** 1.2
    turned = _throat(at, v["ParamAngleX"], v["ParamAngleY"])
    turned = rotated(turned, v["ParamAngleZ"] * ROLL, NECK)
    return at + (turned - at) * up


def _faded(kit: Kit, picture: str, parent: str, name: str, masks: tuple[str, ...] = ()) -> None:
    """Add a layer that a parameter lets appear."""
    axes: tuple[Axis, ...] = ((name, (0.0, 1.0)),)
    kit.layer(picture, parent, 100, axes=axes, opacity=lambda v: v[name], masks=masks)


def add_all(kit: Kit, tuft_degrees: float) -> None:
    """Add all warps and meshes."""
    leaning = kit.warp("WarpLean", None, (-300, -400, 1500, 1800), (8, 4), _LEAN, lean)
    body = kit.warp("WarpBody", leaning, (-100, -200, 1300, 1700), (10, 6), _SWAY, sway)
    head = kit.warp(
        "WarpHead", body, (0, -180, 1200, 1100), (4, 4),
        (("ParamAngleZ", (-30.0, -15.0, 0.0, 15.0, 30.0)),), tilt,
    )  # fmt: skip

    def layer(name: str, depth: float, dome: float = 1.0) -> str:
        bend = turning(solid(depth, dome))
        return kit.warp(f"Warp{name}", head, _HEAD_BOX, (9, 8), _TURN, bend)

    def swinging(name: str, parent: str, top: float, amount: float, lift: float = 0.0) -> str:
        bend = hanging(f"Param{name}", top, 440, amount, lift)
        axes: tuple[Axis, ...] = ((f"Param{name}", (-1.0, 0.0, 1.0)),)
        return kit.warp(f"Warp{name}", parent, _HEAD_BOX, (8, 4), axes, bend)

    behind = swinging("HairBack", layer("Behind", -58, 0.55), 420, 42)
    face, eyes, nose = layer("Face", 0), layer("Eyes", 14), layer("Nose", 52)
    mouth, brows = layer("Mouth", 22), layer("Brows", 40)
    sides = swinging("HairSide", layer("Sides", -6), 380, 40, 6)
    fringe = swinging("HairFront", layer("Fringe", 34), 230, 24)
    crown = layer("Crown", 10)

    kit.layer("HairBack", behind, 70)
    kit.layer("Headband", body, 70)
    turns = (*_TURN, ("ParamAngleZ", (-30.0, 0.0, 30.0)))
    kit.layer("Neck", body, 48, axes=turns, move=_neck)
    kit.layer("Top", body, 110)
    hem = hanging("ParamClothes", 1050, 560, 18)
    kit.layer("Cardigan", body, 90, axes=(("ParamClothes", (-1.0, 0.0, 1.0)),), move=hem)
    for side in "RL":
        add_arm(kit, side)
    kit.layer("Headphones", body, 80)
    tuft = standing("ParamTuft", (606, 190), tuft_degrees)
    kit.layer("Tuft", crown, 50, axes=(("ParamTuft", _SWING),), move=tuft)
    _add_face(kit, face, eyes, nose)
    add_mouth(kit, mouth)
    for side in "RL":
        add_eye(kit, side, eyes)
    for side in "RL":
        _faded(kit, f"Tear{side}", eyes, "ParamTear")
        _faded(kit, f"Mirth{side}", eyes, "ParamMirth")
    kit.layer("HairSideR", sides, 60)
    kit.layer("HairSideL", sides, 60)
    kit.layer("HairFront", fringe, 60)
    aerial = standing("ParamAerial", (806, 352), 14)
    kit.layer("Clip", fringe, 50, axes=(("ParamAerial", _SWING),), move=aerial)
    for side in "RL":
        add_brow(kit, side, brows)
    for name, parameter in (
        ("Sweat", "ParamSweat"), ("Vein", "ParamAnger"), ("Sparkles", "ParamStars"),
        ("Surprise", "ParamShock"), ("Thought", "ParamThought"), ("Note", "ParamWink"),
    ):  # fmt: skip
        _faded(kit, name, fringe if name in ("Sweat", "Vein") else head, parameter)
    for side in "RL":
        add_forearm(kit, side)
    kit.hit_area("Head", head, (330, 130, 870, 760))
    kit.hit_area("Body", body, (350, 860, 850, 1600))
    kit.hit_area("HandR", "WarpHandR", (260, 1420, 440, 1620))
    kit.hit_area("HandL", "WarpHandL", (760, 1420, 940, 1620))


def _add_face(kit: Kit, face: str, eyes: str, nose: str) -> None:
    def jaw(at: Points, v: Values) -> Points:
        """The chin goes down a little when the mouth opens."""
        down = np.clip((at[:, 1] - 660) / 80, 0, 1) ** 1.5
        return at + np.stack([np.zeros(len(at)), 17 * v["ParamMouthOpenY"] * down], axis=1)

    opening: tuple[Axis, ...] = (("ParamMouthOpenY", (0.0, 1.0)),)
    skin = kit.layer("Face", face, 48, axes=opening, move=jaw)
    for name, parameter in (
        ("TintFear", "ParamDread"), ("TintAnger", "ParamAnger"), ("TintGloom", "ParamGloom"),
        ("TintFlush", "ParamFlush"),
    ):  # fmt: skip
        _faded(kit, name, face, parameter, (skin,))
    _faded(kit, "CheekR", eyes, "ParamCheek")
    _faded(kit, "CheekL", eyes, "ParamCheek")
    kit.layer("Nose", nose, 40)
