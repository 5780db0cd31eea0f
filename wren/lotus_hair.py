"""Draws Xiaohe's hair: long and straight, cut to a fringe, with two buns and a lotus pin."""

from __future__ import annotations

import numpy as np

from .drawing import Drawing
from .geometry import Points, brush, flatten, lit_contour, mirror, mirrored, path, points, spline
from .hair import crown, lock
from .palette import Palette

_BACK = points(
    (600, 186), (480, 200), (396, 262), (346, 360), (330, 500), (322, 640), (312, 780), (300, 900),
    (316, 980), (400, 1010), (500, 1020), (600, 1024),
)  # fmt: skip


def back(p: Palette) -> Drawing:
    """Draw the hair behind her, down to below the shoulders."""
    d = Drawing()
    left = spline(_BACK)
    outline = np.vstack([left, mirrored(left)[::-1][1:]])
    d.shape(
        outline,
        d.linear((600, 180), (600, 1020), (0, p.hair_dark), (0.45, p.hair_deep), (0.8, p.hair_low),
                 (1, p.hair_dark)),
    )  # fmt: skip
    d.shape(lit_contour(outline, 8, 0.6), p.ink, even_odd=True)
    tones = (p.hair_deep, p.hair_dark, p.hair)
    rows = (
        (520, 540, 1046, 92), (460, 470, 1050, 100), (400, 398, 1044, 100), (352, 340, 1036, 96),
        (328, 286, 1000, 84),
    )  # fmt: skip
    for index, (x, tip_x, tip_y, width) in enumerate(rows):
        spine = points(
            (x + 24, 300), (x + 4, 440), (x - 8, 640), (x - 12, 800),
            ((x + tip_x) / 2 - 12, 930), (tip_x, tip_y),
        )  # fmt: skip
        for flip in (False, True):
            line = mirrored(spine) if flip else spine
            lock(p, d, line, width, tones=tones, root=0, peak=0.6, seed=index * 11 + 60 * flip)
    return d


def side(p: Palette, *, mirror: bool) -> Drawing:
    """Draw the locks that frame the face on one side: cut at the jaw, and two long strands."""
    d = Drawing()
    rows = (
        ((378, 300), (338, 440), (322, 590), (316, 730), (304, 850), (288, 930), 74),
        ((386, 300), (350, 430), (338, 560), (336, 690), (346, 800), (336, 900), 62),
        ((392, 310), (356, 410), (344, 510), (344, 600), (352, 668), (366, 716), 88),
        ((412, 320), (384, 410), (372, 500), (374, 580), (384, 640), (404, 684), 70),
    )
    for index, (*spine, width) in enumerate(rows):
        line = points(*spine)
        if mirror:
            line = mirrored(line)
            line[4:, 1] += (10, -16, 6, -8)[index]
        lock(
            p,
            d,
            line,
            float(width),
            root=0.4,
            peak=0.62,
            seed=310 + index * 7 + 40 * mirror,
            shine=0.3,
        )
    return d


_CAP = points(
    (350, 480), (330, 400), (338, 310), (384, 222), (466, 164), (560, 138), (640, 138), (734, 164),
    (816, 222), (862, 310), (870, 400), (850, 480), (800, 420), (740, 380), (670, 366), (600, 362),
    (530, 366), (460, 380), (400, 420),
)  # fmt: skip

_FRINGE: tuple[tuple[tuple[tuple[float, float], ...], float], ...] = (
    (((560, 170), (446, 226), (366, 320), (346, 430), (338, 548)), 76),
    (((640, 170), (754, 226), (834, 320), (854, 430), (862, 548)), 76),
    (((572, 170), (476, 230), (412, 310), (392, 390), (392, 478)), 92),
    (((628, 170), (724, 230), (788, 310), (808, 390), (808, 478)), 92),
    (((582, 170), (508, 234), (462, 310), (446, 390), (450, 470)), 92),
    (((618, 170), (692, 234), (738, 310), (754, 390), (750, 470)), 92),
    (((590, 170), (540, 236), (512, 312), (504, 390), (512, 464)), 90),
    (((610, 170), (660, 236), (688, 312), (696, 390), (688, 464)), 90),
    (((596, 170), (578, 240), (566, 314), (564, 390), (576, 470)), 86),
    (((606, 170), (624, 240), (636, 314), (640, 390), (630, 458)), 84),
    (((586, 172), (524, 250), (486, 330), (476, 400), (484, 482)), 26),
    (((614, 172), (672, 250), (712, 330), (722, 400), (716, 478)), 26),
    (((600, 172), (600, 250), (600, 330), (600, 400), (606, 480)), 24),
)


def front(p: Palette) -> Drawing:
    """Draw the crown, parted in the middle, and the even fringe."""
    parting = "M600 140 C602 156 602 172 600 200"
    return crown(p, _CAP, _FRINGE, root=0.3, peak=0.72, shine=0.5, seed=400, parting=parting)


