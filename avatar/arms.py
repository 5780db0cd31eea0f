"""Draws an arm in its pieces: upper sleeve, lower sleeve, and four hands that stand for poses.

Everything is drawn for the arm on the left of the screen as it hangs down; the other one is its
mirror image.
"""

from __future__ import annotations

import numpy as np

from . import palette as p
from .drawing import Drawing
from .geometry import Points, Profile, brush, path, points, ribbon, spline

SHOULDER = (398.0, 932.0)
ELBOW = (368.0, 1196.0)
WRIST = (346.0, 1440.0)
"""The joints at rest, in px of the canvas."""


def _sleeve(top: tuple[float, float], bottom: tuple[float, float], widths: list[float]) -> Points:
    line = np.linspace(top, bottom, 30)
    share = np.linspace(0, 1, 30)
    half = np.interp(share, np.linspace(0, 1, len(widths)), widths)[:, None] / 2
    way = np.asarray(bottom) - np.asarray(top)
    normal = np.asarray([way[1], -way[0]]) / np.hypot(*way)
    return np.vstack([line + normal * half, (line - normal * half)[::-1]])


def _round(centre: tuple[float, float], radius: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    found: Points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius + centre
    return found


def _knit(d: Drawing, left: float, right: float, top: float, bottom: float) -> str:
    return d.linear((left, top), (right, bottom), (0, p.MUSTARD_SHADE), (0.18, p.MUSTARD),
                    (0.42, p.MUSTARD_LIGHT), (0.72, p.MUSTARD), (1, p.MUSTARD_SHADE))  # fmt: skip


def upper() -> Drawing:
    """Draw the sleeve from the shoulder to the elbow."""
    d = Drawing()
    tube = _sleeve(SHOULDER, ELBOW, [108, 122, 118, 108])
    cap, bend = _round((SHOULDER[0] + 4, SHOULDER[1] + 4), 56), _round(ELBOW, 54)
    for part in (tube, cap, bend):
        d.raw(f'<path d="{path(part)}" fill="{p.INK}" stroke="{p.INK}" stroke-width="8"/>')
    paint = _knit(d, 320, 450, 1040, 1060)
    for part in (tube, cap, bend):
        d.shape(part, paint)
    clip = d.clip(path(tube) + path(cap))
    d.shape("M430 960 C446 1040 440 1120 420 1200 L470 1200 L470 960Z", p.MUSTARD_DEEP, opacity=0.35,
            blur=8, clip=clip)  # fmt: skip
    for fold in ("M346 1130 C366 1150 390 1156 412 1150", "M340 1160 C364 1184 392 1186 418 1172",
                 "M428 990 C420 1030 404 1060 386 1080"):  # fmt: skip
        d.ink(fold, 11, p.MUSTARD_DEEP, brush(0.4, 0.6), opacity=0.5, blur=1.2, clip=clip)
    d.ink("M362 920 C354 980 348 1050 344 1130", 12, "#ffe6a4", brush(0.4, 0.5), opacity=0.5,
          blur=3, clip=clip)  # fmt: skip
    return d


def lower() -> Drawing:
    """Draw the sleeve from the elbow to the wrist with its ribbed cuff."""
    d = Drawing()
    tube = _sleeve(ELBOW, (WRIST[0] + 2, WRIST[1] - 20), [106, 112, 104, 92])
    cuff = _sleeve((WRIST[0] + 4, WRIST[1] - 44), (WRIST[0], WRIST[1] + 14), [92, 84, 86])
    bend = _round(ELBOW, 53)
    side = brush(0.25, 0.0)
    # the edges are inked from below the elbow on, so that a straight arm shows no joint
    d.shape(bend, _knit(d, 306, 424, 1200, 1220))
    d.shape(tube, _knit(d, 306, 424, 1300, 1316))
    clip = d.clip(path(tube) + path(bend))
    d.shape("M420 1230 C424 1300 412 1380 396 1440 L440 1440 L440 1230Z", p.MUSTARD_DEEP,
            opacity=0.4, blur=8, clip=clip)  # fmt: skip
    for fold in ("M318 1240 C344 1262 376 1262 404 1244", "M326 1370 C344 1384 366 1386 386 1378",
                 "M322 1396 C344 1412 366 1412 388 1402"):  # fmt: skip
        d.ink(fold, 10, p.MUSTARD_DEEP, brush(0.4, 0.6), opacity=0.5, blur=1.2, clip=clip)
    d.ink("M328 1250 C320 1310 314 1370 312 1400", 11, "#ffe6a4", brush(0.4, 0.5), opacity=0.5,
          blur=3, clip=clip)  # fmt: skip
    half = len(tube) // 2
    for edge in (tube[:half], tube[half:][::-1]):
        d.ink(edge, 8, p.INK, side)
    d.raw(f'<path d="{path(cuff)}" fill="{p.INK}" stroke="{p.INK}" stroke-width="8"'
          ' stroke-linejoin="round"/>')  # fmt: skip
    d.shape(cuff, d.linear((300, 1430), (396, 1440), (0, "#c98a2c"), (0.4, "#f3bd5c"),
                           (1, p.MUSTARD_SHADE)))  # fmt: skip
    rim = d.clip(path(cuff))
    for step in range(9):
        x = 306 + step * 10
        d.ink(f"M{x + 4} {WRIST[1] - 48} L{x} {WRIST[1] + 18}", 3.4, p.MUSTARD_DEEP,
              brush(0.2, 0.2), opacity=0.6, clip=rim)  # fmt: skip
    return d


def _blunt(root: float = 1.0) -> Profile:
    """Return the width of a finger: nearly even, with a round end."""

    def width(t: Points) -> Points:
        end = np.sqrt(np.clip(1 - np.clip((t - 0.8) / 0.2, 0, 1) ** 2, 0, 1))
        found: Points = (root + (0.86 - root) * t) * end
        return found

    return width


def _hand(d: Drawing, palm: Points, fingers: list[tuple[Points, float]], front: int = 0) -> None:
    """Draw a hand: one outline round palm and fingers; the last `front` fingers lie on the palm."""
    x, y = WRIST
    shapes = [ribbon(spline(line, steps=14), width, _blunt()) for line, width in fingers]
    behind, before = shapes[: len(shapes) - front], shapes[len(shapes) - front :]
    paint = d.linear((x, y), (x - 4, y + 160), (0, p.SKIN_SHADE), (0.25, p.SKIN_WARM), (0.6, p.SKIN),
                     (1, p.SKIN_LIGHT))  # fmt: skip

    def outlined(parts: list[Points]) -> None:
        for part in parts:
            d.raw(f'<path d="{path(part)}" fill="{p.SKIN_INK}" stroke="{p.SKIN_INK}"'
                  ' stroke-width="8.5" stroke-linejoin="round"/>')  # fmt: skip
            if part is not palm:
                d.shape(part, paint)

    outlined([palm, *behind])
    for part in (palm, *behind):
        d.shape(part, paint)
    for part, (line, width) in zip(behind, fingers, strict=False):
        middle = spline(line, steps=14)
        d.ink(middle[6:] + (width * 0.22, 2), width * 0.3, p.SKIN_SHADE, brush(0.5, 0.4),
              opacity=0.45, clip=d.clip(path(part)))  # fmt: skip
    for part in before:
        outlined([part])
        d.shape(part, paint)


def _at(*offsets: tuple[float, float]) -> Points:
    return points(*offsets) + WRIST


def relaxed() -> Drawing:
    """Draw the hand that hangs down."""
    d = Drawing()
    palm = spline(_at((-30, -10), (-38, 30), (-36, 72), (-14, 92), (14, 90), (34, 66), (36, 28),
                      (30, -10)), closed=True)  # fmt: skip
    fingers = [
        (_at((-24, 66), (-32, 100), (-26, 136)), 24.0),
        (_at((-8, 72), (-14, 112), (-6, 156)), 26.0),
        (_at((8, 72), (6, 114), (14, 158)), 26.0),
        (_at((22, 66), (24, 104), (28, 140)), 25.0),
        (_at((26, 14), (44, 46), (44, 92)), 26.0),
    ]
    _hand(d, palm, fingers, front=1)
    return d


def open_hand() -> Drawing:
    """Draw the open hand with its fingers spread; it waves."""
    d = Drawing()
    palm = spline(_at((-28, -10), (-42, 30), (-44, 74), (-20, 92), (16, 92), (40, 72), (38, 28),
                      (28, -10)), closed=True)  # fmt: skip
    fingers = [
        (_at((32, 64), (50, 104), (58, 138)), 25.0),
        (_at((14, 72), (22, 126), (28, 166)), 27.0),
        (_at((-6, 74), (-8, 130), (-8, 176)), 28.0),
        (_at((-26, 70), (-38, 120), (-44, 160)), 27.0),
        (_at((-26, 14), (-62, 44), (-84, 84)), 29.0),
    ]
    _hand(d, palm, fingers)
    d.ink(_at((-34, 40), (-20, 60), (-22, 84)), 4.5, p.SKIN_DEEP, brush(0.4, 0.5), opacity=0.8)
    d.ink(_at((-26, 76), (4, 66), (30, 70)), 4, p.SKIN_DEEP, brush(0.4, 0.5), opacity=0.7)
    d.ellipse((WRIST[0] + 14, WRIST[1] + 40), (16, 20), p.BLUSH, opacity=0.22, blur=5)
    return d


def chin_hand() -> Drawing:
    """Draw the hand that holds the chin: fingers curled, the first one stretched."""
    d = Drawing()
    palm = spline(_at((-30, -10), (-44, 28), (-46, 70), (-26, 94), (10, 98), (38, 80), (42, 36),
                      (30, -10)), closed=True)  # fmt: skip
    fingers = [
        (_at((-30, 62), (-48, 108), (-46, 158)), 28.0),
        (_at((-20, 34), (-8, 84), (24, 104)), 30.0),
        (_at((2, 26), (16, 66), (44, 80)), 28.0),
        (_at((20, 18), (34, 46), (54, 54)), 25.0),
    ]
    _hand(d, palm, fingers, front=3)
    return d


def fist() -> Drawing:
    """Draw the loosely closed hand."""
    d = Drawing()
    palm = spline(_at((-30, -10), (-46, 26), (-48, 70), (-30, 96), (12, 100), (42, 86), (46, 40),
                      (30, -10)), closed=True)  # fmt: skip
    fingers = [
        (_at((-36, 40), (-42, 74), (-30, 100)), 27.0),
        (_at((-14, 44), (-18, 80), (-8, 108)), 28.0),
        (_at((8, 44), (8, 80), (14, 106)), 28.0),
        (_at((28, 40), (32, 72), (34, 96)), 26.0),
        (_at((-34, 24), (-4, 50), (22, 54)), 29.0),
    ]
    _hand(d, palm, fingers, front=5)
    return d
