"""Draws the neck, and Wren's clothes: top, cardigan and the headphones round the neck."""

from __future__ import annotations

import numpy as np

from .drawing import Drawing
from .geometry import brush, flatten, mirror, mirrored, noise
from .hair import star_outline
from .palette import Palette


def neck(p: Palette) -> Drawing:
    """Draw the neck with the chin's shadow, and the skin above the top's collar."""
    d = Drawing()
    shape = (
        "M548 640 C550 720 552 770 544 806 C530 836 480 852 430 866 L470 940 L600 980 L730 940 L770"
        " 866 C720 852 670 836 656 806 C648 770 650 720 652 640Z"
    )
    clip = d.clip(shape)
    d.shape(
        shape, d.linear((600, 690), (600, 960), (0, p.skin_shade), (0.4, p.skin_warm), (1, p.skin))
    )
    d.shape(
        "M530 640 L670 640 L668 770 C640 806 570 812 536 768Z",
        p.skin_deep,
        opacity=0.6,
        blur=5,
        clip=clip,
    )
    d.shape(
        "M530 640 L670 640 L668 742 C640 776 566 778 536 742Z",
        p.skin_deep,
        opacity=0.55,
        clip=clip,
        blur=1.5,
    )
    left = flatten("M549 660 C551 730 552 770 544 806 C534 830 500 846 462 858")
    for line in (left, mirrored(left)):
        d.ink(line, 6, p.skin_ink, brush(0.2, 0.4))
    for data in ("M566 872 C580 878 590 886 594 900", mirror("M566 872 C580 878 590 886 594 900")):
        d.ink(data, 4.5, p.skin_deep, brush(0.4, 0.5))
    return d


_TOP = (
    "M470 850 C500 900 550 926 600 928 C650 926 700 900 730 850 L790 872 C800 1000 786 1110 760"
    " 1230 C754 1330 780 1440 800 1604 L400 1604 C420 1440 446 1330 440 1230 C414 1110 400 1000 410"
    " 872Z"
)
_CARDIGAN = (
    "M466 838 C430 856 398 866 372 886 C346 906 336 950 344 1010 C362 1110 404 1180 406 1260"
    " C408 1380 366 1480 344 1604 L500 1604 C514 1470 524 1350 514 1240 C504 1120 496 980 470 880Z"
)
_EDGE = "M470 858 C498 980 508 1120 514 1240 C522 1350 514 1470 500 1604"
_BUTTONS = (1120, 1270, 1420)


def top(p: Palette) -> Drawing:
    """Draw the navy top with its stars, tucked into a rust-red skirt."""
    d = Drawing()
    clip = d.clip(_TOP)
    d.shape(
        _TOP, d.linear((480, 860), (700, 1500), (0, p.top_light), (0.4, p.top), (1, p.top_shade))
    )
    # the form: light on the chest, shade below it, creases at the waist
    d.ellipse((560, 1040), (130, 96), "#4d5a9c", opacity=0.5, blur=34, clip=clip)
    d.ellipse((600, 1190), (150, 46), "#0f1230", opacity=0.45, blur=22, clip=clip)
    for data in (
        "M500 1150 C528 1200 536 1250 526 1310",
        "M700 1140 C674 1196 668 1250 680 1320",
        "M566 1270 C578 1310 576 1350 566 1392",
        "M640 1250 C626 1300 628 1350 640 1390",
    ):
        d.ink(data, 13, "#0b0e26", brush(0.5, 0.6), opacity=0.5, blur=1, clip=clip)
        d.ink(
            flatten(data) + (-11, 2), 6, "#5c69ad", brush(0.5, 0.6), opacity=0.22, blur=2, clip=clip
        )
    for index in range(40):
        x, y = 450 + 300 * noise(index * 2), 968 + 430 * noise(index * 2 + 31)
        if index % 3 == 0:
            d.shape(star_outline((x, y), 10.5, 4.4, 40 * noise(index)), p.star, opacity=0.95)
        else:
            size = 1.6 + 2.4 * noise(index + 77)
            d.ellipse((x, y), (size, size), p.star, opacity=0.5 + 0.4 * noise(index + 5))
    # shadow that the chin and the headphones throw
    d.shape(
        "M440 850 L760 850 L740 950 C700 1010 640 1000 600 992 C560 1000 500 1010 460 950Z",
        "#0d1029",
        opacity=0.5,
        blur=12,
        clip=clip,
    )
    _skirt(p, d, clip)
    collar = (
        "M470 850 C500 900 550 926 600 928 C650 926 700 900 730 850 L742 866 C712 922 656 950"
        " 600 952 C544 950 488 922 458 866Z"
    )
    d.shape(collar, d.linear((500, 860), (680, 950), (0, "#525fa4"), (1, p.top)))
    d.contour(collar, 6, p.ink)
    d.contour(_TOP, 7, p.ink)
    return d