def buns(p: Palette) -> Drawing:
    """Draw the two buns high on the head, each with a ribbon."""
    d = Drawing()
    for x, flip in ((404.0, False), (796.0, True)):
        _bun(p, d, x, flip=flip)
    return d


def _bun(p: Palette, d: Drawing, x: float, *, flip: bool) -> None:
    y, sign = 152.0, -1 if flip else 1
    angle = np.radians(np.linspace(0, 360, 48, endpoint=False))
    wobble = 1 + 0.025 * np.sin(5 * angle + (2 if flip else 0))
    outline: Points = np.stack([np.cos(angle) * 98 * wobble, np.sin(angle) * 92 * wobble], 1)
    outline = outline + (x, y)
    clip = d.clip(path(outline))
    d.shape(
        outline,
        d.radial((x - 30, y - 36), 140, (0, p.hair_light), (0.5, p.hair), (1, p.hair_dark)),
    )
    d.ellipse((x + 34, y + 46), (86, 60), p.hair_deep, opacity=0.4, blur=16, clip=clip)
    for turn in (0.0, 1.0, 2.0, 3.0, 4.0):  # strands are wound round its middle
        t = np.linspace(0, 1, 40)
        way = sign * (0.5 + 2.5 * t) + turn * 1.26
        radius = 92 - 74 * t
        wound: Points = np.stack([np.cos(way) * radius, np.sin(way) * radius * 0.94], 1) + (x, y)
        d.ink(wound, 5, p.hair_deep, brush(0.2, 0.5), opacity=0.75, clip=clip)
        d.ink(wound + (-4, -5), 6, p.hair_shine, brush(0.3, 0.6), opacity=0.22, clip=clip)
    d.ink(
        outline[27:38] * 0.86 + np.asarray((x, y)) * 0.14,
        13,
        p.hair_shine,
        brush(0.5, 0.5),
        opacity=0.7,
        blur=1.5,
        clip=clip,
    )
    d.contour(outline, 8, p.ink, least=0.55)
    # the ribbon round its foot
    foot = flatten("M318 214 C350 262 420 262 470 216")
    tails = ("M366 238 C340 280 322 318 326 362 L352 346 L366 372 C362 326 376 286 394 250Z",)
    for tail in tails:
        data = mirror(tail) if flip else tail
        d.shape(
            data, d.linear((0, 240), (0, 370), (0, p.accent), (0.5, p.accent_light), (1, p.accent))
        )
        d.contour(data, 5.5, p.ink, least=0.6)
    band = mirrored(foot) if flip else foot
    d.ink(band, 34, p.ink, brush(0.12, 0.12, 0.5))
    d.ink(band, 24, p.accent, brush(0.12, 0.12, 0.5))
    d.ink(band + (0, -4), 8, p.accent_light, brush(0.2, 0.2), opacity=0.9)


def pin(p: Palette) -> Drawing:
    """Draw the pin: a lotus flower, and a tassel that swings."""
    d = Drawing()
    x, y = 806.0, 340.0
    d.ink("M812 360 C822 400 822 430 818 456", 6, p.ink, brush(0, 0, 1))
    d.ink("M812 360 C822 400 822 430 818 456", 2.6, p.charm_light, brush(0, 0, 1))
    d.ellipse((818, 462), (11, 11), p.ink)
    d.ellipse((818, 462), (7.5, 7.5), p.charm)
    for step in range(-2, 3):
        d.ink(
            points((818 + step * 2, 470), (818 + step * 5, 500), (817 + step * 6, 540)),
            7,
            p.accent_shade if step % 2 else p.accent,
            brush(0.1, 0.3, 0.3),
        )
    for turn, length, broad, paint in (
        (-96, 62, 34, p.jacket), (96, 62, 34, p.jacket), (-58, 72, 40, p.jacket),
        (58, 72, 40, p.jacket), (-26, 76, 42, p.jacket_light), (26, 76, 42, p.jacket_light),
        (0, 70, 42, p.jacket_glow),
    ):  # fmt: skip
        leaf = petal((x, y + 26), length, broad, turn + 14)
        clip = d.clip(path(leaf))
        d.shape(leaf, paint)
        d.shape(leaf * 0.6 + np.asarray((x, y + 26)) * 0.4, p.jacket_shade, opacity=0.5, blur=6,
                clip=clip)  # fmt: skip
        d.contour(leaf, 5, p.ink, least=0.6)
    d.ellipse((x + 2, y + 24), (15, 11), p.ink)
    d.ellipse((x + 2, y + 23), (11, 8), "#ffd972")
    return d


def petal(foot: tuple[float, float], length: float, broad: float, turn: float) -> Points:
    """Return a pointed petal that stands on `foot`, turned by degrees from upright."""
    half = np.asarray([(0, 0), (0.34, -0.28), (0.5, -0.56), (0.3, -0.86), (0, -1.06)])
    right = spline(half, steps=8)
    both = np.vstack([right, (right * (-1, 1))[::-1][1:-1]]) * (broad, length)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    found: Points = both @ np.asarray([[c, s], [-s, c]]) + foot
    return found
