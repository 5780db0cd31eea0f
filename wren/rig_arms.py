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
from .kit import Kit, Opacity
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
    found: Points = rotated(at, angle, joint) + (moved[0] - joint)
    return found


def _own(at: Points, side: str) -> Points:
    return mirrored(at) if side == "L" else at


def add_arm(kit: Kit, side: str) -> None:
    """Add the joints and the upper arm of one side: R is the character's right.

    The upper arm lies behind the head; `add_forearm` adds what may come before it.
    """
    flip = side == "L"
    a, b, c = (f"ParamArm{side}{letter}" for letter in "ABC")
    shoulder = (2 * CENTRE_X - SHOULDER[0], SHOULDER[1]) if flip else SHOULDER

    def lift(at: Points, v: Values) -> Points:
        turned = _own(rotated(_own(at, side), np.radians(v[a]), SHOULDER), side)
        return _carried(turned, shoulder, v)

    def fold(at: Points, v: Values) -> Points:
        nearer = (np.asarray(SHOULDER) - ELBOW) * _SHORTER * v[c]
        # swung out, the forearm also comes towards us and looks shorter
        way = np.asarray(WRIST) - ELBOW
        found = _own(at, side)
        share = (found - ELBOW) @ way / (way @ way)
        shorter = 0.24 * np.sin(np.radians(max(v[b], 0))) ** 2
        found = found - way * (share * shorter)[:, None]
        return _own(rotated(found, np.radians(v[b]), ELBOW) + nearer, side)

    def squeeze(at: Points, v: Values) -> Points:
        """Shorten the upper arm; the elbow's round end keeps its size."""
        found, way = _own(at, side), np.asarray(ELBOW) - SHOULDER
        share = np.clip((found - SHOULDER) @ way / (way @ way), 0, 1)[:, None]
        return _own(found - way * share * _SHORTER * v[c], side)

    def twist(at: Points, v: Values) -> Points:
        angle = np.radians(40 * v[f"ParamHand{side}Turn"])
        return _own(rotated(_own(at, side), angle, WRIST), side)

    lifts: tuple[Axis, ...] = ((a, (-30.0, 0.0, 30.0, 60.0, 90.0)), *BODY_AXES)
    arm = kit.warp(f"WarpArm{side}", None, _square(SHOULDER, _REACH, flip), (1, 1), lifts, lift)
    degrees = tuple(float(step) for step in range(-160, 161, 20))
    bends: tuple[Axis, ...] = ((b, degrees), (c, (0.0, 1.0)))
    forearm = kit.warp(
        f"WarpForearm{side}", arm, _square(ELBOW, _FOREARM, flip), (1, 1), bends, fold
    )
    turns: tuple[Axis, ...] = ((f"ParamHand{side}Turn", (-1.0, -0.5, 0.0, 0.5, 1.0)),)
    kit.warp(f"WarpHand{side}", forearm, _square(WRIST, _PALM, flip), (1, 1), turns, twist)
    kit.layer(
        "ArmUpper", arm, 60, name=f"ArtArmUpper{side}", flip=flip, axes=((c, (0.0, 1.0)),),
        move=squeeze,
    )  # fmt: skip


def add_forearm(kit: Kit, side: str) -> None:
    """Add the lower sleeve and the hands of one side."""
    flip, hand = side == "L", f"ParamHand{side}"

    def shown(number: int) -> Opacity:
        return lambda v: 1.0 if abs(v[hand] - number) <= 0.5 else 0.0

    for number, name in enumerate(HANDS):
        # a hand appears in full before the other one goes, so that nothing shines through
        near = [number + step for step in (-1.0, -0.5, 0.5, 1.0) if 0 <= number + step <= 3]
        kit.layer(
            name, f"WarpHand{side}", 90, name=f"Art{name}{side}", flip=flip,
            axes=((hand, tuple(near)),),
            opacity=shown(number),
        )  # fmt: skip
    kit.layer("ArmLower", f"WarpForearm{side}", 90, name=f"ArtArmLower{side}", flip=flip)
