"""Rigs eyes and brows: curves for every state of the lids, so that blinks close cleanly."""

from __future__ import annotations

import numpy as np

from .geometry import Points, bezier, points
from .kit import Edge, Kit
from .rig import Axis, Values

# All curves are of the eye on the left of the screen: outer corner first, inner corner last.
_UPPER = points((440, 562), (450, 488), (534, 474), (562, 560))
_LOWER = points((450, 580), (468, 634), (538, 636), (558, 580))
_WIDE_UPPER = points((434, 550), (444, 444), (540, 436), (568, 548))
_WIDE_LOWER = points((444, 580), (464, 654), (544, 656), (564, 582))
_SHUT = points((436, 588), (464, 626), (538, 626), (564, 596))
_SMILING = points((432, 606), (460, 534), (544, 534), (568, 604))
_SQUINT = points((448, 574), (468, 602), (540, 604), (560, 576))
_CENTRE = (503.0, 557.0)
_ANGRY = points((0, -6), (0, 6), (6, 34), (4, 20))
_SAD = points((0, 22), (2, 34), (0, -2), (-2, -10))


def _lids(v: Values, side: str) -> tuple[Points, Points]:
    """Return the control points of the upper and the lower lid's edge."""
    opening = v[f"ParamEye{side}Open"]
    smile = v.get(f"ParamEye{side}Smile", 0.0)
    form = v.get(f"ParamEye{side}Form", 0.0)
    shut = _SHUT + (_SMILING - _SHUT) * smile
    upper, lower = _UPPER, _LOWER + (_SQUINT - _LOWER) * smile
    if opening > 1:
        share = (opening - 1) / 0.2
        upper = upper + (_WIDE_UPPER - upper) * share
        lower = lower + (_WIDE_LOWER - lower) * share
    upper = upper + max(form, 0) * _ANGRY + max(-form, 0) * _SAD
    share = min(opening, 1.0)
    return shut + (upper - shut) * share, shut + (lower - shut) * share


def _curve(side: str, lid: int) -> Edge:
    return lambda t, v: bezier(_lids(v, side)[lid], t)


def _stroke(line: Edge, thick: tuple[float, ...], shift: float = 0.0) -> tuple[Edge, Edge]:
    """Return the edges of a stroke along a line; its thickness in px runs through `thick`."""

    def edge(sign: float) -> Edge:
        def found(t: Points, v: Values) -> Points:
            at: Points = line(t, v).copy()
            half = np.interp(t, np.linspace(0, 1, len(thick)), thick) / 2
            at[:, 1] += shift + sign * half
            return at

        return found

    return edge(-1), edge(1)


def _lash_line(side: str) -> Edge:
    """Return the upper lid's edge, drawn out to a wing beyond the outer corner."""

    def found(t: Points, v: Values) -> Points:
        control = _lids(v, side)[0]
        start = bezier(control, np.zeros(1))[0]
        line = bezier(control, np.clip((t - _WING) / (1 - _WING), 0, 1))
        wing = np.clip((_WING - t) / _WING, 0, 1)[:, None]
        lifted = 0.35 + 0.65 * min(v[f"ParamEye{side}Open"], 1.0)
        tip = start + (-26, -4 - 14 * lifted)
        elbow = start + (-10, 3)
        out: Points = (1 - wing) ** 2 * start + 2 * wing * (1 - wing) * elbow + wing**2 * tip
        return np.where(wing > 0, out, line)

    return found


_WING = 0.17
"""The share of the lash's line that is wing."""


