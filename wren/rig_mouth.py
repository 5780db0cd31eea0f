"""Rigs the mouth: lips as curves of openness, width and roundness; a warp bends them for moods."""

from __future__ import annotations

import numpy as np

from .geometry import Points, bezier, points
from .kit import Edge, Kit
from .rig import Axis, Values

_MIDDLE = points((600, 680))[0]
_AXES: tuple[Axis, ...] = (
    ("ParamMouthOpenY", (0.0, 0.25, 0.6, 1.0)),
    ("ParamMouthForm", (-1.0, 0.0, 1.0)),
    ("ParamMouthRound", (0.0, 1.0)),
)


def _lips(v: Values) -> tuple[Points, Points]:
    """Return the control points of the upper and the lower lip's line."""
    opening, form, round_ = (v[f"ParamMouth{name}"] for name in ("OpenY", "Form", "Round"))
    wide, narrow = max(form, 0), max(-form, 0)
    half = 50 + 26 * wide - 17 * narrow - 6 * opening * (1 - wide)
    half += (17 + 12 * opening - half) * round_
    corner = _MIDDLE[1] - 8 - 6 * wide + 3 * narrow + (8 + 13 * opening) * round_
    middle = _MIDDLE[1] + 7 + 4 * wide - 6 * narrow
    # the upper lip of a round mouth is an arch, of a smile nearly straight
    top = middle - opening * (16 - 8 * wide) - round_ * (13 + 10 * opening)
    drop = opening * (73 - 6 * wide - 14 * narrow)
    drop += round_ * (14 - 16 * opening)
    full = 0.74 + 0.16 * round_ + 0.08 * narrow
    x, left, right = _MIDDLE[0], _MIDDLE[0] - half, _MIDDLE[0] + half
    upper = points(
        (left, corner),
        (x - half * (0.5 + 0.4 * round_), top),
        (x + half * (0.5 + 0.4 * round_), top),
        (right, corner),
    )
    lower = points(
        (left, corner),
        (x - half * full, middle + drop),
        (x + half * full, middle + drop),
        (right, corner),
    )
    return upper, lower


def _lip(which: int) -> Edge:
    return lambda t, v: bezier(_lips(v)[which], t)


def _line(
    which: int, thick: tuple[float, ...], start: float = 0, stop: float = 1
) -> tuple[Edge, Edge]:
    def edge(sign: float) -> Edge:
        def found(t: Points, v: Values) -> Points:
            at = bezier(_lips(v)[which], start + (stop - start) * t)
            at[:, 1] += sign * np.interp(t, np.linspace(0, 1, len(thick)), thick) / 2
            return at

        return found

    return edge(-1), edge(1)


def _mood(at: Points, v: Values) -> Points:
    """Bend the finished mouth: corners up or down, one corner up, or a wave along it."""
    corners, skew, wave = (v[f"ParamMouth{name}"] for name in ("Corners", "Skew", "Wave"))
    off = (at[:, 0] - _MIDDLE[0]) / 56
    reach = np.clip(np.abs(off), 0, 1.5)
    y = at[:, 1] - corners * (24 * reach**1.6 - 9)
    raised = np.clip(off * np.sign(skew), -1.5, 1.5)
    y = y - abs(skew) * (6 * raised + 10 * np.clip(raised, 0, None) ** 2)
    y = y + wave * 9.5 * np.sin(off * 2 * np.pi * 1.05)
    x = at[:, 0] + 16 * skew
    return np.stack([x, y], axis=1)


def add_mouth(kit: Kit, parent: str) -> None:
    """Add the mouth below a warp that turns with the head."""
    shape = kit.warp(
        "WarpMouthMood", parent, (500, 600, 700, 800), (2, 24),
        (("ParamMouthCorners", (-1.0, 0.0, 1.0)), ("ParamMouthSkew", (-1.0, 0.0, 1.0)),
         ("ParamMouthWave", (0.0, 1.0))), _mood,
    )  # fmt: skip
    inside = kit.strip("ArtMouth", "Mouth", shape, (_lip(0), _lip(1)), _AXES, (24, 1))

    def tongue(end: float) -> Edge:
        def found(t: Points, v: Values) -> Points:
            lower = _lips(v)[1]
            low = bezier(lower, np.asarray([0.5]))[0]
            half = (lower[3][0] - lower[0][0]) * 0.36
            height = 14 + 26 * v["ParamMouthOpenY"]
            y = low[1] - height * 0.85 + end * height * 1.7
            return np.stack([low[0] + (2 * t - 1) * half, np.full_like(t, y)], axis=1)

        return found

    kit.strip("ArtTongue", "Tongue", shape, (tongue(0), tongue(1)), _AXES, (1, 1), masks=(inside,))

    def teeth(down: float) -> Edge:
        def found(t: Points, v: Values) -> Points:
            at = bezier(_lips(v)[0], 0.06 + 0.88 * t)
            high = 4 + 15 * min(1.0, v["ParamMouthOpenY"] * 2.2)
            at[:, 1] += -3 + down * high * (1 - 0.75 * v["ParamMouthRound"])
            return at

        return found

    kit.strip("ArtTeeth", "Teeth", shape, (teeth(0), teeth(1)), _AXES, (16, 1), masks=(inside,))
    kit.strip(
        "ArtGritted", "Gritted", shape, (_lip(0), _lip(1)),
        (*_AXES, ("ParamMouthTeeth", (0.0, 1.0))), (24, 1),
        opacity=lambda v: v["ParamMouthTeeth"],
    )  # fmt: skip
    kit.strip("ArtLipLow", "Line", shape, _line(1, (3, 7, 8, 7, 3)), _AXES, (24, 1))
    kit.strip("ArtLipUp", "Line", shape, _line(0, (4, 10, 8, 7.5, 8, 10, 4)), _AXES, (24, 1))
    low = _line(1, (1, 6, 1), 0.34, 0.66)
    kit.strip(
        "ArtLipShade", "Fine", shape,
        (lambda t, v: low[0](t, v) + (0, 15), lambda t, v: low[1](t, v) + (0, 15)), _AXES, (6, 1),
        opacity=lambda v: max(0.0, 1 - 1.7 * v["ParamMouthOpenY"]),
    )  # fmt: skip
