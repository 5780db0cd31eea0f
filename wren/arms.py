"""Draws an arm in its pieces: upper sleeve, lower sleeve, and four hands that stand for poses.

Everything is drawn for the arm on the left of the screen as it hangs down; the other one is its
mirror image.
"""

from __future__ import annotations

import numpy as np

from .drawing import Drawing
from .geometry import Points, Profile, brush, flatten, path, points, ribbon, spline
from .palette import Palette

SHOULDER = (394.0, 944.0)
ELBOW = (354.0, 1204.0)
WRIST = (348.0, 1444.0)
"""The joints at rest, in px of the canvas."""

_TALL = 1720
"""Hands hang down below the canvas."""
_THICK = 56.0
"""Half the sleeve's width at the elbow."""


def _tube(top: tuple[float, float], bottom: tuple[float, float], halves: list[float]) -> Points:
    """Return the outline of a sleeve: down its outer edge, then up its inner one."""
    share = np.linspace(0, 1, 40)
    line = np.asarray(top) + (np.asarray(bottom) - top) * share[:, None]
    knots = spline(points(*zip(np.linspace(0, 1, len(halves)), halves, strict=True)), steps=12)
    half = np.interp(share, knots[:, 0], knots[:, 1])[:, None]
    way = np.asarray(bottom) - top
    normal = np.asarray([-way[1], way[0]]) / np.hypot(*way)
    return np.vstack([line + normal * half, (line - normal * half)[::-1]])


def _round(
    centre: tuple[float, float], radius: float, start: float = 0, stop: float = 360
) -> Points:
    angle = np.radians(np.linspace(start, stop, 60))
    found: Points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius + centre
    return found


def _knit(p: Palette, d: Drawing, top: tuple[float, float], bottom: tuple[float, float]) -> str:
    """Return the colour of a sleeve along an axis: lit from the left, alike where pieces meet."""
    way = np.asarray(bottom) - top
    normal = np.asarray([-way[1], way[0]]) / np.hypot(*way)
    left, right = ELBOW + normal * _THICK, ELBOW - normal * _THICK
    return d.linear(
        (left[0], left[1]), (right[0], right[1]), (0, p.jacket), (0.22, p.jacket_light),
        (0.5, p.jacket), (0.8, p.jacket_dim), (1, p.jacket_shade),
    )  # fmt: skip


def _fold(p: Palette, d: Drawing, data: str, clip: str) -> None:
    """Draw a crease of the cloth: a crisp shadow with light beneath it."""
    line = flatten(data)
    d.ink(line + (1, 7), 9, p.jacket_glow, brush(0.4, 0.6), opacity=0.45, clip=clip, blur=1.5)
    d.ink(line, 11, p.jacket_deep, brush(0.35, 0.65), opacity=0.5, clip=clip)


def upper(p: Palette) -> Drawing:
    """Draw the sleeve from the shoulder to the elbow."""
    d = Drawing()
    tube = _tube(SHOULDER, ELBOW, [57, 63, 61, 55])
    cap, bend = _round((SHOULDER[0], SHOULDER[1]), 56), _round(ELBOW, 54)
    half = len(tube) // 2
    # the outer edge, the elbow and the inner edge below the arm pit are inked; the top is not
    d.raw(f'<path d="{path(bend)}" fill="{p.ink}" stroke="{p.ink}" stroke-width="8"/>')
    d.ink(np.vstack([_round(SHOULDER, 57, 230, 180), tube[:half]]), 8, p.ink, brush(0.2, 0.2))
    d.ink(tube[half:], 8, p.ink, brush(0.2, 0.45))
    paint = _knit(p, d, SHOULDER, ELBOW)
    for part in (tube, cap, bend):
        d.shape(part, paint)
    d.ink(
        np.vstack([_round(SHOULDER, 56, 226, 180), tube[:half]])[6:], 7.5, p.ink, brush(0.25, 0.2)
    )
    clip = d.clip(path(tube) + path(cap))
    # above, the sleeve takes on the colour of the shoulder
    d.ellipse(
        (SHOULDER[0] + 10, SHOULDER[1] - 30),
        (74, 60),
        p.jacket_light,
        opacity=0.55,
        blur=16,
        clip=clip,
    )
    d.ink(
        "M338 946 C366 978 424 984 452 958",
        6,
        p.jacket_deep,
        brush(0.3, 0.3),
        opacity=0.75,
        clip=clip,
    )
    d.ink(
        "M338 955 C366 987 424 993 452 967",
        4,
        p.jacket_glow,
        brush(0.3, 0.3),
        opacity=0.5,
        clip=clip,
    )
    d.shape(
        "M452 970 C440 1040 436 1130 420 1210 L470 1210 L470 970Z",
        p.jacket_deep,
        opacity=0.5,
        blur=5,
        clip=clip,
    )
    for fold in (
        "M308 1128 C336 1150 362 1150 388 1132",
        "M420 1150 C398 1174 372 1182 344 1174",
        "M452 1000 C440 1036 420 1062 398 1074",
    ):
        _fold(p, d, fold, clip)
    return d