def add_eye(kit: Kit, side: str, parent: str) -> None:
    """Add the eye of one side: R is the character's right, on the left of the screen."""
    flip = side == "L"
    axes: tuple[Axis, ...] = (
        (f"ParamEye{side}Open", (0.0, 0.5, 1.0, 1.2)),
        (f"ParamEye{side}Smile", (0.0, 1.0)),
        (f"ParamEye{side}Form", (-1.0, 0.0, 1.0)),
    )
    upper, lower = _curve(side, 0), _curve(side, 1)
    white = kit.strip(
        f"ArtEyeWhite{side}", "EyeWhite", parent, (upper, lower), axes, (14, 1), flip=flip
    )
    gaze: tuple[Axis, ...] = (
        ("ParamEyeBallX", (-1.0, 0.0, 1.0)),
        ("ParamEyeBallY", (-1.0, 0.0, 1.0)),
        ("ParamEyeBallForm", (-1.0, 0.0, 1.0)),
    )
    sign = -1 if flip else 1

    def quad(size: tuple[float, float], follow: float) -> tuple[Edge, Edge]:
        def edge(end: float) -> Edge:
            def found(t: Points, v: Values) -> Points:
                form = v["ParamEyeBallForm"]
                scale = 1 + (0.1 if form > 0 else 0.52) * form
                x = _CENTRE[0] + sign * 25 * follow * v["ParamEyeBallX"]
                y = _CENTRE[1] - 19 * follow * v["ParamEyeBallY"] + end * size[1] / 2 * scale
                return np.stack([x + (t - 0.5) * size[0] * scale, np.full_like(t, y)], axis=1)

            return found

        return edge(-1), edge(1)

    def mirrored_quad(edges: tuple[Edge, Edge]) -> tuple[Edge, Edge]:
        """The highlights of both eyes are on the same side: the light does not mirror."""
        if not flip:
            return edges
        first, second = edges
        return (lambda t, v: first(1 - t, v)), (lambda t, v: second(1 - t, v))

    iris = quad((108, 136), 1.0)
    kit.strip(f"ArtIris{side}", "Iris", parent, iris, gaze, (2, 2), flip=flip, masks=(white,))
    shine = mirrored_quad(quad((108, 136), 0.92))
    fade: tuple[Axis, ...] = (*gaze[:2], ("ParamEyeBallForm", (-1.0, 1.0)))
    for name, opacity in (
        ("Shine", lambda v: 1 - v["ParamSparkle"]),
        ("Sparkle", lambda v: v["ParamSparkle"]),
    ):
        kit.strip(
            f"Art{name}{side}", name, parent, shine, (*fade, ("ParamSparkle", (0.0, 1.0))),
            (1, 1), flip=flip, masks=(white,), opacity=opacity,
        )  # fmt: skip
    kit.strip(
        f"ArtLashLow{side}", "LashLow", parent,
        _stroke(lambda t, v: lower(0.1 + 0.82 * t, v), (1, 6, 5, 4, 1)), axes, (10, 1), flip=flip,
        opacity=lambda v: min(1.0, 2 * v[f"ParamEye{side}Open"]),
    )  # fmt: skip
    kit.strip(
        f"ArtLash{side}", "Lash", parent,
        _stroke(_lash_line(side), (2, 13, 24, 25, 24, 22, 21, 19, 15, 11, 4), -4), axes, (24, 1),
        flip=flip,
    )  # fmt: skip

    def crease(t: Points, v: Values) -> Points:
        line = upper(0.1 + 0.74 * t, v)
        line[:, 1] -= 26 * min(1.0, 0.45 + v[f"ParamEye{side}Open"])
        return line

    kit.strip(
        f"ArtCrease{side}", "Fine", parent, _stroke(crease, (1, 5, 6, 4, 1)), axes, (8, 1),
        flip=flip, opacity=lambda v: 1 - 0.8 * v[f"ParamEye{side}Smile"],
    )  # fmt: skip


_BROW = points((416, 462), (444, 424), (510, 424), (556, 446))


def add_brow(kit: Kit, side: str, parent: str) -> None:
    """Add the brow of one side."""
    axes: tuple[Axis, ...] = tuple(
        (f"ParamBrow{side}{name}", (-1.0, 0.0, 1.0)) for name in ("Y", "Angle", "Form")
    )

    def line(t: Points, v: Values) -> Points:
        up, angle, form = (v[f"ParamBrow{side}{name}"] for name in ("Y", "Angle", "Form"))
        at = bezier(_BROW, t)
        at[:, 1] += -34 * up + 66 * angle * (t - 0.42) - 18 * form * np.sin(np.pi * t)
        at[:, 0] += 10 * max(angle, 0) * t - 6 * min(angle, 0) * t
        return at

    kit.strip(
        f"ArtBrow{side}", "Brow", parent, _stroke(line, (3, 14, 19, 22, 23, 20, 8)), axes, (12, 1),
        flip=side == "L",
    )  # fmt: skip
