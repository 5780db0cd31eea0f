"""Rigs the arms: joints as nested warps of one cell, so that sleeve and hand turn as a whole.

For each side: `ParamArm?A` lifts the upper arm sideways (degrees), `ParamArm?B` bends the elbow
(degrees; negative across the body, positive outwards), `ParamArm?C` brings the elbow towards us, so
that the upper arm looks shorter. `ParamHand?` chooses the hand: 0 relaxed, 1 open, 2 at the chin,
3 closed; `ParamHand?Turn` turns the wrist.
"""

from __future__ import annotations

import numpy as np

from .arms import ELBOW, SHOULDER, WRIST
from .bends import BODY_AXES, body, rotated
from .geometry import CENTRE_X, Points, mirrored
from .kit import Kit
from .rig import Axis, Values

_SHORTER = 0.42
"""How much of the upper arm's length C takes away."""
_REACH, _FOREARM, _PALM = 1150.0, 640.0, 260.0
"""Half the side of the three joints' squares; each holds whatever turns in it."""
HANDS = ("HandRelaxed", "HandOpen", "HandChin", "HandFist")


def _square(at: tuple[float, float], half: float, flip: bool) -> tuple[float, float, float, float]:
    x = 2 * CENTRE_X - at[0] if flip else at[0]
    return x - half, at[1] - half, x + half, at[1] + half


def _carried(at: Points, joint: tuple[float, float], v: Values) -> Points:
    """Move points as the body carries the shoulder: shifted and turned with it."""
    near = np.asarray([joint, (joint[0], joint[1] + 60.0)])
    moved = body(near, v)
    way = moved[1] - moved[0]
    angle = np.arctan2(-way[0], way[1])
    return rotated(at, angle, joint) + (moved[0] - joint)


def add_arm(kit: Kit, side: str) -> None:
    """Add the arm of one side: R is the character's right, on the left of the screen."""
    flip = side == "L"
    a, b, c = (f"ParamArm{side}{letter}" for letter in "ABC")
    shoulder = (2 * CENTRE_X - SHOULDER[0], SHOULDER[1]) if flip else SHOULDER

    def own(at: Points) -> Points:
        return mirrored(at) if flip else at

    def lift(at: Points, v: Values) -> Points:
        turned = own(rotated(own(at), np.radians(v[a]), SHOULDER))
        return _carried(turned, shoulder, v)

    lifts: tuple[Axis, ...] = ((a, (-30.0, 0.0, 30.0, 60.0, 90.0)), *BODY_AXES)
    arm = kit.warp(
        f"WarpArm{side}", None, _square(SHOULDER, _REACH, flip), (1, 1), lifts, lift
    )

    def shortened(v: Values) -> Points:
        found: Points = (np.asarray(SHOULDER) - ELBOW) * _SHORTER * v[c]
        return found

    def fold(at: Points, v: Values) -> Points:
        return own(rotated(own(at), np.radians(v[b]), ELBOW) + shortened(v))

    bends: tuple[Axis, ...] = (
        (b, tuple(float(degrees) for degrees in range(-160, 161, 20))),
        (c, (0.0, 1.0)),
    )
    forearm = kit.warp(
        f"WarpForearm{side}", arm, _square(ELBOW, _FOREARM, flip), (1, 1), bends, fold
    )
    turn = f"ParamHand{side}Turn"
    wrist = kit.warp(
        f"WarpHand{side}", forearm, _square(WRIST, _PALM, flip), (1, 1),
        ((turn, (-1.0, -0.5, 0.0, 0.5, 1.0)),),
        lambda at, v: own(rotated(own(at), np.radians(40 * v[turn]), WRIST)),
    )  # fmt: skip
    _add_upper(kit, side, arm, c)
    hand = f"ParamHand{side}"
    for number, name in enumerate(HANDS):
        # a hand appears in full before the other one goes, so that nothing shines through
        near = [number + step for step in (-1.0, -0.5, 0.5, 1.0) if 0 <= number + step <= 3]
        kit.layer(
            name, wrist, 90, name=f"Art{name}{side}", flip=flip, axes=((hand, tuple(near)),),
            opacity=lambda v, n=number: 1.0 if abs(v[hand] - n) <= 0.5 else 0.0,
        )  # fmt: skip
    kit.layer("ArmLower", forearm, 90, name=f"ArtArmLower{side}", flip=flip)


def _add_upper(kit: Kit, side: str, arm: str, c: str) -> None:
    def squeeze(at: Points, v: Values) -> Points:
        flip = side == "L"
        found = mirrored(at) if flip else at
        way = np.asarray(ELBOW) - SHOULDER
        length = np.hypot(*way)
        way = way / length
        along = np.clip((found - SHOULDER) @ way / length, 0, None)[:, None]
        # the elbow's round end keeps its size
        pull = np.clip(along, 0, 1) * length * _SHORTER * v[c]
        found = found - way * pull
        return mirrored(found) if flip else found

    kit.layer(
        "ArmUpper", arm, 60, name=f"ArtArmUpper{side}", flip=side == "L",
        axes=((c, (0.0, 1.0)),), move=squeeze,
    )  # fmt: skip
