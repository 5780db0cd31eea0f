"""Draws Xiaohe's clothes: an ivory blouse with a stand-up collar, a jade skirt, a short jacket."""

from __future__ import annotations

import numpy as np

from .drawing import Drawing
from .geometry import brush, flatten, mirror, noise, points, spline
from .lotus_hair import petal
from .palette import Palette

_TOP = (
    "M470 850 C500 876 550 886 600 888 C650 886 700 876 730 850 L790 872 C800 1000 780 1110 752"
    " 1230 C750 1330 780 1440 800 1604 L400 1604 C420 1440 450 1330 448 1230 C420 1110 400 1000 410"
    " 872Z"
)
_JACKET = (
    "M466 838 C430 856 398 866 372 886 C346 906 336 950 344 1010 C356 1090 384 1150 392 1220"
    " C396 1262 396 1290 390 1330 C430 1352 470 1346 500 1318 C514 1290 512 1240 506 1180"
    " C496 1080 490 980 470 880Z"
)
_EDGE = (
    "M470 858 C490 970 500 1080 508 1180 C514 1240 516 1290 500 1318 C470 1346 430 1352 390 1330"
)


def top(p: Palette) -> Drawing:
    """Draw the blouse, closed slantwise, and the skirt with its sash."""
    d = Drawing()
    clip = d.clip(_TOP)
    d.shape(
        _TOP, d.linear((480, 860), (720, 1420), (0, p.top_light), (0.5, p.top), (1, p.top_shade))
    )
    d.ellipse((600, 1190), (150, 40), p.top_shade, opacity=0.6, blur=20, clip=clip)
    d.shape(
        "M440 850 L760 850 L740 930 C700 980 640 974 600 968 C560 974 500 980 460 930Z",
        "#7a5a62",
        opacity=0.4,
        blur=12,
        clip=clip,
    )
    for data in (
        "M506 1140 C530 1190 536 1230 528 1290",
        "M694 1130 C672 1186 668 1230 676 1290",
        "M572 1210 C580 1240 580 1260 574 1290",
    ):
        d.ink(data, 11, p.top_shade, brush(0.5, 0.6), opacity=0.9, blur=1, clip=clip)
    # the slanting edge with its piping and two knots
    line = flatten("M600 884 C612 930 660 960 712 980 C740 992 762 1000 790 1004")
    d.ink(line + (0, 9), 20, "#7a5a62", brush(0.1, 0.1), opacity=0.28, blur=4, clip=clip)
    d.ink(line, 17, p.ink, brush(0, 0, 1), clip=clip)
    d.ink(line, 10, p.accent, brush(0, 0, 1), clip=clip)
    for x, y in ((622, 918), (684, 968)):
        for sign in (-1, 1):
            knot = points((0, 0), (14, -13), (30, -4), (14, 8), (0, 0)) * (sign, 1)
            loop = spline(knot + (x, y))
            d.ink(loop, 9, p.ink, brush(0, 0, 1))
            d.ink(loop, 4.5, p.accent_light, brush(0, 0, 1))
        d.ellipse((x, y), (9, 9), p.ink)
        d.ellipse((x, y), (6, 6), p.charm_light)
    _lotus(p, d, (548, 1092), clip)
    _skirt(p, d, clip)
    d.contour(_TOP, 7, p.ink)
    return d


def _lotus(p: Palette, d: Drawing, foot: tuple[float, float], clip: str) -> None:
    """Embroider a lotus with its leaf and some petals that fall."""
    x, y = foot
    stalk = spline(points((0, 0), (-4, 40), (6, 84), (4, 130)) + foot)
    d.ink(stalk, 6, p.accent, brush(0, 0.2, 1), clip=clip)
    for turn, length, broad, paint in (
        (-84, 40, 26, p.jacket), (84, 40, 26, p.jacket), (-46, 52, 30, p.jacket),
        (46, 52, 30, p.jacket), (0, 56, 32, p.jacket_light),
    ):  # fmt: skip
        shape = petal(foot, length, broad, turn)
        d.shape(shape, paint, clip=clip)
        d.ink(np.vstack([shape, shape[:1]]), 2.4, p.jacket_shade, brush(0, 0, 1), clip=clip)
    d.ellipse((x + 36, y + 96), (44, 18), p.accent_light, opacity=0.85, clip=clip, turn=-12)
    rib = spline(points((4, 100), (38, 92), (74, 88)) + foot)
    d.ink(rib, 2.6, p.accent, brush(0.1, 0.4), clip=clip)
    for index in range(7):
        at = (500 + 200 * noise(index * 3 + 2), 1010 + 260 * noise(index * 5 + 9))
        shape = petal(at, 15, 11, 360 * noise(index + 40))
        d.shape(shape, p.star, opacity=0.8, clip=clip)


