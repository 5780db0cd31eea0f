"""How things bend: a head that turns as a solid, a body that leans and breathes, swaying hair."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .geometry import Points
from .rig import Values

HEAD = (600.0, 500.0)
"""The middle of the head."""
_RADII = (262.0, 320.0)
_YAW, _PITCH, ROLL = np.radians(0.72), np.radians(0.52), np.radians(0.5)
"""How far the head really turns, in radians for each degree of the parameter."""
NECK = (600.0, 800.0)
"""Where the head tilts."""
_FLOOR = 1620.0

Solid = Callable[[Points, float, float], Points]


def solid(depth: float, dome: float = 1.0) -> Solid:
    """Return how a layer moves when the head turns by (angle x, angle y).

    The layer lies on an ellipsoid round the head, scaled by `dome` and brought forward by `depth`
    px; it is turned and looked at from far away. At rest nothing moves.
    """
    radius = _RADII[0]

    def turned(at: Points, x: float, y: float) -> Points:
        offset = at - HEAD
        inside = np.clip(1 - ((offset / _RADII) ** 2).sum(axis=1), 0, None)
        z = dome * radius * np.sqrt(inside) + depth
        yaw, pitch = x * _YAW, y * _PITCH
        moved_x = offset[:, 0] * np.cos(yaw) + z * np.sin(yaw)
        z = z * np.cos(yaw) - offset[:, 0] * np.sin(yaw)
        moved_y = offset[:, 1] * np.cos(pitch) - z * np.sin(pitch)
        # the neck is behind the middle of the head, so the whole head comes forward in a turn
        pivot = 0.16 * radius * np.asarray([-np.sin(yaw), np.sin(pitch)])
        found: Points = np.stack([moved_x, moved_y], axis=1) + HEAD + pivot
        return found

    return turned


def turning(layer: Solid) -> Callable[[Points, Values], Points]:
    """Return the bend of a warp that turns a layer by ParamAngleX and ParamAngleY."""
    return lambda at, v: layer(at, v["ParamAngleX"], v["ParamAngleY"])


def rotated(at: Points, angle: float, centre: tuple[float, float]) -> Points:
    """Return points turned clockwise on the screen by an angle in radians."""
    c, s = np.cos(angle), np.sin(angle)
    found: Points = (at - centre) @ np.asarray([[c, s], [-s, c]]) + centre
    return found


SIZE = 0.93
"""The head is drawn larger than it is shown: an adult's head, with finer lines."""


def tilt(at: Points, v: Values) -> Points:
    """Tilt the head by ParamAngleZ, and give it its size."""
    return rotated((at - NECK) * SIZE + NECK, v["ParamAngleZ"] * ROLL, NECK)


def lean(at: Points, v: Values) -> Points:
    """Lean the body by ParamBodyAngleZ to the side and by ParamBodyAngleY forward or back."""
    up = np.clip((_FLOOR - at[:, 1]) / 1100, 0, 1.3)
    angle = np.radians(5.0 * v["ParamBodyAngleZ"] / 10) * up
    dx, dy = at[:, 0] - 600, at[:, 1] - _FLOOR
    x = 600 + dx * np.cos(angle) - dy * np.sin(angle)
    y = _FLOOR + dx * np.sin(angle) + dy * np.cos(angle)
    near = v["ParamBodyAngleY"] / 10  # + leans back: away and higher
    return np.stack([600 + (x - 600) * (1 - 0.022 * near * up), y - 20 * near * up], axis=1)


def sway(at: Points, v: Values) -> Points:
    """Turn the body by ParamBodyAngleX and let it breathe by ParamBreath."""
    up = np.clip((_FLOOR - at[:, 1]) / 1100, 0, 1.3)
    turn, breath = v["ParamBodyAngleX"] / 10, v["ParamBreath"]
    chest = np.exp(-(((at[:, 1] - 1050) / 230) ** 2))
    middle = 1 - np.clip(np.abs(at[:, 0] - 600) / 520, 0, 1) ** 2
    x = at[:, 0] + 30 * turn * up**1.3 + 14 * turn * chest * middle
    x = x + (at[:, 0] - 600) * 0.014 * breath * chest
    return np.stack([x, at[:, 1] - 8 * breath * np.clip(up, 0, 1)], axis=1)


def body(at: Points, v: Values) -> Points:
    """Return points of the body after all of its bends."""
    return lean(sway(at, v), v)


BODY_AXES = (
    ("ParamBodyAngleX", (-10.0, 0.0, 10.0)),
    ("ParamBodyAngleY", (-10.0, 0.0, 10.0)),
    ("ParamBodyAngleZ", (-10.0, 0.0, 10.0)),
    ("ParamBreath", (0.0, 1.0)),
)


def hanging(
    name: str, top: float, length: float, amount: float, lift: float = 0.0
) -> Callable[[Points, Values], Points]:
    """Return the bend of what hangs from the height `top`: the tips go furthest, `amount` px."""

    def bend(at: Points, v: Values) -> Points:
        down = np.clip((at[:, 1] - top) / length, 0, 1.4) ** 1.7
        x = at[:, 0] + amount * v[name] * down
        return np.stack([x, at[:, 1] - lift * abs(v[name]) * down], axis=1)

    return bend


def standing(
    name: str, foot: tuple[float, float], degrees: float
) -> Callable[[Points, Values], Points]:
    """Return the bend of what stands on `foot` and swings: the further away, the more."""

    def bend(at: Points, v: Values) -> Points:
        away = np.clip(np.hypot(*(at - foot).T) / 150, 0, 1.3)
        angle = np.radians(degrees) * v[name] * away
        dx, dy = (at - foot).T
        c, s = np.cos(angle), np.sin(angle)
        return np.stack([dx * c - dy * s, dx * s + dy * c], axis=1) + foot

    return bend