def lower(p: Palette) -> Drawing:
    """Draw the sleeve from the elbow to the wrist with its ribbed cuff."""
    d = Drawing()
    tube = _tube(ELBOW, (WRIST[0] + 2, WRIST[1] - 26), [54.5, 57, 56, 48])
    cuff = _tube((WRIST[0] + 4, WRIST[1] - 46), (WRIST[0] - 1, WRIST[1] + 16), [48, 43, 42])
    bend = _round(ELBOW, 53)
    # the edges are inked from below the elbow on, so that a straight arm shows no joint
    paint = _knit(p, d, ELBOW, WRIST)
    d.shape(bend, paint)
    d.shape(tube, paint)
    clip = d.clip(path(tube) + path(bend))
    d.shape(
        "M420 1240 C424 1310 408 1390 390 1440 L440 1440 L440 1240Z",
        p.jacket_deep,
        opacity=0.5,
        blur=6,
        clip=clip,
    )
    for fold in (
        "M304 1252 C332 1276 366 1276 396 1254",
        "M300 1368 C324 1386 350 1388 376 1376",
        "M392 1392 C366 1408 340 1408 312 1398",
    ):
        _fold(p, d, fold, clip)
    half = len(tube) // 2
    for edge, head, tail in ((tube[:half], 0.25, 0.12), (tube[half:], 0.12, 0.25)):
        d.ink(edge, 8, p.ink, brush(head, tail))
    d.raw(
        f'<path d="{path(cuff)}" fill="{p.ink}" stroke="{p.ink}" stroke-width="8"'
        ' stroke-linejoin="round"/>'
    )
    d.shape(
        cuff,
        d.linear(
            (296, 1430),
            (388, 1440),
            (0, p.cuff_shade),
            (0.3, p.cuff_light),
            (0.6, p.cuff),
            (1, p.jacket_shade),
        ),
    )
    rim = d.clip(path(cuff))
    for step in range(9):
        x = WRIST[0] - 38 + step * 9.6
        d.ink(
            points((x + 4, WRIST[1] - 48), (x, WRIST[1] + 20)),
            3.2,
            p.jacket_deep,
            brush(0.2, 0.2),
            opacity=0.55,
            clip=rim,
        )
    for y in (-20, -6):
        stripe = points(
            (WRIST[0] - 60, WRIST[1] + y),
            (WRIST[0], WRIST[1] + y + 5),
            (WRIST[0] + 60, WRIST[1] + y),
        )
        d.ink(spline(stripe), 7, p.charm, brush(0, 0, 1), clip=rim)
    d.shape(
        points(
            (WRIST[0] + 24, WRIST[1] - 60),
            (WRIST[0] + 70, WRIST[1] - 60),
            (WRIST[0] + 70, WRIST[1] + 30),
            (WRIST[0] + 20, WRIST[1] + 30),
        ),
        p.jacket_deep,
        opacity=0.4,
        blur=5,
        clip=rim,
    )
    return d


def _blunt(root: float = 1.0) -> Profile:
    """Return the width of a finger: nearly even, with a round end."""

    def width(t: Points) -> Points:
        end = np.sqrt(np.clip(1 - np.clip((t - 0.8) / 0.2, 0, 1) ** 2, 0, 1))
        found: Points = (root + (0.86 - root) * t) * end
        return found

    return width