def _skirt(p: Palette, d: Drawing, clip: str) -> None:
    d.shape(
        "M380 1300 L820 1300 L820 1620 L380 1620Z",
        d.linear((420, 1300), (780, 1610), (0, p.accent_light), (0.45, p.accent),
                 (1, p.accent_shade)),
        clip=clip,
    )  # fmt: skip
    for x in (470, 520, 566, 634, 680, 730):
        end = 600 + (x - 600) * 1.4
        d.shape(
            f"M{x} 1350 L{end - 14:.0f} 1620 L{end + 22:.0f} 1620Z",
            p.accent_shade,
            opacity=0.5,
            blur=2,
            clip=clip,
        )
        d.ink(f"M{x} 1346 L{end:.0f} 1612", 5, "#17463b", brush(0.1, 0.1, 0.4), clip=clip)
    hem = flatten("M380 1560 C500 1584 700 1584 820 1560")
    d.ink(hem, 12, p.top_light, brush(0, 0, 1), opacity=0.75, clip=clip)
    band = "M420 1286 C500 1304 700 1304 780 1286 L782 1352 C700 1372 500 1372 418 1352Z"
    d.shape(
        band,
        d.linear(
            (430, 1280), (770, 1370), (0, p.jacket_light), (0.5, p.jacket), (1, p.jacket_shade)
        ),
        clip=clip,
    )
    for edge in ("M420 1286 C500 1304 700 1304 780 1286", "M418 1352 C500 1372 700 1372 782 1352"):
        d.ink(edge, 6, p.ink, brush(0, 0, 1), clip=clip)
    # the bow of the sash
    for data in (
        "M600 1330 C560 1290 516 1288 506 1322 C500 1356 560 1360 600 1336Z",
        "M600 1330 C640 1290 684 1288 694 1322 C700 1356 640 1360 600 1336Z",
        "M592 1340 C576 1400 560 1450 540 1500 L566 1496 L582 1520 C596 1460 604 1400 606 1342Z",
        "M604 1340 C624 1390 640 1430 668 1474 L644 1480 L634 1500 C612 1450 600 1400 598 1342Z",
    ):
        d.shape(
            data,
            d.linear((520, 1290), (680, 1500), (0, p.jacket_light), (0.5, p.jacket),
                     (1, p.jacket_shade)),
        )  # fmt: skip
        d.contour(data, 6, p.ink, least=0.5)
    d.ellipse((600, 1334), (20, 18), p.ink)
    d.ellipse((600, 1334), (15, 13), p.jacket)


def jacket(p: Palette) -> Drawing:
    """Draw both halves of the short jacket, which is open."""
    d = Drawing()
    _half(p, d, right=False)
    _half(p, d, right=True)
    return d


def _half(p: Palette, d: Drawing, *, right: bool) -> None:
    """Draw one half of the jacket; the light comes from the left, so the halves differ."""
    flip = mirror if right else str
    shape = flip(_JACKET)
    clip = d.clip(shape)
    start, end = ((690, 860), (840, 1360)) if right else ((350, 860), (500, 1360))
    d.shape(shape, d.linear(start, end, (0, p.jacket_light), (0.4, p.jacket), (1, p.jacket_dim)))
    d.shape(
        flip(
            "M330 960 C380 1080 436 1150 432 1240 C430 1300 410 1340 396 1380 L310 1380 L310 960Z"
        ),
        p.jacket_shade,
        opacity=0.8 if right else 0.6,
        blur=9,
        clip=clip,
    )
    d.ellipse(
        (752 if right else 448, 906), (80, 60), p.jacket_deep, opacity=0.35, blur=14, clip=clip
    )
    for fold in (
        "M398 960 C424 1030 446 1090 446 1150",
        "M424 1190 C444 1240 448 1280 440 1330",
        "M460 1030 C474 1090 480 1140 478 1190",
    ):
        line = flatten(flip(fold))
        d.ink(line + (-9, 2), 10, p.jacket_glow, brush(0.4, 0.6), opacity=0.4, blur=2, clip=clip)
        d.ink(line, 11, p.jacket_deep, brush(0.4, 0.6), opacity=0.4, clip=clip, blur=0.8)
    edge = flatten(flip(_EDGE))
    d.ink(edge, 64, p.jacket_deep, brush(0, 0, 1), opacity=0.35, clip=clip)
    d.ink(edge, 56, p.top_light, brush(0, 0, 1), clip=clip)
    d.ink(edge, 40, p.accent_light, brush(0, 0, 1), opacity=0.55, clip=clip)
    d.ink(edge, 32, p.top_light, brush(0, 0, 1), clip=clip)
    d.contour(shape, 7.5, p.ink)


def collar_back(p: Palette) -> Drawing:
    """Draw the part of the collar that is seen behind the neck."""
    d = Drawing()
    shape = "M512 800 C540 776 660 776 688 800 L694 850 L506 850Z"
    d.shape(shape, d.linear((600, 780), (600, 850), (0, p.top_shade), (1, "#9a8078")))
    d.contour(shape, 6, p.ink, least=0.6)
    return d


def collar(p: Palette) -> Drawing:
    """Draw the collar before the neck: two upright halves that meet in a notch, and a knot."""
    d = Drawing()
    left = (
        "M500 812 C526 850 562 868 598 872 L602 900 C556 902 500 890 462 856 C468 834 482 820 500"
        " 812Z"
    )
    for data in (left, mirror(left)):
        clip = d.clip(data)
        d.shape(data, d.linear((480, 810), (640, 900), (0, p.top_light), (1, p.top)))
        d.ink(data, 18, p.ink, brush(0, 0, 1), clip=clip)
        d.ink(data, 13, p.accent, brush(0, 0, 1), clip=clip)
        d.contour(data, 6, p.ink, least=0.6)
    d.ellipse((600, 888), (15, 15), p.ink)
    d.ellipse(
        (600, 888), (11, 11), d.linear((592, 878), (608, 898), (0, p.charm_light), (1, p.charm))
    )
    d.ellipse((596, 884), (3.4, 3), "#ffffff", opacity=0.9)
    return d