def _skirt(p: Palette, d: Drawing, clip: str) -> None:
    band = "M400 1404 C500 1424 700 1424 800 1404 L800 1456 C700 1478 500 1478 400 1456Z"
    d.shape(
        "M380 1420 L820 1420 L820 1620 L380 1620Z",
        d.linear(
            (420, 1420), (780, 1600), (0, p.accent_light), (0.4, p.accent), (1, p.accent_shade)
        ),
        clip=clip,
    )
    for x in (476, 536, 600, 664, 724):
        end = 600 + (x - 600) * 1.25
        d.shape(
            f"M{x} 1466 L{end - 16:.0f} 1620 L{end + 20:.0f} 1620Z",
            p.accent_shade,
            opacity=0.55,
            blur=2,
            clip=clip,
        )
        d.ink(f"M{x} 1462 L{end:.0f} 1610", 5, "#5b1d1f", brush(0.1, 0.1, 0.4), clip=clip)
    d.shape(
        "M400 1456 C500 1478 700 1478 800 1456 L800 1490 C700 1506 500 1506 400 1490Z",
        "#3d1216",
        opacity=0.5,
        blur=4,
        clip=clip,
    )
    d.shape(
        band,
        d.linear(
            (420, 1400), (780, 1470), (0, p.accent_light), (0.5, p.accent), (1, p.accent_shade)
        ),
        clip=clip,
    )
    for edge in ("M400 1404 C500 1424 700 1424 800 1404", "M400 1456 C500 1478 700 1478 800 1456"):
        d.ink(edge, 6, p.ink, brush(0, 0, 1), clip=clip)


def cardigan(p: Palette) -> Drawing:
    """Draw both halves of the open cardigan."""
    d = Drawing()
    _half(p, d, right=False)
    _half(p, d, right=True)
    return d