def _hand(
    p: Palette, d: Drawing, palm: Points, fingers: list[tuple[Points, float]], front: int = 0
) -> None:
    """Draw a hand: one outline round palm and fingers; the last `front` fingers lie on the palm."""
    x, y = WRIST
    shapes = [ribbon(spline(line, steps=14), width, _blunt()) for line, width in fingers]
    behind, before = shapes[: len(shapes) - front], shapes[len(shapes) - front :]
    paint = d.linear(
        (x, y),
        (x - 4, y + 160),
        (0, p.skin_shade),
        (0.25, p.skin_warm),
        (0.6, p.skin),
        (1, p.skin),
    )

    def inked(part: Points, width: float) -> None:
        d.raw(
            f'<path d="{path(part)}" fill="{p.skin_ink}" stroke="{p.skin_ink}"'
            f' stroke-width="{width}" stroke-linejoin="round"/>'
        )

    for part in (palm, *behind):
        inked(part, 8.5)
    d.shape(palm, paint)
    for part, (line, width) in zip(behind, fingers, strict=False):
        inked(part, 3.5)
        d.shape(part, paint)
        shade = spline(line, steps=14)[6:] + (width * 0.24, 2)
        clip = d.clip(path(part))
        d.ink(shade, width * 0.36, p.skin_shade, brush(0.5, 0.4), opacity=0.55, clip=clip)
    # the palm runs into the fingers without a line
    middle = palm.mean(axis=0)
    d.shape((palm - middle) * 0.94 + middle, paint)
    d.shape(
        (palm - middle) * 0.94 + middle,
        d.linear((x - 46, y), (x + 46, y), (0.55, p.skin_shade, 0.0), (1, p.skin_shade, 0.5)),
    )
    for part in before:
        inked(part, 8.0)
        d.shape(part, paint)


def _at(*offsets: tuple[float, float]) -> Points:
    return points(*offsets) + WRIST


def relaxed(p: Palette) -> Drawing:
    """Draw the hand that hangs down."""
    d = Drawing(height=_TALL)
    palm = spline(
        _at((-30, -10), (-38, 30), (-36, 72), (-14, 92), (14, 90), (34, 66), (36, 28), (30, -10)),
        closed=True,
    )
    fingers = [
        (_at((-24, 64), (-32, 102), (-24, 136)), 22.0),
        (_at((-8, 72), (-13, 114), (-4, 154)), 23.0),
        (_at((8, 72), (7, 116), (15, 156)), 23.0),
        (_at((23, 66), (26, 104), (30, 142)), 22.0),
        (_at((26, 14), (44, 46), (44, 92)), 26.0),
    ]
    _hand(p, d, palm, fingers, front=1)
    return d


def open_hand(p: Palette) -> Drawing:
    """Draw the open hand with its fingers spread; it waves."""
    d = Drawing(height=_TALL)
    palm = spline(
        _at((-28, -10), (-42, 30), (-44, 74), (-20, 92), (16, 92), (40, 72), (38, 28), (28, -10)),
        closed=True,
    )
    fingers = [
        (_at((32, 62), (54, 108), (64, 144)), 23.0),
        (_at((14, 72), (25, 130), (32, 178)), 25.0),
        (_at((-6, 74), (-8, 134), (-8, 188)), 26.0),
        (_at((-26, 70), (-40, 124), (-48, 172)), 25.0),
        (_at((-26, 14), (-62, 44), (-84, 84)), 29.0),
    ]
    _hand(p, d, palm, fingers)
    d.ink(_at((-34, 40), (-20, 60), (-22, 84)), 4.5, p.skin_deep, brush(0.4, 0.5), opacity=0.8)
    d.ink(_at((-26, 76), (4, 66), (30, 70)), 4, p.skin_deep, brush(0.4, 0.5), opacity=0.7)
    d.ellipse((WRIST[0] + 14, WRIST[1] + 40), (16, 20), p.blush, opacity=0.22, blur=5)
    return d


def chin_hand(p: Palette) -> Drawing:
    """Draw the hand that holds the chin: fingers curled, the first one stretched."""
    d = Drawing(height=_TALL)
    palm = spline(
        _at((-30, -10), (-44, 28), (-46, 70), (-26, 94), (10, 98), (38, 80), (42, 36), (30, -10)),
        closed=True,
    )
    fingers = [
        (_at((-30, 62), (-48, 108), (-46, 158)), 28.0),
        (_at((-20, 34), (-8, 84), (24, 104)), 30.0),
        (_at((2, 26), (16, 66), (44, 80)), 28.0),
        (_at((20, 18), (34, 46), (54, 54)), 25.0),
    ]
    _hand(p, d, palm, fingers, front=3)
    return d


def fist(p: Palette) -> Drawing:
    """Draw the loosely closed hand."""
    d = Drawing(height=_TALL)
    palm = spline(
        _at((-30, -10), (-46, 26), (-48, 70), (-30, 96), (12, 100), (42, 86), (46, 40), (30, -10)),
        closed=True,
    )
    fingers = [
        (_at((-36, 40), (-42, 74), (-30, 100)), 27.0),
        (_at((-14, 44), (-18, 80), (-8, 108)), 28.0),
        (_at((8, 44), (8, 80), (14, 106)), 28.0),
        (_at((28, 40), (32, 72), (34, 96)), 26.0),
        (_at((-34, 24), (-4, 50), (22, 54)), 29.0),
    ]
    _hand(p, d, palm, fingers, front=5)
    return d