def _half(p: Palette, d: Drawing, *, right: bool) -> None:
    """Draw one half of the cardigan; the light comes from the left, so the halves differ."""
    flip = mirror if right else str
    shape = flip(_CARDIGAN)
    clip = d.clip(shape)
    start, end = ((690, 860), (860, 1560)) if right else ((350, 860), (520, 1560))
    d.shape(shape, d.linear(start, end, (0, p.jacket_light), (0.35, p.jacket), (1, "#c07a24")))
    # under the arm and towards the side it is dark
    d.shape(
        flip(
            "M330 960 C380 1080 446 1170 442 1280 C440 1400 404 1500 388 1610 L310 1610 L310 960Z"
        ),
        p.jacket_shade,
        opacity=0.85 if right else 0.65,
        blur=9,
        clip=clip,
    )
    d.shape(
        flip(
            "M330 1000 C372 1100 424 1180 420 1280 C418 1400 380 1500 360 1610 L310 1610 L310 960Z"
        ),
        p.jacket_deep,
        opacity=0.5,
        blur=3,
        clip=clip,
    )
    # the headphones' and the hair's shadow
    d.ellipse(
        (448 if not right else 752, 920), (74, 70), p.jacket_deep, opacity=0.5, blur=12, clip=clip
    )
    for fold in (
        "M398 960 C424 1030 446 1090 446 1150",
        "M424 1220 C450 1290 458 1370 444 1460",
        "M460 1030 C474 1090 480 1140 478 1190",
        "M436 1420 C444 1480 438 1540 426 1594",
    ):
        line = flatten(flip(fold))
        d.ink(line + (-9, 2), 10, "#ffe2a0", brush(0.4, 0.6), opacity=0.35, blur=2, clip=clip)
        d.ink(line, 12, p.jacket_deep, brush(0.4, 0.6), opacity=0.5, clip=clip, blur=0.8)
    edge = flatten(flip(_EDGE))
    inner = edge + ((36, 0) if right else (-36, 0))
    band = np.vstack([edge, inner[::-1]])
    d.shape(
        band,
        d.linear((0, 860), (0, 1600), (0, "#f9cc74"), (0.5, "#e5a440"), (1, "#c4802a")),
        clip=clip,
    )
    for step in range(86):
        row = int(step / 85 * (len(edge) - 1))
        d.ink(
            np.stack([edge[row], inner[row] + (0, 3)]),
            3,
            p.jacket_deep,
            brush(0.25, 0.25),
            opacity=0.4,
            clip=clip,
        )
    d.ink(inner, 4.5, p.jacket_deep, brush(0.1, 0.1, 0.5), opacity=0.85, clip=clip)
    if right:
        for y in _BUTTONS:
            x = float(np.interp(y, edge[:, 1], edge[:, 0])) + 18
            d.ellipse((x, y), (14, 14), p.ink)
            d.ellipse(
                (x, y),
                (11, 11),
                d.linear((x - 8, y - 9), (x + 8, y + 9), (0, p.charm_light), (1, p.charm)),
            )
            d.ellipse((x - 3.5, y - 4), (4, 3.4), "#ffffff", opacity=0.9)
            d.ellipse((x, y), (2.4, 2.4), p.ink)
    # the edge of a pocket
    d.ink(flip("M392 1452 C420 1462 446 1464 468 1460"), 6, p.jacket_deep, brush(0.2, 0.2))
    d.ink(
        flip("M392 1466 C420 1476 446 1478 467 1474"),
        3.5,
        p.jacket_deep,
        brush(0.2, 0.2),
        opacity=0.7,
    )
    d.contour(shape, 7.5, p.ink)


def headband(p: Palette) -> Drawing:
    """Draw the part of the headphones that runs behind the neck."""
    d = Drawing()
    line = flatten("M452 880 C440 800 520 770 600 770 C680 770 760 800 748 880")
    d.ink(line, 40, p.ink, brush(0, 0, 1))
    d.ink(line, 29, p.accent_shade, brush(0, 0, 1))
    d.ink(line + (0, -5), 9, p.accent, brush(0.2, 0.2), opacity=0.8)
    return d


def headphones(p: Palette) -> Drawing:
    """Draw the two cups that rest on the collar bones."""
    d = Drawing()
    for x, turn in ((456, 24), (744, -24)):
        y = 902
        sign = 1 if x < 600 else -1
        d.ellipse((x + 8 * sign, y + 12), (64, 74), "#1a0d16", opacity=0.4, blur=8, turn=turn)
        d.ellipse((x + 12 * sign, y), (52, 70), p.ink, turn=turn)
        d.ellipse((x + 12 * sign, y), (47, 65), p.accent_shade, turn=turn)
        d.ellipse((x, y), (56, 70), p.ink, turn=turn)
        d.ellipse(
            (x, y),
            (51, 65),
            d.linear(
                (x - 40, y - 50),
                (x + 40, y + 60),
                (0, "#fffaf0"),
                (0.5, p.cup),
                (1, p.cup_shade),
            ),
            turn=turn,
        )
        d.ellipse((x, y), (35, 47), p.ink, turn=turn)
        d.ellipse(
            (x, y),
            (32, 44),
            d.linear(
                (x - 30, y - 40),
                (x + 30, y + 40),
                (0, p.accent_light),
                (0.5, p.accent),
                (1, p.accent_shade),
            ),
            turn=turn,
        )
        d.shape(star_outline((x, y + 2), 24, 11, turn), p.star)
        d.ellipse((x - 18, y - 34), (11, 18), "#ffffff", opacity=0.75, blur=2, turn=turn + 24)
    return d
